"""Which cells of themes by group are shown: small ones are hidden, and with them as many others as it takes that none can be worked out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.suppression.network import Cell, Table, make_room

POOLED = "*"  # the groups that have too few people, together
TOTAL = "total"
WITHOUT = " without"  # the column of those who do not have a code; no code has a blank


@dataclass(frozen=True)
class Shown:
    """What may be published. A count that is not in `totals` or `given` is hidden; so are the people of a group not in `people`."""

    n: int
    people: Mapping[str, int]
    totals: Mapping[str, int]
    given: Mapping[Cell, int]


NOTHING = Shown(0, {}, {}, {})


def hide(people: Mapping[str, int], given: Mapping[Cell, int], codes: Iterable[str], *, least: int, one_each: bool) -> Shown:
    """A cell is small if fewer than `least` people are in it, or fewer than `least` of its group are not.

    One who knows all that is shown, and this rule, still holds every number from 0 to least - 1 possible for a small cell (or for those not
    in it). one_each: everyone has exactly one code; otherwise `codes` must not hold the one for 'none of them', which would tie the others together.
    """
    n = sum(people.values())
    if n < least:
        return NOTHING
    codes = sorted(codes)
    totals = {code: sum(given.get((group, code), 0) for group in people) for code in codes}
    columns = [codes] if one_each else [[code] for code in codes]
    shown = {code for each in columns for code in _shown_totals(n, totals, each, least)}
    pooled = pool(people, least)
    while len(set(pooled.values())) > 1:
        sizes, cells = _merged(people, given, pooled)
        kept = _by_group(sizes, cells, columns, shown, least)
        if kept is not None:
            return Shown(n, sizes, {code: totals[code] for code in sorted(shown)}, {cell: cells.get(cell, 0) for cell in sorted(kept)})
        pooled = _smallest_joined(sizes, pooled)
    (place,) = set(pooled.values())
    return Shown(n, {place: n}, {code: totals[code] for code in sorted(shown)}, {(place, code): totals[code] for code in sorted(shown)})


def pool(people: Mapping[str, int], least: int) -> dict[str, str]:
    """Group → the group it is shown in: its own, or, with the others that have fewer than `least` people, the pooled one."""
    places = {group: POOLED if n < least else group for group, n in people.items()}
    while 0 < sum(n for group, n in people.items() if places[group] == POOLED) < least and set(places.values()) != {POOLED}:
        places[_smallest(people, places)] = POOLED
    return places


def _smallest(people: Mapping[str, int], places: Mapping[str, str]) -> str:
    return min((group for group in people if places[group] != POOLED), key=lambda group: (people[group], group))


def _smallest_joined(sizes: Mapping[str, int], places: Mapping[str, str]) -> dict[str, str]:
    """The pooled group takes in the smallest other one; where there is none yet, the two smallest make it."""
    joining = sorted((group for group in sizes if group != POOLED), key=lambda group: (sizes[group], group))[: 1 if POOLED in sizes else 2]
    return {group: POOLED if place in joining else place for group, place in places.items()}


def _merged(people: Mapping[str, int], given: Mapping[Cell, int], places: Mapping[str, str]) -> tuple[dict[str, int], dict[Cell, int]]:
    sizes: dict[str, int] = {}
    cells: dict[Cell, int] = {}
    for group, n in people.items():
        sizes[places[group]] = sizes.get(places[group], 0) + n
    for (group, code), k in given.items():
        cells[places[group], code] = cells.get((places[group], code), 0) + k
    return sizes, cells


def _shown_totals(n: int, totals: Mapping[str, int], codes: list[str], least: int) -> set[str]:
    """Nothing is known of the columns before their totals are, so all are tied."""
    found = _shown_cells({TOTAL: n}, {(TOTAL, code): totals[code] for code in codes}, codes, least, tied=codes) or set()
    return {code for _, code in found}


def _by_group(sizes: Mapping[str, int], cells: Mapping[Cell, int], columns: list[list[str]], shown: set[str], least: int) -> set[Cell] | None:
    kept: set[Cell] = set()
    for codes in columns:
        tied = [code for code in codes if code not in shown]
        counts = {(group, code): cells.get((group, code), 0) for group in sizes for code in codes}
        # A hidden total must not be bounded by what is shown of its column.
        hidden = {(group, code) for group in sizes for code in tied}
        found = _shown_cells(sizes, counts, codes, least, tied=tied, hidden=hidden)
        if found is None:
            return None
        kept |= found
    return kept


def _shown_cells(
    sizes: Mapping[str, int],
    counts: Mapping[Cell, int],
    codes: Iterable[str],
    least: int,
    *,
    tied: Iterable[str],
    hidden: Iterable[Cell] = (),
) -> set[Cell] | None:
    """None where no choice of cells protects the small ones. What is `hidden` stays so."""
    tied, codes = frozenset(tied), list(codes)
    if len(codes) == 1:
        counts = {**counts, **{(group, WITHOUT): n - counts[group, codes[0]] for group, n in sizes.items()}}
        tied |= {WITHOUT} if tied else set()
    table = Table(counts, sizes, tied)
    small = {cell for cell, k in counts.items() if min(k, sizes[cell[0]] - k) < least}
    unseen = small | set(hidden)
    for cell in sorted(small):
        k, others = counts[cell], sizes[cell[0]] - counts[cell]
        up, down = (least - 1 - k, k) if k <= others else (others, least - 1 - others)
        if not make_room(table, unseen, cell, up=up, down=down):
            return None
    return {cell for cell in counts if cell not in unseen and cell[1] != WITHOUT}
