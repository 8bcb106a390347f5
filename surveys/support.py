"""Where a participant who needs help is sent: a table of help lines by country and language, which researchers keep and check."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from surveys.languages import country_name, name
from surveys.models import Survey

MOST_SHOWN = 4


class SupportResource(models.Model):
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2, such as KE. Empty: anywhere.")
    language = models.CharField(max_length=16, blank=True, help_text="What is spoken there, such as sw. Empty: several or any.")
    name = models.CharField(max_length=200, help_text="As it is called there.")
    contact = models.CharField("phone or text", max_length=100, blank=True)
    url = models.URLField("web page", blank=True)
    note = models.CharField("hours, note", max_length=200, blank=True, help_text="In its language; participants read it.")
    checked_on = models.DateField(null=True, blank=True, help_text="When somebody last made sure that it is right. Empty: nobody has.")
    active = models.BooleanField(default=True, help_text="Shown to participants.")

    class Meta:
        ordering: ClassVar = ["country", "language", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(contact="") | ~models.Q(url=""), name="support_can_be_reached"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """'Arabic in Egypt', 'Kenya', 'anywhere'."""
        where = country_name(self.country) if self.country else ""
        spoken = name(self.language) if self.language else ""
        return f"{spoken} in {where}" if spoken and where else spoken or where or "anywhere"


def resources_for(country: str, language: str) -> tuple[SupportResource, ...]:
    """What is shown to someone there: the country's in their language, else the country's, else their language's, else those for anybody."""
    return choose(SupportResource.objects.filter(active=True, country__in=("", country.upper())).order_by("id"), country, language)


def choose(resources: Iterable[SupportResource], country: str, language: str) -> tuple[SupportResource, ...]:
    """Pure. Checked ones stand first."""
    base, there = language.split("-")[0], country.upper()
    listed = sorted(resources, key=lambda each: each.checked_on is None)
    levels = [(there, base), (there, None)] if there else []
    for where, spoken in (*levels, ("", base), ("", "")):
        found = [each for each in listed if each.country == where and spoken in (None, each.language.split("-")[0])]
        if found:
            return tuple(found[:MOST_SHOWN])
    return ()


def warning(survey: Survey) -> str:
    """What should be checked before people are asked, as a sentence; "" where everything they may be shown has been."""
    spoken = {code.split("-")[0] for code in survey.languages}
    may_be_shown = [each for each in SupportResource.objects.filter(active=True) if not each.language or each.language.split("-")[0] in spoken]
    if not may_be_shown:
        return "No support resource fits the languages offered: participants in need are shown words alone. Add some under Support resources."
    checked = {each.place for each in may_be_shown if each.checked_on}
    unchecked = sorted({each.place for each in may_be_shown} - checked)
    if not unchecked:
        return ""
    more = f" and {len(unchecked) - 6} more" if len(unchecked) > 6 else ""
    return f"Nobody has checked the support resources for: {', '.join(unchecked[:6])}{more}. Check those of your countries before people are asked."
