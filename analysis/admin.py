"""What a researcher sees of the analysis in the admin: where each interview stands, and the codebook's versions."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from analysis import pipeline, publishing, queueing
from analysis.care.records import CareEvidence
from analysis.codebook import CodebookDocument
from analysis.drafts import drafting
from analysis.drafts.pages import NO_QUEUE
from analysis.drafts.preview_pages import PreviewPages
from analysis.exchange import formats
from analysis.models import CodebookVersion, InterviewAnalysis
from analysis.privacy import admin as privacy  # noqa: F401 - masks what lower pages show
from interviewer.admin import InterviewAdmin
from interviewer.models import Interview
from surveys.admin.bases import ModelAdmin
from surveys.admin.records import ReadOnly
from surveys.models import Survey


class HasEvidence(admin.SimpleListFilter):
    """On the list of interviews: those with something to look at in how answers were written, and those set aside."""

    title = "care"
    parameter_name = "care"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("evidence", "has evidence"), ("none", "none"), ("set_aside", "set aside")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Interview]) -> QuerySet[Interview]:
        seen = Exists(CareEvidence.objects.filter(interview=OuterRef("pk")))
        chosen = {"evidence": Q(seen), "none": ~Q(seen), "set_aside": Q(set_aside__isnull=False)}.get(self.value() or "", Q())
        return queryset.filter(chosen)


InterviewAdmin.list_filter = (*InterviewAdmin.list_filter, HasEvidence)


@admin.register(InterviewAnalysis)
class InterviewAnalysisAdmin(ReadOnly, ModelAdmin):
    list_display = ("interview", "survey", "status", "step", "short_error", "attempts", "updated_at")
    list_filter = ("status", "step", "interview__participant__survey")
    list_select_related = ("interview__participant__survey",)
    search_fields = ("error", "interview__participant__external_id")
    search_help_text = "Part of an error, or a participant's external id"
    show_full_result_count = False
    actions = ("analyse_again",)
    fields = ("transcript", "survey", "status", "step", "error", "attempts", "updated_at", "steps")

    @admin.display(ordering="interview__participant__survey")
    def survey(self, row: InterviewAnalysis) -> Survey:
        return row.interview.participant.survey

    @admin.display(description="error")
    def short_error(self, row: InterviewAnalysis) -> str:
        return row.error if len(row.error) <= 80 else f"{row.error[:79]}…"

    @admin.display(description="interview")
    def transcript(self, row: InterviewAnalysis) -> SafeString:
        address = reverse("analysis:transcript", args=[row.interview.participant.survey.slug, row.interview_id])
        return format_html('<a href="{}">{}</a>', address, row.interview)

    @admin.display(description="steps")
    def steps(self, row: InterviewAnalysis) -> SafeString:
        """Each step's result with what it was made from."""
        lines = format_html_join(
            "",
            "<tr><th>{}</th><td>{}</td><td>{}</td></tr>",
            ((result.step, result.at.strftime("%Y-%m-%d %H:%M"), _made_from(result)) for result in row.interview.step_results.order_by("pk")),
        )
        return format_html("<table><thead><tr><th>Step</th><th>At (UTC)</th><th>Made from</th></tr></thead><tbody>{}</tbody></table>", lines)

    def has_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("analysis.change_interviewanalysis")

    @admin.action(description="Analyse again", permissions=["again"])
    def analyse_again(self, request: HttpRequest, rows: QuerySet[InterviewAnalysis]) -> None:
        ids = list(rows.exclude(status=InterviewAnalysis.Status.RUNNING).values_list("interview_id", flat=True))
        slugs = sorted(set(rows.values_list("interview__participant__survey__slug", flat=True)))
        count = pipeline.again(ids)
        queueing.hand_over(ids)
        messages.success(request, f"{count} waiting. Steps whose results are fresh are skipped.")
        if not settings.REDIS_URL:
            messages.warning(request, NO_QUEUE.format(" or ".join(slugs)))


def _made_from(result: Any) -> str:
    dropped = [f"quotes dropped: {result.quotes_dropped}"] if result.quotes_dropped else []
    parts = [f"{name.replace('_', ' ')}: {str(value)[:60]}" for name, value in result.made_from.items()]
    return ", ".join(parts + dropped)


class LoadCodebookForm(forms.Form):
    survey = forms.ModelChoiceField(Survey.objects.all())
    file = forms.FileField(required=False, help_text="YAML, CSV or REFI-QDA (.qdc). Not needed to start from hopes and fears.")
    again = forms.BooleanField(label="Code the survey's interviews with it now", required=False)

    document: CodebookDocument

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "start" not in self.data and not cleaned.get("file") and not self.errors:
            self.add_error("file", "Choose a file.")
        if self.errors:
            return cleaned
        chosen = None if "start" in self.data else cleaned["file"]
        try:
            self.document = formats.read(chosen.name, chosen.read()) if chosen else publishing.read(publishing.HOPES_AND_FEARS.read_bytes())
        except publishing.CodebookError as error:
            self.add_error(None if "start" in self.data else "file", [forms.ValidationError(problem) for problem in error.problems])
        return cleaned


@admin.register(CodebookVersion)
class CodebookVersionAdmin(ReadOnly, PreviewPages):
    list_display = ("__str__", "survey", "number", "title", "created_at", "created_by", "draft_begun")
    list_filter = ("survey",)
    list_select_related = ("survey__codebook_draft", "created_by")
    fields = ("survey", "number", "sha256", "created_at", "created_by", "as_yaml")

    class Media:
        css = {"all": ("css/admin.css",)}  # noqa: RUF012 - Django's own way

    @admin.display(description="title")
    def title(self, version: CodebookVersion) -> str:
        return str(version.content.get("title", ""))

    @admin.display(description="draft")
    def draft_begun(self, version: CodebookVersion) -> SafeString | str:
        """A link to the draft beside the version that it was begun from."""
        draft = getattr(version.survey, "codebook_draft", None)
        if draft is None or draft.base_id != version.pk:
            return ""
        return format_html('<a href="{}">Draft</a>', reverse("admin:analysis_codebookversion_draft", args=[version.survey_id]))

    @admin.display(description="codebook")
    def as_yaml(self, version: CodebookVersion) -> SafeString:
        return format_html('<pre dir="auto">{}</pre>', publishing.write(version.document))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("analysis.add_codebookversion")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """A version is not typed in here: it is read from YAML, or started from the codebook that comes with the program."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = LoadCodebookForm(request.POST or None, request.FILES or None, initial={"survey": request.GET.get("survey")})
        if request.method == "POST" and form.is_valid():
            return self._drafted(request, form) if "draft" in request.POST else self._loaded(request, form)
        context = self.admin_site.each_context(request) | {"title": "New codebook version", "form": form, "opts": self.opts}
        return TemplateResponse(request, "admin/analysis/codebookversion/load.html", context, status=400 if form.errors else 200)

    def _drafted(self, request: HttpRequest, form: LoadCodebookForm) -> HttpResponse:
        survey = form.cleaned_data["survey"]
        drafting.begin(survey, form.document, publishing.current(survey), request.user)  # type: ignore[arg-type]  # nobody anonymous gets here
        return HttpResponseRedirect(reverse("admin:analysis_codebookversion_draft", args=[survey.pk]))

    def _loaded(self, request: HttpRequest, form: LoadCodebookForm) -> HttpResponse:
        survey, before = form.cleaned_data["survey"], publishing.current(form.cleaned_data["survey"])
        version = publishing.save_version(survey, form.document, by=request.user)  # type: ignore[arg-type]  # nobody anonymous gets here
        if before and before.pk == version.pk:
            messages.info(request, f"Nothing has changed since version {version.number}, so it stays the current one.")
        else:
            self.log_addition(request, version, [{"added": {}}])
            messages.success(request, f"Version {version.number} is the survey's codebook now.")
        if form.cleaned_data["again"]:
            self.code_again(request, survey)
        return HttpResponseRedirect(reverse("admin:analysis_codebookversion_changelist"))
