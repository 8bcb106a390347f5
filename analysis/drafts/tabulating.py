"""A sample over countries, and what an edit changed in it, by code and country. Pure."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Given = Mapping[str, Any]  # dimension, code, quotes: [{turn, text}]
MOST_EXAMPLES = 5


def stratified(by_country: Mapping[str, Sequence[int]], size: int, seed: int) -> list[int]:
    """`size` interviews: one of each country, the largest first, then as many of each as it is large."""
    rng = random.Random(seed)  # noqa: S311 - a draw that can be made again
    ranked: list[tuple[bool, float, str, int]] = []
    for country, ids in sorted(by_country.items()):
        shuffled = rng.sample(sorted(ids), len(ids))
        for place, interview in enumerate(shuffled):
            ranked.append((place > 0, -len(ids) if place == 0 else place / len(ids), country, interview))
    return [interview for *_, interview in sorted(ranked)[:size]]


@dataclass(frozen=True)
class Unit:
    interview: int
    country: str
    before: Sequence[Given]
    after: Sequence[Given]


@dataclass(frozen=True)
class Example:
    """An interview that gained or lost the code, with the words that show it."""

    interview: int
    country: str
    gained: bool
    quotes: tuple[Mapping[str, Any], ...]


@dataclass
class Row:
    """One code in one country, '' being where none was given: people who have it before and after, who gained and who lost it."""

    country: str
    n: int
    before: int = 0
    after: int = 0
    gained: int = 0
    lost: int = 0


@dataclass
class CodeTable:
    dimension: str
    code: str
    total: Row
    countries: list[Row] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)


def tabulate(units: Iterable[Unit]) -> list[CodeTable]:
    """A table for each code that anyone has before or after; those that change most come first."""
    units = list(units)
    people = Counter(unit.country for unit in units)
    tables: dict[tuple[str, str], CodeTable] = {}
    rows: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    for unit in units:
        before, after = _by_code(unit.before), _by_code(unit.after)
        for key in before | after:
            table = tables.setdefault(key, CodeTable(*key, Row("", len(units))))
            row = rows[key].setdefault(unit.country, Row(unit.country, people[unit.country]))
            for counted in (table.total, row):
                _count(counted, had=key in before, has=key in after)
            if (key in before) != (key in after) and len(table.examples) < MOST_EXAMPLES:
                given = after.get(key) or before[key]
                table.examples.append(Example(unit.interview, unit.country, key in after, tuple(given["quotes"])))
    for key, table in tables.items():
        table.countries = sorted(rows[key].values(), key=lambda row: (-row.n, row.country))
    return sorted(tables.values(), key=lambda table: (-table.total.gained - table.total.lost, table.dimension, table.code))


def _count(row: Row, *, had: bool, has: bool) -> None:
    row.before += had
    row.after += has
    row.gained += has and not had
    row.lost += had and not has


def _by_code(given: Iterable[Given]) -> dict[tuple[str, str], Given]:
    return {(each["dimension"], each["code"]): each for each in given}
