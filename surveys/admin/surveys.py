"""A survey's page: the study, its languages, its texts, its guide and where it stands."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from surveys import previewing, publishing, support
from surveys.admin.drafting_pages import DraftingPages
from surveys.admin.forms import SurveyForm
from surveys.admin.inlines import ProfileInline, SectionInline, TextInline
from surveys.admin.links import survey_links
from surveys.admin.recruitment import PanelInline, QuotaInline
from surveys.admin.sentence_pages import worded
from surveys.languages import name
from surveys.models import GuideVersion, Participant, Survey
from surveys.planning import counterbalance

STUDY = ("The study", {"fields": ("title", "slug", "goal", "hypotheses")})
LANGUAGES = ("Languages", {"fields": ("languages", "fallback", "analysis_language")})
ORDER = ("Order, limits and experiment", {"fields": ("order", "most_minutes", "most_probes", "arms"), "classes": ("collapse",)})
SCREENING = ("Screening", {"fields": ("screening", "pass_if"), "classes": ("collapse",)})
STATUS = (
    "Status and budget",
    {"fields": ("status", "budget_usd", "most_live", "one_entry", "show_simulated", "prefer_people", "keep_care", "safety_contact")},
)
SMALL_CELLS = ("Small counts", {"fields": ("smallest_cell", "smallest_cell_reason"), "classes": ("collapse",)})
ANALYSIS = ("Analysis by a model", {"fields": ("code_from", "batches_allowed", "batches_consent"), "classes": ("collapse",)})


def _of_survey(rows: QuerySet[Any], figure: Any) -> Subquery:
    grouped = rows.filter(survey=OuterRef("pk")).order_by().values("survey").annotate(figure=figure).values("figure")
    return Subquery(grouped, output_field=IntegerField())


class SurveyAdmin(DraftingPages):
    form = SurveyForm
    list_display = ("title", "status", "spoken", "version", "participants_so_far", "pages")
    list_filter = ("status",)
    search_fields = ("title", "slug", "goal")
    actions = None
    prepopulated_fields = {"slug": ("title",)}  # noqa: RUF012 - Django's own way
    view_on_site = False

    class Media:
        css = {"all": ("css/admin.css",)}  # noqa: RUF012 - Django's own way

    # --- The list ----------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Survey]:
        participants = _of_survey(Participant.objects.exclude(origin=Participant.Origin.PREVIEW), Count("pk"))
        version = _of_survey(GuideVersion.objects.all(), Max("number"))
        surveys: QuerySet[Survey] = super().get_queryset(request)
        return surveys.annotate(participant_count=Coalesce(participants, 0), version_number=version)

    @admin.display(description="languages")
    def spoken(self, survey: Survey) -> str:
        return ", ".join(name(code) for code in survey.languages)

    @admin.display(description="current version", ordering="version_number", empty_value="not published")
    def version(self, survey: Any) -> Any:
        return survey.version_number

    @admin.display(description="participants", ordering="participant_count")
    def participants_so_far(self, survey: Any) -> int:
        return int(survey.participant_count)

    def pages(self, survey: Survey) -> SafeString:
        return format_html_join(" · ", '<a href="{}">{}</a>', survey_links(survey.slug))

    # --- The page: a survey is first named, then written ----------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Survey | None = None) -> Any:
        return (STUDY, LANGUAGES, STATUS, ANALYSIS, SMALL_CELLS, SCREENING, ORDER) if obj else (STUDY, LANGUAGES)

    def get_inlines(self, request: HttpRequest, obj: Survey | None) -> Any:
        return (TextInline, ProfileInline, SectionInline, PanelInline, QuotaInline) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Survey | None = None) -> Any:
        return {} if obj else self.prepopulated_fields

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        survey = kwargs.get("obj")
        if survey is not None:
            context |= self._guide_panel(survey)
        return super().render_change_form(request, context, *args, **kwargs)

    def _guide_panel(self, survey: Survey) -> dict[str, Any]:
        saved = Survey.objects.get(pk=survey.pk)  # the one at hand may hold what a refused form asked for
        current, problems = saved.current_version, publishing.problems(saved)
        differs = current is None or bool(problems) or publishing.sha256(publishing.draft(saved)) != current.sha256
        sections = saved.sections.prefetch_related("questions__wordings")
        return {
            "survey_links": survey_links(saved.slug),
            "current_version": current,
            "draft_differs": differs,
            "draft_problems": problems,
            "worded": list(worded(survey)),
            "previews": previewing.previews(saved),
            "balanced": counterbalance.balanced(saved.arms),
            "guide_sections": [(section, [(each, self._languages(each)) for each in section.questions.all()]) for section in sections],
        }

    def _languages(self, question: Any) -> str:
        return ", ".join(sorted(name(wording.language) for wording in question.wordings.all()))

    def save_model(self, request: HttpRequest, obj: Survey, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "smallest_cell" in form.changed_data:
            least = f"counts below {obj.smallest_cell} are kept back" if obj.smallest_cell else f"no count is kept back: {obj.smallest_cell_reason}"
            self.log_change(request, obj, f"From now on {least}")
        if "status" in form.changed_data and obj.takes_interviews and (unchecked := support.warning(obj)):
            messages.warning(request, unchecked)

    def response_add(self, request: HttpRequest, obj: Survey, post_url_continue: str | None = None) -> HttpResponse:
        messages.success(request, "The survey is created. Now write its texts, sections and questions.")
        return redirect("admin:surveys_survey_change", obj.pk)

    # --- Deleting: never what people have told us --------------------------------------------------------------------

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        survey = self.get_object(request, object_id)
        if survey is not None and previewing.previews(survey) == (count := survey.participants.count()) > 0:
            messages.error(request, "The survey has previews: delete them first.")
            return redirect("admin:surveys_survey_change", survey.pk)
        if survey is not None and count:
            people = "1 participant" if count == 1 else f"{count} participants"
            messages.error(request, f"The survey has {people}, so it cannot be deleted here. Set its status to “Closed” instead.")
            return redirect("admin:surveys_survey_change", survey.pk)
        return super().delete_view(request, object_id, extra_context)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, _, protected = super().get_deleted_objects(objs, request)
        # Without participants, a survey's versions and model calls are nobody's record: they go with it.
        return deleted, counts, set(), protected
