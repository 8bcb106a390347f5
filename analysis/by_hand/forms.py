"""The forms that plan a sample, share it out and extend it."""

import secrets
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q

from analysis.by_hand.access import CODE
from analysis.codebook import CodebookDocument
from analysis.sampling.allocation import Method
from analysis.sampling.design import By, Design, Per
from analysis.sampling.sizes import Aim
from surveys.models import Survey

AIMS = [
    (Aim.PREVALENCE.value, "the share of people who have a code"),
    (Aim.AGREEMENT.value, "the agreement, in percent"),
    (Aim.KAPPA.value, "Cohen's kappa"),
]
PERS = [(Per.EVERYONE.value, "everyone together"), (Per.LANGUAGE.value, "each language on its own"), (Per.COUNTRY.value, "each country on its own")]
METHODS = [
    (Method.PROPORTIONAL.value, "Proportional: as many of a stratum as it is large"),
    (Method.EQUAL.value, "Equal: as many of each stratum"),
    (Method.NEYMAN.value, "Neyman: more where the model is least sure"),
]
BYS = [(By.LANGUAGE.value, "language"), (By.COUNTRY.value, "country"), (By.LABEL.value, "the model's code"), (By.BAND.value, "its confidence")]
MOST_SEED = 2**31


def percent(label: str, initial: float, *, least: float = 0, most: float = 100, help_text: str = "") -> forms.FloatField:
    return forms.FloatField(label=label, min_value=least, max_value=most, initial=initial, help_text=help_text)


class DesignForm(forms.Form):
    name = forms.CharField(max_length=100, help_text="What coders see.")
    dimensions = forms.MultipleChoiceField(label="Dimensions to code", widget=forms.CheckboxSelectMultiple)
    aim = forms.ChoiceField(label="The interval is wanted of", choices=AIMS, initial=Aim.PREVALENCE.value)
    half_width = percent("Half-width of the 95 % interval, in points", 5, least=0.5, most=50, help_text="± this many points; for kappa, hundredths.")
    per = forms.ChoiceField(label="For", choices=PERS, initial=Per.EVERYONE.value)
    expected = percent(
        "Expected share, agreement or kappa, in percent", 50, least=1, most=99, help_text="50 is the safest for a share or an agreement."
    )
    share = percent("How common the code is, in percent", 50, least=1, most=99, help_text="For kappa only.")
    by = forms.MultipleChoiceField(
        label="Strata by",
        choices=BYS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=[By.LANGUAGE.value, By.LABEL.value, By.BAND.value],
    )
    code = forms.ChoiceField(
        label="Strata by this code", required=False, help_text="Whether the model gave it. Otherwise: by the code it gave, the rarest of several."
    )
    method = forms.ChoiceField(label="Allocation", choices=METHODS, initial=Method.PROPORTIONAL.value)
    seed = forms.IntegerField(min_value=0, max_value=MOST_SEED, help_text="The same seed draws the same interviews again.")

    def __init__(self, *args: Any, survey: Survey, document: CodebookDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        self.fields["dimensions"].choices = [(each.key, each.title) for each in document.dimensions]  # type: ignore[attr-defined]
        codes = [(each.title, [(f"{each.key}:{code.key}", code.label) for code in each.codes]) for each in document.dimensions]
        self.fields["code"].choices = [("", "each code"), *codes]  # type: ignore[attr-defined]

    @classmethod
    def first(cls, survey: Survey, document: CodebookDocument) -> "DesignForm":
        """Filled in with what most begin with, so that the page shows a plan at once."""
        usual = {name: field.initial for name, field in cls.base_fields.items() if field.initial is not None}
        own = {
            "name": f"Sample {survey.coding_samples.count() + 1}",
            "dimensions": [document.dimensions[0].key],
            "seed": secrets.randbelow(MOST_SEED),
        }
        return cls(usual | own, survey=survey, document=document)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if self.survey.coding_samples.filter(name=name).exists():
            raise forms.ValidationError("The survey has a sample of that name.")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("code") and cleaned["code"].partition(":")[0] not in cleaned.get("dimensions", []):
            self.add_error("code", "It belongs to a dimension that is not to be coded.")
        return cleaned

    @property
    def design(self) -> Design:
        given = self.cleaned_data
        first, _, code = given["code"].partition(":")
        dimensions = sorted(given["dimensions"], key=lambda key: key != first)  # the strata rest on the first
        return Design(
            dimensions=tuple(dimensions),
            code=code,
            by=tuple(map(By, given["by"])),
            aim=Aim(given["aim"]),
            expected=given["expected"] / 100,
            share=given["share"] / 100,
            half_width=given["half_width"] / 100,
            per=Per(given["per"]),
            method=Method(given["method"]),
        )


def coders() -> Any:
    """The users who may code."""
    app, _, name = CODE.partition(".")
    may = Q(user_permissions__codename=name, user_permissions__content_type__app_label=app)
    may |= Q(groups__permissions__codename=name, groups__permissions__content_type__app_label=app) | Q(is_superuser=True)
    return User.objects.filter(may, is_active=True).distinct().order_by("username")


class AssignForm(forms.Form):
    coders = forms.ModelMultipleChoiceField(queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple, help_text="Whoever may code.")
    double = percent("Coded by two of them, in percent", 20, help_text="Spread over the strata, drawn by the seed.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coders"].queryset = coders()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("double") and len(cleaned.get("coders", ())) == 1:
            self.add_error("double", "Coding twice takes two coders: choose a second, or 0 percent.")
        return cleaned


class ExtendForm(forms.Form):
    half_width = percent("New half-width, in points", 3, least=0.5, most=50)


class HandOnForm(forms.Form):
    leaver = forms.ModelChoiceField(queryset=User.objects.none(), label="From")
    other = forms.ModelChoiceField(queryset=User.objects.none(), label="To")

    def __init__(self, *args: Any, sample: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        has = User.objects.filter(human_codings__unit__sample=sample, human_codings__adjudicates=False).distinct()
        self.fields["leaver"].queryset = has  # type: ignore[attr-defined]
        self.fields["other"].queryset = coders()  # type: ignore[attr-defined]
