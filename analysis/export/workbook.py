"""The tables as one Excel file: a sheet a table, one that explains the columns, one that says what it was made from."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from analysis.export import cells, manifest
from analysis.export.cells import Type
from analysis.export.columns import Column, Scope
from analysis.export.tables import tables_for
from surveys.cells import storable

MOST_ROWS = 1_048_576
MOST_UNITS = 32_767  # UTF-16 units that Excel takes in a cell
EXACT = 2**53
CUT = " […] [cut here: the CSV file has all of it]"
NOT_XML = re.compile("[\ufffe\uffff]")
NO_TIME = datetime(2000, 1, 1)
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
ABOUT = (Column("what", Type.TEXT, ""), Column("value", Type.TEXT, ""))
DICTIONARY = tuple(Column(name, Type.TEXT, "") for name in ("table", "column", "type", "meaning"))
REPORT_EVERY = 1000
Advance = Callable[[int], object]


def write(scope: Scope, path: Path, advance: Advance, *, most_rows: int = MOST_ROWS) -> None:
    """A table of more rows than a sheet takes goes on in a second, `turns (2)`. Sheets wait beside the file: /tmp may be memory."""
    with TemporaryDirectory(dir=path.parent, prefix=f"{path.name}.") as spool, Workbook(path, OPTIONS | {"tmpdir": spool}) as book:
        book.set_properties({"title": storable(scope.survey.title), "created": NO_TIME})
        _sheets(book, "about", ABOUT, _facts(scope), most_rows)
        for table in tables_for(scope):
            _sheets(book, table.name, table.columns, _reporting(table.rows(scope), advance), most_rows)
        told = ((table.name, each.name, each.type.value, each.meaning) for table in tables_for(scope) for each in table.columns)
        _sheets(book, "dictionary", DICTIONARY, told, most_rows)


def _facts(scope: Scope) -> Iterator[tuple[str, str]]:
    for name, value in manifest.about(scope).items():
        yield name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _reporting(rows: Iterable[Sequence[Any]], advance: Advance) -> Iterator[Sequence[Any]]:
    done = 0
    for done, row in enumerate(rows, start=1):
        yield row
        if done % REPORT_EVERY == 0:
            advance(REPORT_EVERY)
    advance(done % REPORT_EVERY)


def _sheets(book: Workbook, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], most_rows: int) -> None:
    sheet, line, number = _sheet(book, name, columns), 1, 1
    for row in rows:
        if line == most_rows:
            number, line = number + 1, 1
            sheet = _sheet(book, f"{name} ({number})", columns)
        for at, (value, column) in enumerate(zip(row, columns, strict=True)):
            _put(sheet, line, at, value, column.type)
        line += 1


def _sheet(book: Workbook, name: str, columns: Sequence[Column]) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column.name)
    return sheet


def _put(sheet: Worksheet, line: int, at: int, value: Any, kind: Type) -> None:
    """Numbers are cells of numbers; all else is text, which Excel neither runs nor guesses at, so nothing is put before it."""
    if value is None or value == "":
        return
    if kind is Type.BOOLEAN:
        sheet.write_boolean(line, at, value)
    elif kind in (Type.INTEGER, Type.NUMBER) and abs(value) < EXACT:
        sheet.write_number(line, at, value)
    else:
        sheet.write_string(line, at, shortened(str(value) if kind is Type.TEXT else cells.write(value, kind)))


def shortened(text: str, most: int = MOST_UNITS) -> str:
    """What a cell can hold, with a mark where something is missing. No character is cut in two."""
    text = NOT_XML.sub("\ufffd", storable(text))
    if len(text.encode("utf-16-le")) // 2 <= most:
        return text
    room = (most - len(CUT)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + CUT
