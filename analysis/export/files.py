"""CSV files: written as a stream of bytes, one batch of rows in memory at a time, and read back."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async

from analysis.export import cells
from analysis.export.cells import Type
from analysis.export.columns import Column, Scope
from analysis.export.tables import Table

Chunks = Generator[bytes, None, None]
BATCH = 1000
LONGEST_CELL = 2**31 - 1
BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets take UTF-8 for something else
DICTIONARY = (Column("column", Type.TEXT, ""), Column("type", Type.TEXT, ""), Column("meaning", Type.TEXT, ""))


class NoDictionary(ValueError):
    """Raised where a CSV file's data dictionary is not beside it, so that the types of its columns are not known."""


def _ignore(rows: int) -> None:
    pass


def chunks(columns: Sequence[Column], rows: Iterable[Sequence[object]], *, advance: Callable[[int], object] = _ignore) -> Chunks:
    """The file in pieces of a thousand rows. `advance` is told how many rows were written."""
    kinds = [column.type for column in columns]
    iterator = iter(rows)
    yield _encode([[column.name for column in columns]], start=BYTE_ORDER_MARK)
    while batch := [[cells.write(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in islice(iterator, BATCH)]:
        yield _encode(batch)
        advance(len(batch))


def _encode(rows: Iterable[Sequence[str]], start: str = "") -> bytes:
    buffer = io.StringIO(start, newline="")
    buffer.seek(len(start))
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()


def table_chunks(table: Table, scope: Scope, *, advance: Callable[[int], object] = _ignore) -> Chunks:
    return chunks(table.columns, table.rows(scope), advance=advance)


def dictionary_chunks(table: Table) -> Chunks:
    return chunks(DICTIONARY, ((column.name, column.type.value, column.meaning) for column in table.columns))


async def in_thread(pieces: Chunks) -> AsyncIterator[bytes]:
    """The same pieces, each made in the request's thread, which holds the database connection, while the event loop goes on."""
    take = sync_to_async(lambda: next(pieces, None))
    try:
        while (piece := await take()) is not None:
            yield piece
    finally:
        await sync_to_async(pieces.close)()


def save(path: Path, pieces: Chunks) -> None:
    """The file appears whole or not at all."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with unfinished.open("wb") as file:
            file.writelines(pieces)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def dictionary_path(path: Path) -> Path:
    return path.with_name(f"{path.stem}.dictionary.csv")


def read(path: Path | str, types: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The rows of an exported file as they were written: apostrophes taken off, numbers, times and JSON as such.

    `types` gives the type of each column; without it the data dictionary beside the file does (`turns.dictionary.csv` for `turns.csv`).
    Raises NoDictionary where there is none, ValueError for a column it does not name.
    """
    path = Path(path)
    if types is None:
        beside = dictionary_path(path)
        if not beside.exists():
            raise NoDictionary(f"{beside.name} is not beside {path.name}: keep the two together, or pass the columns' types.")
        types = {row["column"]: row["type"] for row in read(beside, {column.name: column.type for column in DICTIONARY})}
    kept = csv.field_size_limit(LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            names = next(reader, [])
            if unknown := [name for name in names if name not in types]:
                raise ValueError(f"{path.name}: no type is known for {', '.join(unknown)}")
            kinds = [Type(types[name]) for name in names]
            return [{name: cells.read(cell, kind) for name, cell, kind in zip(names, row, kinds, strict=True)} for row in reader]
    finally:
        csv.field_size_limit(kept)
