"""The researcher's forms: a survey, its rows in several languages, a guide in YAML."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from surveys import batching, guide_yaml, publishing
from surveys.admin.bases import BaseInlineFormSet, ModelForm
from surveys.admin.yaml_field import YamlListField
from surveys.completeness import MOST_PROBES
from surveys.guide import Arm, Condition, Guide
from surveys.guide import Question as GuideQuestion
from surveys.languages import LANGUAGE_CHOICES, name
from surveys.models import Question, Survey

SPOKEN = [(code, own if own == name(code) else f"{own} ({name(code)})") for code, own in LANGUAGE_CHOICES]


class SurveyForm(ModelForm):
    arms = YamlListField(
        item=Arm,
        label="Arms of an experiment",
        help_text="YAML, one entry an arm: “- {key: fears_first, sections_first: [fears]}”; also leave_out (questions), weight, manner, model.",
    )
    screening = YamlListField(
        item=GuideQuestion,
        label="Screening questions",
        help_text="YAML, one entry a question, asked before the interview and required: “- {key: tea, kind: single, options: [yes, no], "
        "wordings: {en: {text: Do you drink tea?, options: [Yes, No]}}}”. Kinds: single, multiple, scale, number.",
    )
    pass_if = YamlListField(
        item=Condition,
        label="Takes part only if",
        help_text="YAML, all must hold, such as “- {question: tea, any_of: [yes]}”, “- {profile: country, any_of: [KE]}”. Empty: everyone passes. "
        "Nobody is told the reason.",
    )
    languages = forms.MultipleChoiceField(label="Languages offered", choices=SPOKEN, widget=forms.CheckboxSelectMultiple)
    fallback = forms.ChoiceField(
        label="First language", choices=SPOKEN, help_text="Used where none of the languages offered suits the participant. It is one of those ticked."
    )

    class Meta:
        model = Survey
        fields = (
            "title",
            "slug",
            "goal",
            "hypotheses",
            "languages",
            "analysis_language",
            "status",
            "budget_usd",
            "most_live",
            "one_entry",
            "order",
            "arms",
            "most_minutes",
            "most_probes",
            "show_simulated",
            "prefer_people",
            "code_from",
            "batches_allowed",
            "batches_consent",
            "screening",
            "pass_if",
            "smallest_cell",
            "smallest_cell_reason",
            "keep_care",
            "safety_contact",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.instance.languages or ["en"]
        self.initial.setdefault("languages", offered)
        self.initial["fallback"] = offered[0]

    def clean_status(self) -> str:
        status = str(self.cleaned_data["status"])
        if problem := publishing.status_problem(self.instance, status):
            raise forms.ValidationError(problem)
        return status

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("smallest_cell") == 0 and not cleaned.get("smallest_cell_reason", "").strip():
            self.add_error("smallest_cell_reason", "Say why no count need be kept back.")
        ticked, first = cleaned.get("languages"), cleaned.get("fallback")
        if not ticked or not first:
            return cleaned
        if first not in ticked:
            self.add_error("fallback", "The first language is not among the languages ticked.")
        before = [code for code in self.instance.languages if code in ticked]
        cleaned["languages"] = list(dict.fromkeys([first, *before, *ticked]))  # the order a guide had stays
        if cleaned.get("batches_allowed") and not batching.sentences(cleaned.get("batches_consent", "")):
            self.add_error("batches_consent", "Say which sentence of the consent text allows it.")
        return cleaned


class PrefilledForm(ModelForm):
    """A row offered for filling in: with nothing but the prefilled field in it, it counts as empty."""

    prefilled = ""

    def has_changed(self) -> bool:
        changed = set(self.changed_data)
        return bool(changed - {self.prefilled} if self.instance._state.adding else changed)


class LanguageForm(PrefilledForm):
    prefilled = "language"


class PositionForm(PrefilledForm):
    prefilled = "position"


class SectionFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and form.instance.questions.exists():
                raise forms.ValidationError(f"Section “{form.instance}” still has questions: move them to another section or delete them first.")


class QuestionForm(ModelForm):
    ask_if = YamlListField(
        item=Condition,
        label="Ask only if",
        help_text="YAML, all must hold, such as “- {question: often, any_of: [yes]}”, “- {profile: country, any_of: [KE]}”; also at_least, at_most.",
    )
    probe_budget = forms.IntegerField(
        min_value=0, max_value=MOST_PROBES, initial=2, help_text="The most follow-up questions the interviewer may ask here."
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        section, key = cleaned.get("section"), cleaned.get("key")
        if section and key and Question.objects.filter(section__survey=section.survey_id, key=key).exclude(pk=self.instance.pk).exists():
            self.add_error("key", "Another question of this survey has this key.")
        return cleaned


class LoadGuideForm(forms.Form):
    """A guide as a file or as text. What was read from a file comes back as text, so that it can be put right on the page."""

    file = forms.FileField(label="YAML file", required=False)
    text = forms.CharField(
        label="or YAML text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "cols": 120, "class": "vLargeTextField", "dir": "auto"}),
    )
    guide: Guide

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file: UploadedFile[Any] | None = cleaned.get("file")
        source = self._content(file) if file else cleaned.get("text", "").replace("\r\n", "\n")
        if not source.strip():
            raise forms.ValidationError("Choose a file, or put the guide into the text field.")
        try:
            self.guide = guide_yaml.read(source)
        except guide_yaml.GuideError as error:
            raise forms.ValidationError([forms.ValidationError(problem) for problem in error.problems]) from error
        return cleaned

    def _content(self, file: "UploadedFile[Any]") -> str | bytes:
        content: bytes = file.read(guide_yaml.MOST_BYTES + 1)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content  # the reader says what is wrong
        if len(content) > guide_yaml.MOST_BYTES:
            return content
        self.data = {**self.data.dict(), "text": text} if isinstance(self.data, QueryDict) else {**self.data, "text": text}
        return text
