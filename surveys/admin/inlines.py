"""Rows edited inside another page, with what is still missing offered ready to fill in."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from surveys.admin.bases import TEXT_AREAS, ModelAdmin, StackedInline, TabularInline
from surveys.admin.forms import LanguageForm, PositionForm, SectionFormSet
from surveys.authorship import content_fields
from surveys.models import ProfileQuestion, Question, Section, Survey, SurveyText, Wording
from surveys.planning import approval


class PrefillingAdmin(ModelAdmin):
    """Hands its inlines' offers to their forms."""

    formfield_overrides = TEXT_AREAS

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for row, fields in formset.changed_objects:
            if isinstance(row, SurveyText | Wording) and set(fields) & set(content_fields(type(row))):
                approval.written_elsewhere(row, by=request.user)  # type: ignore[arg-type]  # the admin lets no anonymous user in

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        return kwargs | {"initial": inline.offered(request, obj)} if hasattr(inline, "offered") else kwargs


class PerLanguageInline(StackedInline):
    """One row a language; those of the survey's languages that are missing are offered."""

    form = LanguageForm
    formfield_overrides = TEXT_AREAS

    def survey(self, request: HttpRequest, obj: Any) -> Survey | None:
        raise NotImplementedError

    def written(self, obj: Any) -> set[str]:
        return set(self.model._default_manager.filter(**{self.parent_model._meta.model_name or "": obj}).values_list("language", flat=True))

    def offered(self, request: HttpRequest, obj: Any) -> list[dict[str, Any]]:
        survey, written = self.survey(request, obj), self.written(obj) if obj and obj.pk else set()
        return [{"language": code} for code in (survey.languages if survey else []) if code not in written]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return len(self.offered(request, obj))


class TextInline(PerLanguageInline):
    model = SurveyText
    classes = ("collapse",)
    exclude = ("sentences",)  # they have a page of their own

    def survey(self, request: HttpRequest, obj: Survey | None) -> Survey | None:
        return obj


class WordingInline(PerLanguageInline):
    model = Wording
    fields = ("language", "text", "probes", "options", ("low", "high"))

    def survey(self, request: HttpRequest, obj: Question | None) -> Survey | None:
        section = obj.section if obj and obj.section_id else section_asked_for(request)
        return section.survey if section else None


class OrderedInline(TabularInline):
    """Rows in an order; a new one is offered at the end."""

    form = PositionForm
    extra = 1

    def offered(self, request: HttpRequest, obj: Model | None) -> list[dict[str, Any]]:
        last = self.model._default_manager.filter(survey=obj).count() if obj and obj.pk else 0
        return [{"position": last + 1}]


class ProfileInline(OrderedInline):
    model = ProfileQuestion
    fields = ("field", "required", "position")


class SectionInline(OrderedInline):
    model = Section
    formset = SectionFormSet
    fields = ("key", "title", "order", "position")


def section_asked_for(request: HttpRequest) -> Section | None:
    """The section that an 'add question' link names."""
    wanted = request.GET.get("section", "")
    return Section.objects.select_related("survey").filter(pk=wanted).first() if wanted.isdecimal() else None
