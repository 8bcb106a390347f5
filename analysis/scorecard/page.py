"""What the interviewer page shows: a survey's scorecard, groups side by side, and the interviews worst on a measure, in a researcher's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import F, FloatField
from django.db.models.functions import Cast
from django.urls import reverse

from analysis.links import Choice
from analysis.scorecard.comparison import Difference, differences
from analysis.scorecard.figures import FIELDS, By, Figure, Figures, Sums, figures, scored, sums_by, together
from analysis.scorecard.measures import FEWEST, MEASURES, Better, Measure, Score, Unit
from analysis.scorecard.records import Scorecard
from analysis.statistics import Interval
from interviewer.models import Interview
from surveys.languages import name
from surveys.models import Participant, Survey

TITLES = {By.ARM: "arm", By.MODEL: "model", By.PROMPT: "prompt version", By.LANGUAGE: "language", By.GUIDE: "guide version"}
TOO_FEW = "too few to say"
PER_PAGE = 50


@dataclass(frozen=True)
class Chosen:
    """What the address asks for. query: whose interviews, as an address has it: 'simulated', 'pilot'."""

    survey: Survey
    origins: frozenset[str]
    query: Mapping[str, str]
    by: By = By.NOTHING
    reference: str = ""

    def url(self, **asked: object) -> str:
        return f"{reverse('analysis:interviewer', args=[self.survey.slug])}?{urlencode({**self.query, **asked})}"

    def worst_url(self, measure: Measure, group: str | None = None) -> str:
        asked = {**self.query, "measure": measure.key} | ({} if group is None else {"by": self.by.value, "group": group})
        return f"{reverse('analysis:interviewer_worst', args=[self.survey.slug])}?{urlencode(asked)}"


@dataclass(frozen=True)
class Row:
    measure: Measure
    value: str
    interval: str
    some: str
    of: str
    n: int
    url: str


@dataclass(frozen=True)
class Cell:
    value: str
    interval: str
    difference: str
    marked: bool
    url: str


@dataclass(frozen=True)
class Group:
    label: str
    n: int
    is_reference: bool
    url: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class View:
    """few: groups with fewer than FEWEST interviews, which are not shown."""

    rows: tuple[Row, ...]
    scored: int
    unscored: int
    by: tuple[Choice, ...]
    title: str
    groups: tuple[Group, ...]
    few: int


def look(chosen: Chosen) -> View:
    groups = sums_by(chosen.survey, chosen.origins, chosen.by)
    every = figures(together(groups.values()))
    enough = {key: figures(sums) for key, sums in groups.items() if _n(sums) >= FEWEST} if chosen.by else {}
    done = every["turns"].n
    return View(
        rows=tuple(_row(chosen, figure) for figure in every.values()),
        scored=done,
        unscored=max(0, _finished(chosen) - done),
        by=tuple(Choice(title.capitalize(), chosen.url(by=by.value), by is chosen.by) for by, title in TITLES.items()),
        title=TITLES.get(chosen.by, ""),
        groups=tuple(_groups(chosen, enough)),
        few=len(groups) - len(enough) if chosen.by else 0,
    )


def _finished(chosen: Chosen) -> int:
    held_here = chosen.origins - {Participant.Origin.IMPORTED}
    over = Interview.objects.filter(participant__survey=chosen.survey, participant__origin__in=held_here)
    return over.exclude(status=Interview.Status.RUNNING).count()


def _n(sums: Mapping[str, Sums]) -> int:
    return sums["turns"].n


def _row(chosen: Chosen, figure: Figure) -> Row:
    measure = figure.measure
    some = worded(measure, figure.sums.some / figure.n) if figure.some else "–"
    return Row(
        measure=measure,
        value=worded(measure, figure.value),
        interval=worded_interval(measure, figure.interval),
        some=f"{some} ({worded_interval(measure, figure.some)})" if measure.is_share and measure.better is Better.LESS and figure.some else "",
        of=f"{figure.sums.of:,.0f} {measure.of}",
        n=figure.n,
        url=chosen.worst_url(measure),
    )


def _groups(chosen: Chosen, groups: Mapping[str, Figures]) -> list[Group]:
    """The largest first; compared with the reference asked for, or the largest."""
    if not groups:
        return []
    ranked = sorted(groups, key=lambda key: (-groups[key]["turns"].n, key))
    reference = chosen.reference if chosen.reference in groups else ranked[0]
    found = differences(groups, reference)
    return [
        Group(
            label=label(chosen.by, key),
            n=groups[key]["turns"].n,
            is_reference=key == reference,
            url=chosen.url(by=chosen.by.value, reference=key),
            cells=tuple(_cell(chosen, key, figure, found.get((key, figure.measure.key))) for figure in groups[key].values()),
        )
        for key in ranked
    ]


def _cell(chosen: Chosen, group: str, figure: Figure, difference: Difference | None) -> Cell:
    measure = figure.measure
    return Cell(
        value=worded(measure, figure.value),
        interval=worded_interval(measure, figure.interval),
        difference=worded_difference(measure, difference) if difference else "",
        marked=difference is not None and difference.marked,
        url=chosen.worst_url(measure, group),
    )


def label(by: By, key: str) -> str:
    if not key:
        return "no model" if by in (By.MODEL, By.PROMPT) else "none"
    return name(key) if by is By.LANGUAGE else f"version {key}" if by is By.GUIDE else key


def worded(measure: Measure, value: float | None) -> str:
    if value is None:
        return TOO_FEW
    return f"{value:.1%}" if measure.is_share else f"{value:.1f}"


def worded_interval(measure: Measure, interval: Interval | None) -> str:
    return f"{worded(measure, interval.low).rstrip('%')} to {worded(measure, interval.high)}" if interval else ""


def worded_difference(measure: Measure, difference: Difference) -> str:
    low, high = difference.interval
    if measure.is_share:
        return f"{difference.value * 100:+.1f} points ({low * 100:+.1f} to {high * 100:+.1f})"
    return f"{difference.value:+.1f} ({low:+.1f} to {high:+.1f})"


@dataclass(frozen=True)
class Line:
    """One measure of one interview."""

    measure: Measure
    value: str
    of: str


def lines(card: Scorecard) -> tuple[Line, ...]:
    return tuple(Line(measure, worded_score(measure, card.scores[measure.key]), _counted(measure, card.scores[measure.key])) for measure in MEASURES)


def worded_score(measure: Measure, score: Score) -> str:
    return "–" if score.value is None else f"{score.value:.0%}" if measure.is_share else f"{score.value:.1f}"


def _counted(measure: Measure, score: Score) -> str:
    return f"{score.part:g} of {score.of:g} {measure.of}" if measure.unit is Unit.SHARE and score.of else ""


def worst(chosen: Chosen, measure: Measure, group: str | None, page: str | None) -> Page[Any]:
    """The interviews in which there was something to measure, the worst first; where neither way is better, the highest."""
    found = scored(chosen.survey, chosen.origins).filter(**{f"{measure.key}_of__gt": 0}).select_related("interview__participant")
    if group is not None and chosen.by:
        found = found.filter(**{FIELDS[chosen.by]: group})
    part, of = F(f"{measure.key}_part"), F(f"{measure.key}_of")
    ranked = found.annotate(rate=Cast(part, FloatField()) / of)
    order = "rate" if measure.better is Better.MORE else "-rate"
    return Paginator(ranked.order_by(order, f"-{measure.key}_of", "pk"), PER_PAGE).get_page(page)
