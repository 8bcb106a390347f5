"""Screening questions: as fields of the form about the participant, and whether the answers let someone in."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys import routing
from surveys.guide import Guide, Kind, ProfileField, Question, Wording
from surveys.languages import digits
from surveys.models import Participant

PREFIX = "screening_"
MISSING = {"required": _("Please answer this question."), "invalid_choice": _("Please choose from the list.")}


def profile_of(participant: Participant) -> dict[str, str]:
    return {field.value: getattr(participant, field.value) for field in ProfileField}


def passes(guide: Guide, participant: Participant) -> bool:
    return routing.holds(guide.pass_if, participant.screening, profile_of(participant))


def fields(guide: Guide, language: str) -> dict[str, forms.Field]:
    return {PREFIX + question.key: _field(question, question.wordings[language], language) for question in guide.screening}


def answers(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields hold, by the questions' keys."""
    return {name.removeprefix(PREFIX): value for name, value in cleaned.items() if name.startswith(PREFIX)}


def labelled(guide: Guide, participant: Participant) -> list[tuple[str, str]]:
    """(question, answer) in the participant's language."""
    asked = [question for question in guide.screening if question.key in participant.screening]
    return [(_wording(each, participant).text, _answer(each, participant)) for each in asked]


def _wording(question: Question, participant: Participant) -> Wording:
    return question.wordings[participant.language]


def _answer(question: Question, participant: Participant) -> str:
    given = participant.screening[question.key]
    labels = dict(zip(question.options, _wording(question, participant).options, strict=True))
    return ", ".join(labels.get(str(value), str(value)) for value in (given if isinstance(given, list) else [given]))


def _field(question: Question, wording: Wording, language: str) -> forms.Field:
    about: dict[str, Any] = {"label": wording.text, "error_messages": MISSING}
    labels = list(zip(question.options, wording.options, strict=True))
    if question.kind is Kind.MULTIPLE:
        return forms.MultipleChoiceField(choices=labels, widget=forms.CheckboxSelectMultiple, **about)
    if question.kind is Kind.SINGLE:
        return forms.ChoiceField(choices=labels, widget=forms.RadioSelect, **about)
    if question.kind is Kind.SCALE and question.minimum is not None and question.maximum is not None:
        ends = {question.minimum: wording.low, question.maximum: wording.high}
        points = [(point, _point(point, ends.get(point, ""), language)) for point in range(question.minimum, question.maximum + 1)]
        return forms.TypedChoiceField(choices=points, coerce=int, widget=forms.RadioSelect, **about)
    return Number(min_value=question.minimum, max_value=question.maximum, widget=forms.NumberInput(attrs={"step": "any"}), **about)


def _point(point: int, label: str, language: str) -> str:
    number = digits(str(point), language)
    return f"{number} ({label})" if label else number


class Number(forms.FloatField):
    """A whole number stays one."""

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return int(number) if number is not None and number == int(number) else number
