"""What the page of corrected prevalence shows, and the few words beside a raw share on the findings page."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from analysis.codebook import Dimension
from analysis.estimation import CannotCorrect, Prevalence
from analysis.links import Choice
from analysis.prevalence import estimating, known
from analysis.prevalence.estimating import Result, Row
from analysis.prevalence.printing import TOO_FEW, bracket, where
from analysis.sampling.records import CodingSample
from analysis.wording import percent
from surveys.models import Survey


@dataclass(frozen=True)
class Figures:
    """A row of a table. why: the reason where there is no corrected share."""

    name: str
    url: str
    raw: str
    raw_interval: str
    corrected: str
    interval: str
    n: int
    checked: int
    method: str
    why: str


@dataclass(frozen=True)
class Method:
    name: str
    assumes: tuple[str, ...]


@dataclass(frozen=True)
class View:
    dimension: Dimension
    code: str
    label: str
    result: Result | None
    dimensions: tuple[Choice, ...]
    codes: tuple[Choice, ...]
    samples: tuple[Choice, ...]
    all: tuple[Figures, ...]
    by_country: tuple[Figures, ...]
    methods: tuple[Method, ...]


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    survey: Survey
    dimension: Dimension
    code: str
    sample: str

    def url(self, **changed: str) -> str:
        asked = {"dimension": self.dimension.key, "code": self.code, "sample": self.sample} | changed
        return f"{corrected_url(self.survey)}?{urlencode({key: value for key, value in asked.items() if value})}"


def corrected_url(survey: Survey, dimension: str = "", code: str = "") -> str:
    asked = {key: value for key, value in (("dimension", dimension), ("code", code)) if value}
    address = reverse("analysis:corrected", args=[survey.slug])
    return f"{address}?{urlencode(asked)}" if asked else address


def look(asked: Asked, dimensions: tuple[Dimension, ...]) -> View:
    found = known.samples(asked.survey).get(asked.dimension.key, [])
    sample = next((one for one in found if asked.sample in ("", one.name)), None)
    result = estimating.result(sample, asked.dimension, code=asked.code, by_country=True) if sample else None
    rows = result.of(asked.code) if result else ()
    shown = [*result.overall.values(), *rows] if result else []
    return View(
        dimension=asked.dimension,
        code=asked.code,
        label=asked.dimension.label(asked.code),
        result=result,
        dimensions=tuple(Choice(each.title, asked.url(dimension=each.key, code=""), each.key == asked.dimension.key) for each in dimensions),
        codes=tuple(Choice(code.label, asked.url(code=code.key), code.key == asked.code) for code in asked.dimension.codes),
        samples=_samples(asked, found, sample),
        all=tuple(_figures(row, asked.dimension.label(row.code), asked.url(code=row.code)) for row in (result.overall.values() if result else ())),
        by_country=tuple(_figures(row, where(row), "") for row in rows if row.scope != estimating.ALL),
        methods=_methods(shown),
    )


def _samples(asked: Asked, found: list[CodingSample], chosen: CodingSample | None) -> tuple[Choice, ...]:
    return tuple(Choice(one.name, asked.url(sample=one.name), one == chosen) for one in found) if len(found) > 1 else ()


def _figures(row: Row, name: str, url: str) -> Figures:
    raw, corrected = row.raw, row.corrected
    said = isinstance(corrected, Prevalence)
    return Figures(
        name=name,
        url=url,
        raw=percent(raw.share, raw.n) if isinstance(raw, Prevalence) else "–",
        raw_interval=bracket(raw) if isinstance(raw, Prevalence) else "",
        corrected=percent(corrected.share, corrected.n) if isinstance(corrected, Prevalence) else TOO_FEW,
        interval=bracket(corrected) if isinstance(corrected, Prevalence) else "",
        n=corrected.n,
        checked=corrected.checked,
        method=short(corrected.method) if isinstance(corrected, Prevalence) else "",
        why="" if said else getattr(corrected, "reason", ""),
    )


def short(method: str) -> str:
    return "pooled error rates" if method.startswith("Rogan") else "own sample"


def _methods(rows: list[Row]) -> tuple[Method, ...]:
    found = {row.corrected.method: row.corrected.assumes for row in rows if isinstance(row.corrected, Prevalence)}
    return tuple(Method(method, assumes) for method, assumes in found.items())


@dataclass(frozen=True)
class Beside:
    """A corrected share beside a raw one: 'corrected 19% [15–24], n=200 human-coded'."""

    text: str
    url: str


def beside(survey: Survey, dimensions: Collection[Dimension]) -> dict[str, dict[str, Beside]]:
    """By dimension and code; nothing of dimensions in which people have coded no sample."""
    samples = known.samples(survey)
    return {each.key: _of_codes(survey, estimating.result(samples[each.key][0], each)) for each in dimensions if each.key in samples}


def _of_codes(survey: Survey, result: Result) -> dict[str, Beside]:
    return {code: Beside(_beside(row.corrected), corrected_url(survey, row.dimension, code)) for code, row in result.overall.items()}


def _beside(figure: Prevalence | CannotCorrect) -> str:
    if isinstance(figure, CannotCorrect):
        return f"corrected: {TOO_FEW}, n={figure.checked} human-coded"
    return f"corrected {percent(figure.share, figure.n)} {bracket(figure)}, n={figure.checked} human-coded"
