"""Reads codings from CSV: columns unit, coder, value; what is wrong is said with its line."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.agreement.ratings import as_number

NEEDED = ("unit", "coder", "value")
GROUPS = ("language", "country")  # groups that agreement is told for whenever they are there
YES, NO = "yes", "no"
SHOWN = 20


class Unreadable(ValueError):
    """What is wrong with the file, a line for each fault."""


@dataclass(frozen=True)
class Row:
    line: int
    unit: str
    coder: str
    code: str  # "" where the file has no such column
    value: str


@dataclass(frozen=True)
class Codings:
    """The rows of a file, and what it says of units: a weight, and a value in each group column."""

    rows: Sequence[Row]
    weights: Mapping[str, float]
    groups: Mapping[str, Mapping[str, str]]  # column → unit → value
    values: tuple[str, ...] | None = None  # every value there could be; None: those that occur

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(sorted({row.code for row in self.rows}))

    def of(self, code: str) -> list[tuple[str, str, str]]:
        return [(row.unit, row.coder, row.value) for row in self.rows if row.code == code]


def read(content: bytes, *, by: Sequence[str] = (), multiple: bool = False) -> Codings:
    """Reads a CSV file in UTF-8 (comma, semicolon or tab), its first line the column names.

    by: more columns to group units by. multiple: a coder may give a unit several values; every value then becomes a code that the coder gave or did
    not give. A cell without a value is a gap. Raises Unreadable.
    """
    text = _text(content)
    delimiter = next((mark for mark in ",;\t" if mark in text.partition("\n")[0]), ",")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="")
    columns = tuple(name.strip().lower() for name in reader.fieldnames or ())
    reader.fieldnames = columns
    if lacking := [name for name in (*NEEDED, *by) if name not in columns]:
        raise Unreadable(f"line 1: no column {', '.join(lacking)}")
    check = _Check(tuple(name for name in (*GROUPS, *by) if name in columns), multiple)
    try:
        for cells in reader:
            check.take(reader.line_num, {name: (cell or "").strip() for name, cell in cells.items() if name})
    except csv.Error as error:
        raise Unreadable(f"line {reader.line_num}: {error}") from error
    if check.faults:
        more = [f"and {len(check.faults) - SHOWN} more"] if len(check.faults) > SHOWN else []
        raise Unreadable("\n".join(check.faults[:SHOWN] + more))
    rows = list(_one_hot(check.rows)) if multiple else check.rows
    weights = {unit: weight for unit, (weight, _) in check.weights.items()}
    return Codings(rows, weights, check.groups, (NO, YES) if multiple else None)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(f"line {line}: not UTF-8") from error


@dataclass
class _Check:
    columns: tuple[str, ...]
    multiple: bool
    rows: list[Row] = field(default_factory=list)
    weights: dict[str, tuple[float, int]] = field(default_factory=dict)
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)

    def take(self, line: int, cells: Mapping[str, str]) -> None:
        row = Row(line, cells["unit"], cells["coder"], cells.get("code", ""), cells["value"])
        fault = self._lacks(row) or self._twice(row) or self._weight(row, cells) or self._group(row, cells)
        if fault:
            self.faults.append(f"line {line}: {fault}")
        elif row.value:
            self.rows.append(row)

    def _lacks(self, row: Row) -> str:
        return next((f"no {name}" for name in ("unit", "coder") if not getattr(row, name)), "")

    def _twice(self, row: Row) -> str:
        key = (row.unit, row.coder, row.code) + ((row.value,) if self.multiple else ())
        if (before := self.seen.setdefault(key, row.line)) == row.line:
            return ""
        again = "" if self.multiple else "; --multiple allows several values"
        return f"{row.coder} coded unit {row.unit} in line {before} already{again}"

    def _weight(self, row: Row, cells: Mapping[str, str]) -> str:
        if not (text := cells.get("weight", "")):
            return ""
        weight = as_number(text)
        if weight is None or weight <= 0:
            return f"weight '{text}' is not a number above 0"
        known, before = self.weights.setdefault(row.unit, (weight, row.line))
        return f"unit {row.unit} weighs {text}, but {known:g} in line {before}" if known != weight else ""

    def _group(self, row: Row, cells: Mapping[str, str]) -> str:
        for column in self.columns:
            known = self.groups.setdefault(column, {}).setdefault(row.unit, cells.get(column, ""))
            if known != cells.get(column, ""):
                return f"unit {row.unit} has the {column} '{cells.get(column, '')}', but '{known}' in a line before"
        return ""


def _one_hot(rows: Sequence[Row]) -> Iterator[Row]:
    """For every unit a coder coded and every value anyone gave: yes or no."""
    values = sorted({row.value for row in rows})
    given = {(row.unit, row.coder, row.value) for row in rows}
    coded = {(row.unit, row.coder): row.line for row in rows}
    for (unit, coder), line in coded.items():
        for value in values:
            yield Row(line, unit, coder, value, YES if (unit, coder, value) in given else NO)
