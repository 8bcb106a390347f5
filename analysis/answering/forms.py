"""Forms of research questions: one asked or changed, versions begun, a person's wording."""

from typing import Any, ClassVar

from django import forms

from analysis.answering.records import Inquiry
from surveys.admin.bases import ModelForm
from surveys.models import Survey


class InquiryForm(ModelForm):
    """codes: 'dimension code' pairs, so that those for and against are of one dimension."""

    questions = forms.MultipleChoiceField(label="Only of those who were asked (none: everyone)", required=False)
    codes_for = forms.MultipleChoiceField(label="Codes for it, counted where no language model is set", required=False)
    codes_against = forms.MultipleChoiceField(label="Codes against it", required=False)

    class Meta:
        model = Inquiry
        fields = ("kind", "text", "questions", "codes_for", "codes_against")
        widgets: ClassVar = {"text": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        version, newest = survey.current_version, survey.codebooks.first()
        keys = [question.key for question in version.guide.questions] if version and version.content else []
        dimensions = newest.document.dimensions if newest else ()
        codes = [(f"{d.key} {code.key}", f"{d.title}: {code.label}") for d in dimensions for code in d.codes]
        for name, choices in (("questions", [(key, key) for key in keys]), ("codes_for", codes), ("codes_against", codes)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if self.instance.pk:
            for name in ("codes_for", "codes_against"):
                self.initial[name] = [f"{self.instance.dimension} {code}" for code in getattr(self.instance, name)]

    def clean_text(self) -> str:
        text = " ".join(self.cleaned_data["text"].split())
        if self.survey.inquiries.filter(text=text).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("This is asked already.")
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        pairs = [pair.split(" ") for name in ("codes_for", "codes_against") for pair in cleaned.get(name, ())]
        dimensions = {dimension for dimension, _ in pairs}
        if len(dimensions) > 1:
            self.add_error("codes_for", "Choose codes of one dimension.")
        if set(cleaned.get("codes_for", ())) & set(cleaned.get("codes_against", ())):
            self.add_error("codes_against", "A code cannot be both for and against.")
        self.instance.dimension = next(iter(dimensions), "")
        for name in ("codes_for", "codes_against"):
            cleaned[name] = [pair.split(" ")[1] for pair in cleaned.get(name, ())]
        return cleaned


class BeginForm(forms.Form):
    inquiries = forms.ModelMultipleChoiceField(Inquiry.objects.none(), label="Answer")
    size = forms.IntegerField(label="Interviews (empty: all)", min_value=1, required=False)
    seed = forms.IntegerField(label="Seed", min_value=1, max_value=2**32, initial=1)

    def __init__(self, data: Any, *, survey: Survey) -> None:
        super().__init__(data)
        field = self.fields["inquiries"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = survey.inquiries.all()
