"""A recovery report as a table for people, and as values for programs."""

from collections.abc import Iterator
from typing import Any

from analysis.simulated.recovery import EVERY, Cell, Recovery
from analysis.statistics import Interval

FEWEST = 10  # people: a language with fewer has no row of its own in the table
COLUMNS = f"{'true':>8}{'given':>8}   {'precision':<21}recall"


def as_values(result: Recovery) -> dict[str, Any]:
    """Every theme in every language; an empty language stands for all of them. Shares are None where nobody stands behind them."""
    return {
        "interviews": result.interviews,
        "uncoded": result.uncoded,
        "unknown_profiles": result.others,
        "coders": list(result.coders),
        "themes": [_values(cell) for cell in result.cells()],
        "dimensions": [_values(result.cell(key, EVERY, language)) for key in result.dimensions for language in (EVERY, *result.languages)],
    }


def _values(cell: Cell) -> dict[str, Any]:
    return cell._asdict() | {
        "precision": cell.precision,
        "precision_interval": list(cell.precision_interval),
        "recall": cell.recall,
        "recall_interval": list(cell.recall_interval),
    }


def as_lines(result: Recovery) -> Iterator[str]:
    yield f"{result.interviews:,} simulated interviews compared with their hidden profiles; coded by {', '.join(result.coders) or 'nobody'}."
    if result.uncoded:
        yield f"{result.uncoded:,} more are not coded yet."
    if result.others:
        yield f"{result.others:,} more were made by another edition of the profiles, which cannot be found again."
    for dimension in result.dimensions:
        every = result.cell(dimension)
        themes = [(code, result.cell(dimension, code)) for code in result.codes(dimension)]
        spoken = [(language, result.cell(dimension, EVERY, language)) for language in result.languages]
        yield from _table(f"{dimension}, by theme", themes, every)
        yield from _table(f"{dimension}, by language", [(language, cell) for language, cell in spoken if cell.n >= FEWEST], every)
    if any(n < FEWEST for n in result.people.values()):
        yield f"\nLanguages of fewer than {FEWEST} people have no row of their own; --json has them."


def _table(title: str, cells: list[tuple[str, Cell]], every: Cell) -> Iterator[str]:
    yield f"\n{title:<28}{'people':>8}{COLUMNS}"
    for name, cell in [*cells, ("all", every)]:
        shares = f"{_share(cell.precision, cell.precision_interval):<21}{_share(cell.recall, cell.recall_interval)}"
        yield f"  {name:<26}{cell.n:>8,}{cell.true:>8,}{cell.given:>8,}   {shares}".rstrip()


def _share(share: float | None, interval: Interval) -> str:
    return "–" if share is None else f"{share:.3f} [{interval.low:.3f}–{interval.high:.3f}]"
