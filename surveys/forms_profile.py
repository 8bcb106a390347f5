"""The questions about the participant that a guide asks before the interview, as a form in their language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from surveys import screening
from surveys.guide import Guide, ProfileField
from surveys.languages import countries, digits
from surveys.models import Participant

AGE_BANDS = [
    ("under-18", _("Under 18")),
    ("18-24", "18–24"),
    ("25-34", "25–34"),
    ("35-44", "35–44"),
    ("45-54", "45–54"),
    ("55-64", "55–64"),
    ("65+", _("65 or older")),
]
GENDERS = [("woman", _("Woman")), ("man", _("Man")), ("non-binary", _("Non-binary")), ("other", _("Other"))]
LABELS = {
    ProfileField.COUNTRY: _("Country where you live"),
    ProfileField.AGE_BAND: _("Age"),
    ProfileField.GENDER: _("Gender"),
    ProfileField.OCCUPATION: _("Occupation"),
}
AUTOCOMPLETE = {ProfileField.COUNTRY: "country", ProfileField.GENDER: "sex", ProfileField.OCCUPATION: "organization-title"}


class ProfileForm(forms.Form):
    use_required_attribute = True

    def __init__(self, guide: Guide, language: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        choices: dict[ProfileField, Sequence[tuple[str, Any]]] = {
            ProfileField.COUNTRY: countries(language),
            ProfileField.AGE_BAND: [(band, digits(str(label), language)) for band, label in AGE_BANDS],
            ProfileField.GENDER: GENDERS,
        }
        for question in guide.profile:
            self.fields[question.field.value] = _field(question.field, question.required, choices.get(question.field))
        self.fields |= screening.fields(guide, language)

    def save(self, participant: Participant) -> None:
        """Keeps the answers, once: of a form that is sent again, by going back or from another tab, nothing is taken."""
        profile = {name: value for name, value in self.cleaned_data.items() if not name.startswith(screening.PREFIX)}
        given = profile | {"screening": screening.answers(self.cleaned_data), "profiled_at": timezone.now()}
        Participant.objects.filter(pk=participant.pk, profiled_at=None).update(**given)
        participant.refresh_from_db(fields=list(given))


def _field(field: ProfileField, required: bool, choices: Sequence[tuple[str, Any]] | None) -> forms.Field:
    attrs = {"autocomplete": AUTOCOMPLETE[field]} if field in AUTOCOMPLETE else {}
    missing = {"required": _("Please answer this question."), "invalid_choice": _("Please choose from the list.")}
    if choices is None:
        text = forms.TextInput(attrs={**attrs, "dir": "auto"})
        return forms.CharField(label=LABELS[field], required=required, max_length=200, widget=text, error_messages=missing)
    nothing = ("", _("Please choose") if required else _("Prefer not to say"))
    return forms.ChoiceField(
        label=LABELS[field], required=required, choices=[nothing, *choices], widget=forms.Select(attrs=attrs), error_messages=missing
    )
