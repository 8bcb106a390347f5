"""Raw and corrected prevalence as rows for a table, lines for a reader, values for a program."""

from collections.abc import Iterator
from typing import Any

from analysis.estimation import CannotCorrect, Prevalence
from analysis.prevalence import estimating, known
from analysis.prevalence.estimating import ALL, OTHERS, Result, Row
from analysis.wording import country, percent
from surveys.models import Survey

Results = dict[str, Result]
TOO_FEW = "too few to say"


def results(survey: Survey, *, dimension: str = "", sample: str = "", by_country: bool = False) -> Results:
    """By dimension, in the codebook's order: those in which people have coded a sample. sample: its name; '': the one with most codings."""
    codebook, samples = survey.codebooks.first(), known.samples(survey)
    found: Results = {}
    for each in codebook.document.dimensions if codebook else ():
        if dimension in ("", each.key):
            chosen = next((one for one in samples.get(each.key, []) if sample in ("", one.name)), None)
            if chosen:
                found[each.key] = estimating.result(chosen, each, by_country=by_country)
    return found


def every_dimension(survey: Survey, *, dimension: str = "", sample: str = "", by_country: bool = False) -> Results:
    """Those in which people have coded a sample, and the raw shares of the others."""
    corrected = results(survey, dimension=dimension, sample=sample, by_country=by_country)
    codebook = survey.codebooks.first()
    wanted = [each for each in codebook.document.dimensions if dimension in ("", each.key)] if codebook else []
    return {each.key: corrected.get(each.key) or estimating.uncorrected(survey, each, by_country=by_country) for each in wanted}


def where(row: Row) -> str:
    if row.scope == ALL:
        return "everyone"
    return f"{row.countries} countries together" if row.scope == OTHERS else country(row.country)


def as_values(found: Results) -> dict[str, Any]:
    return {key: _dimension(result) for key, result in found.items()}


def _dimension(result: Result) -> dict[str, Any]:
    head = {
        "sample": result.sample_name,
        "codebook": result.codebook,
        "interviews": result.n,
        "human_coded": result.checked,
        "not_coded_by_the_model": result.uncoded,
        "drawn_and_not_yet_coded_by_people": result.open,
        "disputed": result.disputed,
        "strata_taken_together": result.collapsed,
    }
    return head | {"rows": [_row(row) for row in result.rows]}


def _row(row: Row) -> dict[str, Any]:
    place = {"scope": row.scope} | ({} if row.scope == ALL else {"countries": row.countries} if row.scope == OTHERS else {"country": row.country})
    return {"code": row.code, **place, "raw": _figure(row.raw), "corrected": _figure(row.corrected)}


def _figure(figure: Prevalence | CannotCorrect) -> dict[str, Any]:
    if isinstance(figure, CannotCorrect):
        return {"too_few": True, "reason": figure.reason, "n": figure.n, "human_coded": figure.checked}
    low, high = figure.interval
    counted = {"n": figure.n, "human_coded": figure.checked}
    return {"share": figure.share, "low": low, "high": high, **counted, "method": figure.method, "assumes": list(figure.assumes)}


def as_lines(found: Results) -> Iterator[str]:
    for key, result in found.items():
        sample = f"sample “{result.sample_name}”" if result.sample_name else estimating.NO_SAMPLE
        yield f"{key}: {result.n} interviews, {result.checked} human-coded ({sample}, codebook version {result.codebook})"
        for row in result.rows:
            yield f"  {row.code:26} {where(row):24} raw {worded(row.raw):20} corrected {worded(row.corrected)}"
        yield from _notes(result)
        yield ""


def _notes(result: Result) -> Iterator[str]:
    methods: dict[str, tuple[str, ...]] = {}
    for row in result.rows:
        if isinstance(row.corrected, Prevalence):
            methods[row.corrected.method] = row.corrected.assumes
    yield from (f"  {method}: assumes that {'; that '.join(assumes)}." for method, assumes in methods.items())


def worded(figure: Prevalence | CannotCorrect) -> str:
    """'19% [15–24], n=200', n being those that a person coded; of a raw share, all."""
    if isinstance(figure, CannotCorrect):
        return TOO_FEW
    return f"{percent(figure.share, figure.n)} {bracket(figure)}, n={figure.checked or figure.n}"


def bracket(figure: Prevalence) -> str:
    low, high = (percent(end, figure.n).rstrip("%") for end in figure.interval)
    return f"[{low}–{high}]"
