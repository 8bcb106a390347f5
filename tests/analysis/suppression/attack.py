"""An attacker who knows all that is published, and the rule: what can they still say of each hidden count? Shares no code with what hides."""

from collections.abc import Iterator, Mapping

from analysis.suppression.hiding import Shown

Cell = tuple[str, str]
Bounds = dict[Cell, tuple[int, int]]
ALL = "all"  # the row of totals


def one_way(shown: Shown, code: str) -> Bounds:
    """Where people can have several codes, each is on its own: exactly what the groups' sizes, the total and the shown counts leave."""
    if code not in shown.totals:
        spread = {(group, code): (0, n) for group, n in shown.people.items() if (group, code) not in shown.given}
        return spread | {(ALL, code): (sum(shown.given.get((group, code), 0) for group in shown.people), shown.n)}
    open_ = {group: n for group, n in shown.people.items() if (group, code) not in shown.given}
    left = shown.totals[code] - sum(shown.given.get((group, code), 0) for group in shown.people)
    room = sum(open_.values())
    return {(group, code): (max(0, left - (room - n)), min(n, left)) for group, n in open_.items()}


def possible(shown: Shown, codes: list[str]) -> Bounds:
    """Where everyone has one code: each table that is possible is written down, and the least and most of every cell taken."""
    bounds: Bounds = {}
    for table in _tables(shown, codes, list(shown.people), {}):
        totals = {(ALL, code): sum(table[group, code] for group in shown.people) for code in codes}
        for cell, k in (table | totals).items():
            low, high = bounds.get(cell, (k, k))
            bounds[cell] = (min(low, k), max(high, k))
    return {cell: ends for cell, ends in bounds.items() if (cell[1] not in shown.totals if cell[0] == ALL else cell not in shown.given)}


def _tables(shown: Shown, codes: list[str], groups: list[str], sofar: Mapping[Cell, int]) -> Iterator[dict[Cell, int]]:
    left = {code: shown.totals[code] - sum(k for cell, k in sofar.items() if cell[1] == code) for code in codes if code in shown.totals}
    if any(k < 0 for k in left.values()):
        return
    if not groups:
        if not any(left.values()):
            yield dict(sofar)
        return
    for row in _rows(shown, groups[0], codes, shown.people[groups[0]]):
        yield from _tables(shown, codes, groups[1:], {**sofar, **row})


def _rows(shown: Shown, group: str, codes: list[str], n: int) -> Iterator[dict[Cell, int]]:
    cell = (group, codes[0])
    fixed = shown.given.get(cell)
    if len(codes) == 1:
        if fixed in (None, n):
            yield {cell: n}
        return
    for k in range(n + 1) if fixed is None else [fixed] if fixed <= n else []:
        for rest in _rows(shown, group, codes[1:], n - k):
            yield {cell: k, **rest}
