"""Addresses that carry a question: who has this theme in this country, where does it stand on the map, what else can be chosen."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from surveys.models import Survey

UNSTATED_PARAMETER = "unstated"


@dataclass(frozen=True)
class Choice:
    label: str
    url: str
    chosen: bool


def people_url(survey: Survey, dimension: str, code: str = "", country: str | None = None, base: str = "") -> str:
    asked = {"dimension": dimension} | ({"base": base} if base else {})
    if code:
        asked["code"] = code
    if country is not None:
        asked["country"] = country or UNSTATED_PARAMETER
    return f"{reverse('analysis:quotes', args=[survey.slug])}?{urlencode(asked)}"


def theme_url(survey: Survey, dimension: str, code: str = "", base: str = "") -> str:
    asked = {"dimension": dimension} | ({"code": code} if code else {}) | ({"base": base} if base else {})
    return f"{reverse('analysis:findings', args=[survey.slug])}?{urlencode(asked)}#by-country"


def turn_url(survey: Survey, interview: int, turn: int | None = None) -> str:
    address = reverse("analysis:transcript", args=[survey.slug, interview])
    return f"{address}#turn-{turn}" if turn is not None else address
