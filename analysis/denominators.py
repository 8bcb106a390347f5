"""To whom the questions of a dimension were put, and to whom not: what a share of those coded leaves out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from analysis.codebook import Dimension
from analysis.quality.labels import PUT, Label
from analysis.quality.records import AnswerQuality
from surveys.models import Survey

GROUPS = {"put": PUT, "covered": (Label.COVERED,), "not_reached": (Label.NOT_REACHED,), "not_asked": (Label.NOT_ASKED,)}  # the first that holds


@dataclass(frozen=True)
class Reach:
    """People by what became of the questions for them, each counted once: put; else answered earlier; else not reached; else not asked."""

    put: int = 0
    covered: int = 0
    not_reached: int = 0
    not_asked: int = 0

    @property
    def labelled(self) -> int:
        return self.put + self.covered + self.not_reached + self.not_asked

    def __add__(self, other: "Reach") -> "Reach":
        return Reach(*(getattr(self, name) + getattr(other, name) for name in GROUPS))


def reach(survey: Survey, origins: Collection[str], questions: Collection[str]) -> dict[str, Reach]:
    """Country → the people there, by their quality labels; one query. Those set aside and those not labelled are not among them."""
    found = AnswerQuality.objects.filter(survey=survey, origin__in=origins, question__in=questions, interview__set_aside=None)
    counts, held = {}, list[Label]()
    for name, labels in GROUPS.items():
        held += labels
        counts[name] = Count("interview", distinct=True, filter=Q(label__in=list(held)))
    rows = found.order_by().values_list("country").annotate(**counts)
    return {country: Reach(*(n - before for n, before in zip(up_to, (0, *up_to), strict=False))) for country, *up_to in rows}


def everywhere(by_country: Mapping[str, Reach]) -> Reach:
    return sum(by_country.values(), Reach())


def sentence(dimension: Dimension, found: Reach, coded: int) -> str:
    """Whom the shares of a dimension are of; '' where it is coded from the whole interview or nobody is labelled."""
    if not dimension.questions or not found.labelled:
        return ""
    others = {"answered earlier": found.covered, "not reached": found.not_reached, "not asked": found.not_asked}
    left = "".join(f"; {n} {name}" for name, n in others.items() if n)
    about = ", ".join(dimension.questions)
    return f"Coded from the answers to {about}: asked of {found.put} of {found.labelled} people{left}. Shares are of the {coded} coded."
