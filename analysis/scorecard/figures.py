"""A survey's figures: each measure over its interviews, with an interval whose unit is the interview, not the turn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum

from analysis.scorecard.measures import FEWEST, MEASURES, Measure
from analysis.scorecard.records import Scorecard
from analysis.statistics import Interval, t_quantile, wilson
from surveys.models import Survey


class By(StrEnum):
    """What interviews are compared by."""

    NOTHING = ""
    ARM = "arm"
    MODEL = "model"
    PROMPT = "prompt"
    LANGUAGE = "language"
    GUIDE = "guide"


FIELDS = {
    By.ARM: "interview__arm",
    By.MODEL: "model",
    By.PROMPT: "prompt_version",
    By.LANGUAGE: "interview__language",
    By.GUIDE: "interview__guide_version__number",
}


class Sums(NamedTuple):
    """Of one measure over interviews in which there was something to measure. n: those; some: of them, those with a part above 0."""

    n: int = 0
    some: int = 0
    part: float = 0.0
    of: float = 0.0
    part2: float = 0.0
    of2: float = 0.0
    both: float = 0.0

    def with_(self, other: "Sums") -> "Sums":
        return Sums._make(mine + theirs for mine, theirs in zip(self, other, strict=True))


@dataclass(frozen=True)
class Figure:
    """value is None where fewer than FEWEST interviews stand behind it. n: interviews; of: what the measure counts, in all of them."""

    measure: Measure
    sums: Sums

    @property
    def n(self) -> int:
        return self.sums.n

    @property
    def value(self) -> float | None:
        return self.sums.part / self.sums.of if self.n >= FEWEST else None

    @property
    def interval(self) -> Interval | None:
        if self.value is None:
            return None
        return _of_a_share(self.sums) if self.measure.is_share else _of_a_ratio(self.sums)

    @property
    def some(self) -> Interval | None:
        """The share of interviews with at least one, by Wilson."""
        return wilson(self.sums.some, self.n) if self.n >= FEWEST else None


Figures = Mapping[str, Figure]


def _of_a_ratio(sums: Sums) -> Interval:
    half = t_quantile(sums.n - 1) * sqrt(_variance(sums))
    value = sums.part / sums.of
    return Interval(value - half, value + half)


def _of_a_share(sums: Sums) -> Interval:
    """Wilson's interval with as many independent people as the clustered sample is worth: its interviews where all or none of it holds."""
    share, variance = sums.part / sums.of, _variance(sums)
    if share in (0, 1) or variance <= 0:
        return wilson(share * sums.n, sums.n)
    worth = min(share * (1 - share) / variance, sums.of)
    return wilson(share * worth, worth)


def _variance(sums: Sums) -> float:
    """Of the ratio of two totals, interviews being drawn: W. G. Cochran (1977), Sampling techniques, 6.4, without finite correction."""
    ratio = sums.part / sums.of
    squares = sums.part2 - 2 * ratio * sums.both + ratio**2 * sums.of2
    return max(0.0, squares) * sums.n / (sums.n - 1) / sums.of**2


def figures(by_key: Mapping[str, Sums]) -> dict[str, Figure]:
    return {measure.key: Figure(measure, by_key[measure.key]) for measure in MEASURES}


def scored(survey: Survey, origins: Iterable[str]) -> QuerySet[Scorecard]:
    return Scorecard.objects.filter(interview__participant__survey=survey, interview__participant__origin__in=list(origins))


def sums_by(survey: Survey, origins: Iterable[str], by: By) -> dict[str, dict[str, Sums]]:
    """Group → measure → sums, in one query whatever the number of interviews. Without a `by`, all are the group ''."""
    wanted = {f"{measure.key}_{name}": value for measure in MEASURES for name, value in _aggregates(measure.key).items()}
    field = FIELDS.get(by)
    rows: Any = scored(survey, origins).order_by()
    rows = rows.values(field).annotate(**wanted) if field else [rows.aggregate(**wanted)]
    found = {str(row[field]) if field else "": row for row in rows}
    return {
        group: {measure.key: Sums(*(row[f"{measure.key}_{name}"] or 0 for name in _aggregates(measure.key))) for measure in MEASURES}
        for group, row in found.items()
    }


def _aggregates(key: str) -> dict[str, Any]:
    part, of = F(f"{key}_part"), F(f"{key}_of")
    measured = Q(**{f"{key}_of__gt": 0})
    return {
        "n": Count("pk", filter=measured),
        "some": Count("pk", filter=measured & Q(**{f"{key}_part__gt": 0})),
        "sum": Sum(part),
        "whole": Sum(of),
        "sum2": Sum(part * part),
        "whole2": Sum(of * of),
        "both": Sum(part * of),
    }


def together(groups: Iterable[Mapping[str, Sums]]) -> dict[str, Sums]:
    total = {measure.key: Sums() for measure in MEASURES}
    for group in groups:
        total = {key: sums.with_(group[key]) for key, sums in total.items()}
    return total
