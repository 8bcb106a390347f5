"""Pages beside the codebook versions: what differs between two, a draft to edit and publish, versions as files."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from analysis import changes, publishing, queueing
from analysis.codebook import CodebookDocument, Shape
from analysis.drafts import drafting, editing
from analysis.drafts.records import CodebookDraft, CodebookPreview
from analysis.exchange import formats
from analysis.models import CodebookVersion
from analysis.staleness import stale
from llm import model_for
from surveys.admin.bases import ModelAdmin
from surveys.models import Survey

NO_QUEUE = "There is no queue, so no worker hears of it: run manage.py analyse --survey {}."
FOLDER = "admin/analysis/codebookversion"
OVERTAKEN = "Someone else has saved the draft meanwhile. Nothing of yours was saved: this is what it is now."


class DraftPages(ModelAdmin):
    admin_site: admin.AdminSite

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Any, name: str) -> Any:
            return path(address, self.admin_site.admin_view(view), name=f"analysis_codebookversion_{name}")

        return [
            page("<int:pk>/difference/", self.difference, "difference"),
            page("<int:pk>/as/<slug:form>/", self.as_file, "file"),
            page("<int:pk>/edit/", require_POST(self.edit), "edit"),
            page("draft/<int:survey_pk>/", self.draft, "draft"),
            page("draft/<int:survey_pk>/publish/", require_POST(self.publish), "publish"),
            page("draft/<int:survey_pk>/discard/", require_POST(self.discard), "discard"),
            page("draft/<int:survey_pk>/<int:place>/", self.dimension, "dimension"),
            *super().get_urls(),
        ]

    def _page(self, request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
        common = self.admin_site.each_context(request) | {"opts": self.opts, "title": title}
        return TemplateResponse(request, f"{FOLDER}/{name}.html", common | context)

    def _may_edit(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied

    # --- Versions ----------------------------------------------------------------------------------------------------

    def difference(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = self._version(request, pk)
        others = CodebookVersion.objects.filter(survey=version.survey).exclude(pk=pk)
        asked = request.GET.get("with", "")
        before = others.filter(number=int(asked)).first() if asked.isdecimal() else others.filter(number__lt=version.number).first()
        if before is None:
            messages.info(request, "There is no earlier version to compare with.")
            return redirect("admin:analysis_codebookversion_change", pk)
        found = changes.compare(before.document, version.document)
        title = f"From version {before.number} to version {version.number}"
        return self._page(request, "difference", title, version=version, before=before, others=others, changes=found)

    def as_file(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        version = self._version(request, pk)
        if form not in formats.CONTENT_TYPES:
            raise Http404
        slug = version.survey.slug
        headers = {"Content-Disposition": f'attachment; filename="{slug}-codebook-{version.number}.{form}"'}
        text = formats.write(form, version.document, of=slug)
        return HttpResponse(text.encode(), content_type=f"{formats.CONTENT_TYPES[form]}; charset=utf-8", headers=headers)

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begins a draft from a version; one that is there already is kept."""
        version = self._version(request, pk)
        self._may_edit(request)
        if CodebookDraft.objects.filter(survey=version.survey).exists():
            messages.info(request, "The survey has a draft already: this is it. Discard it to begin anew.")
        else:
            drafting.begin(version.survey, version.document, version, request.user)  # type: ignore[arg-type]  # nobody anonymous gets here
        return redirect("admin:analysis_codebookversion_draft", version.survey_id)

    def _version(self, request: HttpRequest, pk: int) -> CodebookVersion:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(CodebookVersion.objects.select_related("survey"), pk=pk)

    # --- The draft ---------------------------------------------------------------------------------------------------

    def draft(self, request: HttpRequest, survey_pk: int) -> HttpResponse:
        draft = self._draft(request, survey_pk)
        if request.method == "POST":
            return self._saved(request, draft, _reordered(draft.content, request), "draft", survey_pk)
        document, problems = _checked(draft)
        base = draft.base
        return self._page(
            request,
            "draft",
            f"Draft codebook of {draft.survey}",
            draft=draft,
            survey=draft.survey,
            problems=problems,
            current=publishing.current(draft.survey),
            changes=changes.compare(base.document, document) if base and document else (),
            previews=CodebookPreview.objects.filter(survey=draft.survey)[:10],
        )

    def dimension(self, request: HttpRequest, survey_pk: int, place: int) -> HttpResponse:
        draft = self._draft(request, survey_pk)
        if place >= len(draft.content["dimensions"]):
            raise Http404
        if request.method == "POST":
            typed = editing.done(editing.from_form(request.POST), request.POST.get("do", ""), _picked(request))
            rows = list(draft.content["dimensions"])
            rows[place] = typed
            where = ("draft", survey_pk) if request.POST.get("do") == "back" else ("dimension", survey_pk, place)
            return self._saved(request, draft, draft.content | {"dimensions": rows}, *where)
        fields = draft.content["dimensions"][place]
        return self._page(
            request,
            "dimension",
            f"{fields['title']} ({fields['key']})",
            draft=draft,
            survey=draft.survey,
            dimension=fields,
            place=place,
            shapes=[shape.value for shape in Shape],
            problems=[problem for problem in _checked(draft)[1] if f"dimensions[{place}]" in problem or f"'{fields['key']}'" in problem],
        )

    def _saved(self, request: HttpRequest, draft: CodebookDraft, content: dict[str, Any], page: str, *where: Any) -> HttpResponse:
        revision = request.POST.get("revision", "")
        try:
            drafting.save(draft, content, revision=int(revision) if revision.isdecimal() else -1, by=request.user)  # type: ignore[arg-type]  # as above
        except drafting.Overtaken:
            messages.error(request, OVERTAKEN)
        return redirect(f"admin:analysis_codebookversion_{page}", *where)

    def publish(self, request: HttpRequest, survey_pk: int) -> HttpResponse:
        draft = self._draft(request, survey_pk)
        try:
            version = drafting.publish(draft, by=request.user)  # type: ignore[arg-type]  # as above
        except publishing.CodebookError as error:
            for problem in error.problems:
                messages.error(request, problem)
            return redirect("admin:analysis_codebookversion_draft", survey_pk)
        self.log_addition(request, version, [{"added": {}}])
        messages.success(request, f"Version {version.number} is the survey's codebook now.")
        if "again" in request.POST:
            self.code_again(request, version.survey)
        return redirect("admin:analysis_codebookversion_changelist")

    def code_again(self, request: HttpRequest, survey: Survey) -> None:
        """Hands over what is stale; who reads it hears whether a worker can."""
        ids = list(stale(survey, model_for("analyst").name))
        queueing.hand_over(ids)
        messages.success(request, f"{len(ids)} interviews wait to be coded with it.")
        if not settings.REDIS_URL:
            messages.warning(request, NO_QUEUE.format(survey.slug))

    def discard(self, request: HttpRequest, survey_pk: int) -> HttpResponse:
        self._draft(request, survey_pk).delete()
        messages.success(request, "The draft is discarded. Published versions stay as they are.")
        return redirect("admin:analysis_codebookversion_changelist")

    def _draft(self, request: HttpRequest, survey_pk: int) -> CodebookDraft:
        self._may_edit(request)
        return get_object_or_404(CodebookDraft.objects.select_related("survey", "base", "updated_by"), survey=survey_pk)


def _picked(request: HttpRequest) -> list[int]:
    return [int(place) for place in request.POST.getlist("pick") if place.isdecimal()]


def _checked(draft: CodebookDraft) -> tuple[CodebookDocument | None, list[str]]:
    try:
        return drafting.read(draft.content), []
    except publishing.CodebookError as error:
        return None, error.problems


def _reordered(content: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """The draft after a button of its page: a dimension added, moved or removed; the title as typed."""
    name, _, place = request.POST.get("do", "").partition("-")
    rows = list(content["dimensions"])
    if name == "add":
        rows = editing.with_new_dimension(rows)
    elif place.isdecimal() and int(place) < len(rows):
        at = int(place)
        rows = [*rows[:at], *rows[at + 1 :]] if name == "remove" else editing.moved(rows, at, {"up": -1, "down": 1}.get(name, 0))
    return content | {"title": request.POST.get("title", content["title"]).strip(), "dimensions": rows}
