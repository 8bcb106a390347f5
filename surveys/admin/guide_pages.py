"""What a researcher does with a survey's guide: publish it, take it away as YAML, bring it in as YAML."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from surveys import guide_yaml, publishing, support
from surveys.admin.forms import LoadGuideForm
from surveys.admin.inlines import PrefillingAdmin
from surveys.models import Survey


class GuidePages(PrefillingAdmin):
    """The pages beside a survey's change page."""

    admin_site: admin.AdminSite

    def get_urls(self) -> list[URLPattern]:
        def page(verb: str, view: Any) -> Any:
            return path(f"<int:pk>/{verb}/", self.admin_site.admin_view(view), name=f"surveys_survey_{verb}")

        return [page("publish", require_POST(self.publish)), page("yaml", self.yaml), page("load", self.load), *super().get_urls()]

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey = self._survey(request, pk, change=True)
        before = survey.current_version
        try:
            version = publishing.publish(survey, by=request.user)  # type: ignore[arg-type]  # admin_view lets no anonymous user in
        except publishing.DraftProblems as error:
            for problem in error.problems:
                messages.error(request, problem)
            return self._back(survey)
        if before is not None and version.pk == before.pk:
            messages.info(request, f"Nothing has changed since version {version.number}, so it stays the current one.")
        else:
            self.log_change(request, survey, f"Published version {version.number}.")
            messages.success(request, f"Version {version.number} is published. New interviews follow it; those begun keep theirs.")
        if unchecked := support.warning(survey):
            messages.warning(request, unchecked)
        return self._back(survey)

    def yaml(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey = self._survey(request, pk)
        try:
            text = guide_yaml.write(publishing.draft(survey))
        except publishing.DraftProblems as error:
            for problem in error.problems:
                messages.error(request, problem)
            return self._back(survey)
        disposition = f'attachment; filename="{survey.slug}.yaml"'
        return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers={"Content-Disposition": disposition})

    def load(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey = self._survey(request, pk, change=True)
        form = LoadGuideForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid() and self._loaded(form, survey):
            self.log_change(request, survey, "Replaced the draft by a guide in YAML.")
            messages.success(request, "The draft was replaced. Published versions stay as they are.")
            return self._back(survey)
        context = self.admin_site.each_context(request) | {"title": "Load YAML", "form": form, "survey": survey, "opts": self.opts}
        return TemplateResponse(request, "admin/surveys/survey/load.html", context, status=400 if form.errors else 200)

    def _loaded(self, form: LoadGuideForm, survey: Survey) -> bool:
        try:
            publishing.load(form.guide, slug=survey.slug, survey=survey)
        except publishing.DraftProblems as error:
            for problem in error.problems:
                form.add_error(None, problem)
            return False
        return True

    def _survey(self, request: HttpRequest, pk: int, *, change: bool = False) -> Survey:
        survey: Survey | None = self.get_object(request, str(pk))
        if survey is None:
            raise Http404
        if not (self.has_change_permission(request, survey) if change else self.has_view_permission(request, survey)):
            raise PermissionDenied
        return survey

    def _back(self, survey: Survey) -> HttpResponse:
        return redirect("admin:surveys_survey_change", survey.pk)
