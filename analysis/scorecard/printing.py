"""A survey's scorecard as lines for a reader and as JSON for a program."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analysis.scorecard.comparison import Difference, differences
from analysis.scorecard.figures import By, Figure, Figures, figures, sums_by, together
from analysis.scorecard.measures import FEWEST, MEASURES
from analysis.scorecard.page import label, worded, worded_difference, worded_interval
from surveys.models import Survey


def as_lines(survey: Survey, origins: Iterable[str], by: By = By.NOTHING, reference: str = "") -> Iterator[str]:
    groups = {key: figures(sums) for key, sums in sums_by(survey, origins, by).items()}
    every = figures(together({key: figure.sums for key, figure in group.items()} for group in groups.values()))
    yield f"How the interviewer interviewed, by rules over {every['turns'].n:,} interviews (95% intervals, the interview being the unit)"
    yield from _table(every, {})
    if by:
        compared, chosen = _compared(groups, reference)
        found = differences(compared, chosen) if compared else {}
        for key, group in compared.items():
            mine = {measure: made for (name, measure), made in found.items() if name == key}
            yield f"\n{by}: {label(by, key)}, {group['turns'].n:,} interviews{'; the reference' if key == chosen else ''}"
            yield from _table(group, mine)
        if len(groups) > len(compared):
            yield f"\n{len(groups) - len(compared)} more have fewer than {FEWEST} interviews."
        yield "\n* differs from the reference, after Benjamini and Hochberg over all of these differences."


def _table(group: Figures, found: Mapping[str, Difference]) -> Iterator[str]:
    for measure in MEASURES:
        figure, made = group[measure.key], found.get(measure.key)
        figures_of = f"{worded(measure, figure.value):>15}  {worded_interval(measure, figure.interval):<18}"
        difference = f"  {worded_difference(measure, made)}{' *' if made.marked else ''}" if made else ""
        yield f"  {measure.name:<33}{figures_of}{figure.n:>8,}{difference}".rstrip()


def _compared(groups: Mapping[str, Figures], reference: str) -> tuple[dict[str, Figures], str]:
    """Those of enough interviews, the largest first, and whom they are compared with."""
    enough = sorted((key for key in groups if groups[key]["turns"].n >= FEWEST), key=lambda key: (-groups[key]["turns"].n, key))
    return {key: groups[key] for key in enough}, reference if reference in enough else next(iter(enough), "")


def as_values(survey: Survey, origins: Iterable[str], by: By = By.NOTHING, reference: str = "") -> dict[str, Any]:
    """A figure without enough interviews behind it is None."""
    groups = {key: figures(sums) for key, sums in sums_by(survey, origins, by).items()}
    every = figures(together({key: figure.sums for key, figure in group.items()} for group in groups.values()))
    values: dict[str, Any] = {"interviews": every["turns"].n, "measures": {key: _values(figure) for key, figure in every.items()}}
    if by:
        compared, chosen = _compared(groups, reference)
        found = differences(compared, chosen) if compared else {}
        values |= {"by": by.value, "reference": chosen}
        values["groups"] = {
            key: {measure: _values(figure) | _difference(found.get((key, measure))) for measure, figure in group.items()}
            for key, group in groups.items()
        }
    return values


def _values(figure: Figure) -> dict[str, Any]:
    interval = figure.interval
    return {"value": figure.value, "interval": list(interval) if interval else None, "interviews": figure.n, "of": figure.sums.of}


def _difference(made: Difference | None) -> dict[str, Any]:
    if made is None:
        return {}
    return {"difference": made.value, "difference_interval": list(made.interval), "probability": made.probability, "differs": made.marked}
