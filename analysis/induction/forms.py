"""The form that begins a round."""

from typing import Any

from django import forms

from analysis.codebook import Shape
from analysis.induction import drawing
from surveys.models import Survey, key_validator

NEW = "(new)"


class RoundForm(forms.Form):
    """For a new dimension or one of the codebook, whose codes the candidates are then compared with."""

    dimension = forms.ChoiceField(label="Codes for")
    key = forms.CharField(label="Key of the new dimension", required=False, max_length=50, validators=[key_validator])
    title = forms.CharField(label="Its title", required=False, max_length=200)
    about = forms.CharField(label="What is looked for, in a sentence", required=False, max_length=1000)
    questions = forms.MultipleChoiceField(label="Answers to these questions (none: the whole interview)", required=False)
    size = forms.IntegerField(label="Interviews", min_value=1, max_value=2000, initial=40)
    only_other = forms.BooleanField(label="First those in which no code of the dimension was found", required=False)
    seed = forms.IntegerField(label="Seed (empty: any)", required=False, min_value=0, max_value=2**32)

    def __init__(self, data: Any, *, survey: Survey) -> None:
        super().__init__(data)
        self.survey = survey
        newest = survey.codebooks.first()
        document = newest.document if newest else None
        self.dimensions = {each.key: each for each in document.dimensions if each.shape is not Shape.ORDINAL} if document else {}
        choices = [(NEW, "a new dimension"), *((key, each.title) for key, each in self.dimensions.items())]
        self._choose("dimension", choices)
        version = survey.current_version
        keys = [question.key for question in version.guide.questions] if version and version.content else []
        self._choose("questions", [(key, key) for key in keys])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("dimension") == NEW:
            for name in ("key", "title"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, "A new dimension needs this.")
            if cleaned.get("key") in self.dimensions:
                self.add_error("key", "The codebook has a dimension with this key.")
        return cleaned

    def round_fields(self) -> dict[str, Any]:
        """Questions of a dimension that is in the codebook are its own, where it names any."""
        given = self.cleaned_data
        fields = {"about": given["about"], "questions": given["questions"], "only_other": given["only_other"]}
        if given["dimension"] == NEW:
            return fields | {"dimension": given["key"], "title": given["title"]}
        chosen = self.dimensions[given["dimension"]]
        own = {"questions": list(chosen.questions) or given["questions"], "about": given["about"] or chosen.instruction}
        return fields | own | {"dimension": chosen.key, "title": chosen.title}

    def preferred(self) -> set[int]:
        asked = self.round_fields()
        return drawing.uncovered(self.survey, asked["dimension"], asked["questions"]) if asked["only_other"] else set()
