"""ZIP files that are the same, byte for byte, whenever the same is put into them; and the bundle of all tables as one."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from analysis.export import files, manifest
from analysis.export.columns import Scope
from analysis.export.tables import tables_for

NO_TIME = (1980, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16
UNIX = 3


def put(archive: ZipFile, name: str, pieces: Iterable[bytes]) -> None:
    """No time, no owner, no system of the machine it was made on."""
    entry = ZipInfo(name, NO_TIME)
    entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, UNIX, READABLE
    with archive.open(entry, "w", force_zip64=True) as file:
        for piece in pieces:
            file.write(piece)


def entries(scope: Scope, advance: Callable[[int], object]) -> Iterator[tuple[str, files.Chunks]]:
    """Every table with its dictionary, and the manifest last. Each has to be read to its end before the next is asked for."""
    listed = []
    for table in tables_for(scope):
        rows, explained = manifest.Counted(), manifest.Counted()

        def both(number: int, rows: manifest.Counted = rows) -> None:
            rows.advance(number)
            advance(number)

        yield f"{table.name}.csv", rows.pieces(files.table_chunks(table, scope, advance=both))
        yield f"{table.name}.dictionary.csv", explained.pieces(files.dictionary_chunks(table))
        listed += [rows.file(f"{table.name}.csv", rows=rows.rows), explained.file(f"{table.name}.dictionary.csv")]
    yield "manifest.json", (piece for piece in [manifest.written(manifest.of(scope, listed))])


def write_bundle(scope: Scope, path: Path, advance: Callable[[int], object]) -> None:
    with ZipFile(path, "w") as archive:
        for name, pieces in entries(scope, advance):
            put(archive, name, pieces)


def bundle_rows(scope: Scope) -> int:
    return sum(table.count(scope) for table in tables_for(scope))
