"""Agreement on a survey's codings as values for a program and lines for a reader."""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.agreement import Estimate, Result
from analysis.agreement.printing import result_as_json
from analysis.codebook import Dimension
from analysis.reliability import both_ways
from analysis.reliability.both_ways import BothWays
from analysis.reliability.comparing import Between
from analysis.reliability.computing import Figures, Table
from analysis.reliability.runs import Runs
from analysis.reliability.sources import AnySource, sources
from surveys.models import Survey

Found = dict[tuple[str, Between], tuple[AnySource, Table]]
WHOLE = "whole dimension"


def found_in(survey: Survey, *, dimension: str = "", between: str = "", sample: str = "") -> Found:
    """By dimension and comparison, where there is anything to compare; of each the sample with most codings, or the one named."""
    codebook = survey.codebooks.first()
    found: Found = {}
    for each in codebook.document.dimensions if codebook else ():
        if dimension not in ("", each.key):
            continue
        for kind in Between:
            source = next((one for one in sources(survey, each, kind) if sample in ("", one.name)), None)
            if source and between in ("", kind) and (table := source.table(each, "")).n:
                found[each.key, kind] = source, table
    return found


def as_values(found: Found) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for (key, kind), (source, table) in found.items():
        values.setdefault(key, {})[kind.value] = _table(source, table) | _more(source, key)
    return values


def _more(source: AnySource, key: str) -> dict[str, Any]:
    match source:
        case Runs():
            return _flips(source, source.document.dimension(key))
        case BothWays():
            dimension = source.document.dimension(key)
            agreement = {
                language: {code: _figures(figures) for code, figures in codes.items()} for language, codes in source.agreement(dimension).items()
            }
            return both_ways.as_values(source, dimension) | {"codes_by_language": agreement}
        case _:
            return {}


def _table(source: AnySource, table: Table) -> dict[str, Any]:
    head = {"sample": source.name, "codebook": source.codebook, "units": table.n, "weighted": table.weighted, "level": table.level}
    groups = {f"by_{by.value}": {name: _figures(figures) for name, figures in members.items()} for by, members in table.groups.items()}
    codes = {code: _figures(figures) for code, figures in table.codes.items() if code}
    words = table.overlap and {"units": table.overlap.n, "f1": result_as_json(table.overlap.f1), "alpha": result_as_json(table.overlap.alpha)}
    return head | {"whole": _figures(table.codes[""]), "codes": codes, **groups} | ({"same_words": words} if words else {})


def _flips(source: Runs, dimension: Dimension) -> dict[str, Any]:
    rows = source.flips(dimension, "")
    return {
        "flips": [
            {
                "compared": row.name,
                "runs": row.runs,
                "changed": result_as_json(row.flips.changed),
                "between_two": result_as_json(row.flips.between_two),
            }
            for row in rows
        ]
    }


def _figures(figures: Figures) -> dict[str, Any]:
    results: Mapping[str, Result | None] = {
        "percent_agreement": figures.percent,
        "krippendorff_alpha": figures.alpha,
        "cohen_kappa": figures.kappa,
        "gwet_ac1": figures.ac1,
    }
    return {"n": figures.n, "differ": figures.differ} | {name: result_as_json(result) for name, result in results.items() if result is not None}


def as_lines(found: Found) -> Iterator[str]:
    for (key, kind), (source, table) in found.items():
        how = "weighted by 1 / chance of being drawn" if table.weighted else "unweighted: all had the same chance"
        yield f"{key}, {kind.value}: {table.n} units, {how} (“{source.name}”, codebook version {source.codebook})"
        yield f"  {'':26}{'n':>6}   {'agreement':24}{'alpha':24}{'AC1':24}"
        for code, figures in table.codes.items():
            yield f"  {code or WHOLE:26}{figures.n:6}   {_worded(figures.percent):24}{_worded(figures.alpha):24}{_worded(figures.ac1):24}".rstrip()
        if isinstance(source, BothWays):
            yield from both_ways.as_lines(source, source.document.dimension(key))
        yield ""


def _worded(result: Result) -> str:
    return (
        f"{result.value:.3f} [{result.interval.low:.3f}, {result.interval.high:.3f}]"
        if isinstance(result, Estimate)
        else str(result).partition(":")[0]
    )
