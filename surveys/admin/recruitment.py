"""Where participants come from, as a researcher sets it up: the panel and the quotas on a survey's page, and the list of all quotas."""

from typing import Any

from django import forms

from surveys.admin.bases import ModelAdmin, ModelForm, StackedInline, TabularInline
from surveys.admin.records import ReadOnly
from surveys.admin.yaml_field import YamlListField
from surveys.guide import Condition
from surveys.models import Survey
from surveys.recruitment import Panel, Quota, Result


class PanelInline(StackedInline):
    model = Panel
    extra = 0
    classes = ("collapse",)
    fields = ("kind", ("id_parameter", "session_parameter"), *Result.values)
    verbose_name_plural = "panel"


class QuotaForm(ModelForm):
    conditions = YamlListField(
        item=Condition,
        label="counts",
        help_text="YAML, all must hold: “- {profile: country, any_of: [KE]}”, “- {question: KEY, …}”. Empty: all.",
    )

    class Meta:
        model = Quota
        fields = ("name", "conditions", "limit")

    def clean_conditions(self) -> list[dict[str, Any]]:
        conditions: list[dict[str, Any]] = self.cleaned_data["conditions"]
        asked = _asked_for_screening(self.instance.survey) if self.instance.survey_id else set()
        if unknown := [each["question"] for each in conditions if each.get("question") and each["question"] not in asked]:
            raise forms.ValidationError(f"There is no screening question “{unknown[0]}”.")
        return conditions

    def clean_limit(self) -> int:
        limit: int = self.cleaned_data["limit"]
        now = Quota.objects.filter(pk=self.instance.pk).first()
        if now and limit < now.filled:
            raise forms.ValidationError(f"{now.filled} places are filled ({now.completed} completed, {now.reserved} in interviews): not below that.")
        return limit


def _asked_for_screening(survey: Survey) -> set[str]:
    published = [version.content.get("screening", []) for version in survey.versions.all()]
    return {question["key"] for questions in (survey.screening, *published) for question in questions}


class QuotaInline(TabularInline):
    model = Quota
    form = QuotaForm
    extra = 0
    classes = ("collapse",)
    fields = ("name", "conditions", "limit", "completed", "reserved", "full_since")
    readonly_fields = ("completed", "reserved", "full_since")


class QuotaAdmin(ReadOnly, ModelAdmin):
    list_display = ("name", "survey", "limit", "completed", "reserved", "full_since")
    list_filter = ("survey",)
    list_select_related = ("survey",)
