"""What the page of agreement shows: a dimension's codes, one of them by language and country, and whether the same words were marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse

from analysis.agreement import Estimate, Result, TooFew
from analysis.codebook import Dimension
from analysis.links import Choice
from analysis.reliability.both_ways import BothWays, Shares
from analysis.reliability.comparing import Between, By
from analysis.reliability.computing import Figures, Table
from analysis.reliability.flipping import FlipRow
from analysis.wording import country
from surveys.languages import name
from surveys.models import Survey

TOO_FEW = "too few to say"
TITLES = {
    Between.MODEL: "Model and people",
    Between.PEOPLE: "Between people",
    Between.RUNS: "Model and itself",
    Between.BOTH_WAYS: "Original and translation",
}


@dataclass(frozen=True)
class Cell:
    """note: why there is no value, or what to be careful about."""

    value: str
    interval: str = ""
    note: str = ""


@dataclass(frozen=True)
class Line:
    name: str
    url: str
    n: int
    differ: int
    units_url: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    survey: Survey
    dimension: Dimension
    code: str = ""
    between: Between = Between.MODEL
    sample: str = ""

    def url(self, view: str = "agreement", **changed: str) -> str:
        asked = {"between": self.between.value, "dimension": self.dimension.key, "code": self.code, "sample": self.sample} | changed
        return f"{reverse(f'analysis:{view}', args=[self.survey.slug])}?{urlencode({key: value for key, value in asked.items() if value})}"


@dataclass(frozen=True)
class Choices:
    betweens: tuple[Choice, ...]
    dimensions: tuple[Choice, ...]
    codes: tuple[Choice, ...]
    samples: tuple[Choice, ...]


@dataclass(frozen=True)
class View:
    """What there is to say of a table; nothing of none."""

    columns: tuple[str, ...] = ()
    weighted: bool = False
    n: int = 0
    rows: tuple[Line, ...] = ()
    groups: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    overlap: tuple[tuple[str, Cell], ...] = ()
    marked: int = 0
    cautions: tuple[str, ...] = ()


def choices(asked: Asked, dimensions: tuple[Dimension, ...], samples: list[str], chosen: str) -> Choices:
    """samples: names; chosen: the one that is shown."""
    return Choices(
        betweens=tuple(Choice(title, asked.url(between=key.value, sample=""), key is asked.between) for key, title in TITLES.items()),
        dimensions=tuple(Choice(each.title, asked.url(dimension=each.key, code=""), each.key == asked.dimension.key) for each in dimensions),
        codes=_codes(asked),
        samples=tuple(Choice(each, asked.url(sample=each), each == chosen) for each in samples) if len(samples) > 1 else (),
    )


def look(asked: Asked, table: Table | None) -> View:
    if table is None:
        return View()
    kappa = any(figures.kappa for figures in table.codes.values())
    lines = {code: _line(asked, figures, _label(asked, code), {"code": code}, kappa) for code, figures in table.codes.items()}
    groups = {by.value: tuple(_group(asked, by, key, figures, kappa) for key, figures in found.items()) for by, found in table.groups.items()}
    return View(
        columns=_columns(table, kappa),
        weighted=table.weighted,
        n=table.n,
        rows=tuple(lines.values()),
        groups=groups,
        overlap=(("F1", cell(table.overlap.f1)), ("Krippendorff's alpha", cell(table.overlap.alpha))) if table.overlap else (),
        marked=table.overlap.n if table.overlap else 0,
        cautions=_cautions(table),
    )


def _columns(table: Table, kappa: bool) -> tuple[str, ...]:
    names = [
        "Agreement",
        f"Krippendorff's alpha{', ordinal' if table.level == 'ordinal' else ''}",
        *(["Cohen's kappa"] if kappa else []),
        "Gwet's AC1",
    ]
    return tuple(names)


def _codes(asked: Asked) -> tuple[Choice, ...]:
    every = [("", "Dimension as a whole"), *((code.key, code.label) for code in asked.dimension.codes)]
    return tuple(Choice(label, asked.url(code=key), key == asked.code) for key, label in every)


def _label(asked: Asked, code: str) -> str:
    return asked.dimension.label(code) if code else "Dimension as a whole"


def _line(asked: Asked, figures: Figures, label: str, where: dict[str, str], kappa: bool) -> Line:
    shown = [cell(figures.percent, share=True), cell(figures.alpha)]
    shown += [cell(figures.kappa) if figures.kappa else Cell("–")] if kappa else []
    cells = (*shown, cell(figures.ac1))
    return Line(label, asked.url(**where), figures.n, figures.differ, asked.url("agreement_units", **where), cells)


def _group(asked: Asked, by: By, key: str, figures: Figures, kappa: bool) -> Line:
    label = name(key) if by is By.LANGUAGE else country(key)
    return _line(asked, figures, label, {by.value: key or "unstated"}, kappa)


def cell(result: Result, *, share: bool = False) -> Cell:
    match result:
        case Estimate(value, interval, _, _, caution):
            ends = (f"{interval.low:.0%}".rstrip("%"), f"{interval.high:.0%}") if share else (f"{interval.low:.2f}", f"{interval.high:.2f}")
            return Cell(f"{value:.0%}" if share else f"{value:.2f}", f"[{ends[0]}, {ends[1]}]", caution)
        case TooFew():
            return Cell(TOO_FEW)
        case undefined:
            return Cell("undefined", note=undefined.reason)


@dataclass(frozen=True)
class ShareLine:
    """language: '' everyone. notable: whether the difference's interval leaves 0 out."""

    code: str
    language: str
    n: int
    units_url: str
    cells: tuple[Cell, Cell, Cell]
    notable: bool


def share_lines(asked: Asked, source: BothWays) -> tuple[ShareLine, ...]:
    """Every code of everyone; by language the code asked for, or every one."""
    return tuple(
        _share_line(asked, language, code, found)
        for language, codes in source.shares(asked.dimension).items()
        for code, found in codes.items()
        if not language or asked.code in ("", code)
    )


def _share_line(asked: Asked, language: str, code: str, found: Shares) -> ShareLine:
    where = {"code": code} | ({By.LANGUAGE.value: language} if language else {})
    cells = (cell(found.original, share=True), cell(found.translation, share=True), points(found.difference))
    notable = isinstance(found.difference, Estimate) and not found.difference.interval.low <= 0 <= found.difference.interval.high
    return ShareLine(asked.dimension.label(code), name(language) if language else "", found.n, asked.url("agreement_units", **where), cells, notable)


def points(result: Result) -> Cell:
    if not isinstance(result, Estimate):
        return cell(result)
    value, low, high = (f"{round(100 * each):+d}".replace("+0", "0") for each in (result.value, *result.interval))
    return Cell(value, f"[{low}, {high}]")


def _cautions(table: Table) -> tuple[str, ...]:
    every = [each for figures in table.codes.values() for each in (figures.percent, figures.alpha, figures.ac1) if isinstance(each, Estimate)]
    return ("Marked * : the interval may be too narrow, because few units hold anything but the commonest value.",) * any(e.caution for e in every)


@dataclass(frozen=True)
class FlipLine:
    name: str
    runs: int
    n: int
    changed: Cell
    between_two: Cell


def flip_lines(rows: Sequence[FlipRow]) -> tuple[FlipLine, ...]:
    return tuple(
        FlipLine(row.name, row.runs, row.flips.changed.n, cell(row.flips.changed, share=True), cell(row.flips.between_two, share=True))
        for row in rows
    )
