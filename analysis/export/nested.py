"""One interview at a time with its turns, codings and quotes: what the formats that nest are made of, and JSON Lines."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from analysis.export import cells
from analysis.export.cells import Type
from analysis.export.columns import Scope
from analysis.export.tables import CODINGS, INTERVIEWS, TURNS, Table
from surveys.cells import storable

Fields = dict[str, Any]
OF_QUOTE = ("turn", "start", "end", "quote", "turn_translation")


@dataclass(frozen=True)
class Told:
    interview: Fields
    turns: list[Fields]
    codings: list[Fields]  # each with `quotes`


def told(scope: Scope) -> Iterator[Told]:
    """In the order of interviews. What was said and coded since an interview was read is left out with it."""
    turns, codings = _Following(TURNS, scope), _Following(CODINGS, scope)
    for interview in _named(INTERVIEWS, scope):
        key = interview["interview_id"]
        yield Told(interview, [_without_key(row) for row in turns.of(key)], [_coding(list(rows)) for _, rows in _by_coding(codings.of(key))])


def _named(table: Table, scope: Scope) -> Iterator[Fields]:
    names = [column.name for column in table.columns]
    for row in table.rows(scope):
        yield dict(zip(names, row, strict=True))


class _Following:
    """A table's rows, taken interview by interview as another table goes along. Both are in the order of interviews."""

    def __init__(self, table: Table, scope: Scope) -> None:
        self.groups = groupby(_named(table, scope), itemgetter("interview_id"))
        self.ahead: tuple[int, list[Fields]] | None = self._next()

    def _next(self) -> tuple[int, list[Fields]] | None:
        found = next(self.groups, None)
        return (found[0], list(found[1])) if found else None

    def of(self, interview: int) -> list[Fields]:
        while self.ahead and self.ahead[0] < interview:
            self.ahead = self._next()
        return self.ahead[1] if self.ahead and self.ahead[0] == interview else []


def _by_coding(rows: list[Fields]) -> Iterator[tuple[int, Iterator[Fields]]]:
    return groupby(rows, itemgetter("coding_id"))


def _without_key(row: Fields) -> Fields:
    return {name: value for name, value in row.items() if name != "interview_id"}


def _coding(rows: list[Fields]) -> Fields:
    own = {name: value for name, value in _without_key(rows[0]).items() if name not in OF_QUOTE}
    return own | {"quotes": [{name: row[name] for name in OF_QUOTE} for row in rows if row["turn"] is not None]}


TYPES = {column.name: column.type for table in (INTERVIEWS, TURNS, CODINGS) for column in table.columns}


def write(scope: Scope, path: Path, advance: Callable[[int], object]) -> None:
    """JSON Lines: an object an interview, in UTF-8, times as in the CSV files."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for each in told(scope):
            whole = each.interview | {"turns": each.turns, "codings": each.codings}
            file.write(json.dumps(_plain(whole), ensure_ascii=False, separators=(",", ":")) + "\n")
            advance(1)


def _plain(fields: Fields) -> Fields:
    return {
        name: [_plain(each) for each in value] if name in ("turns", "codings", "quotes") else _value(name, value) for name, value in fields.items()
    }


def _value(name: str, value: Any) -> Any:
    kind = TYPES[name]
    if kind is Type.TEXT:
        return storable(str(value)) if value is not None else ""
    return cells.write(value, kind) if kind is Type.TIME and value is not None else value
