"""SPSS system files (.sav), written row by row: variable and value labels, missing values, texts in UTF-8.

The format is described by PSPP's developers: https://www.gnu.org/software/pspp/pspp-dev/html_node/System-File-Format.html
"""

import json
import struct
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from analysis.export.cells import Type
from analysis.export.columns import Scope
from analysis.export.wide import Value, Variable, wide
from surveys.cells import storable

MISSING = -sys.float_info.max
EPOCH = datetime(1582, 10, 14, tzinfo=UTC)
MOST_BYTES = 4000  # of a text; SPSS takes 32,767, and each row would be as wide
CUT = " [...]"
SEGMENT, ALLOCATED = 255, 252
NO_TIME = (b"01 Jan 80", b"00:00:00")
FORMATS = {Type.INTEGER: (5, 12, 0), Type.NUMBER: (5, 12, 2), Type.BOOLEAN: (5, 1, 0), Type.TIME: (22, 20, 0)}
NOTE = f"Texts of more than {MOST_BYTES} bytes in UTF-8 are cut and end with{CUT}; the CSV files have all of them."
BIAS = 100


@dataclass(frozen=True)
class Place:
    """A variable with its width in bytes (0: a number) and the number of its first segment."""

    variable: Variable
    width: int
    number: int

    @property
    def segments(self) -> list[int]:
        """The widths it is split into: a long text is several variables to old programs."""
        if self.width <= SEGMENT:
            return [self.width]
        count = -(-self.width // ALLOCATED)
        return [SEGMENT] * (count - 1) + [self.width - (count - 1) * ALLOCATED]

    @property
    def short(self) -> str:
        return f"V{self.number:06}"


def write(scope: Scope, path: Path, advance: Callable[[int], object]) -> None:
    table = wide(scope)
    write_rows(path, scope.survey.title, table.variables, table.rows(scope), advance)


def write_rows(path: Path, title: str, variables: Sequence[Variable], rows: Iterable[Sequence[Value]], advance: Callable[[int], object]) -> None:
    """Rows wait in a temporary file until it is known how wide the widest text is."""
    widths, count = [1 if variable.type is Type.TEXT else 0 for variable in variables], 0
    with TemporaryFile("w+", encoding="utf-8", dir=path.parent) as waiting, path.open("wb") as file:
        for row in rows:
            plain = [_plain(value) for value in row]
            widths = [max(width, len(value.encode())) if isinstance(value, str) else width for width, value in zip(widths, plain, strict=True)]
            waiting.write(json.dumps(plain) + "\n")
            count += 1
            advance(1)
        places = _placed(variables, widths)
        file.writelines(_dictionary(title, places, count))
        waiting.seek(0)
        _data(file, places, waiting)


def _plain(value: Value) -> float | str | None:
    if isinstance(value, datetime):
        return (value - EPOCH).total_seconds()
    return shortened(storable(value)) if isinstance(value, str) else value


def shortened(text: str, most: int = MOST_BYTES) -> str:
    """At most so many bytes, cut between characters and marked."""
    if len(text.encode()) <= most:
        return text
    return _clipped(text, most - len(CUT)) + CUT


def _clipped(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")


def _placed(variables: Sequence[Variable], widths: Sequence[int]) -> list[Place]:
    places, number = [], 1
    for variable, width in zip(variables, widths, strict=True):
        places.append(Place(variable, width, number))
        number += len(places[-1].segments)
    return places


def _dictionary(title: str, places: Sequence[Place], rows: int) -> Iterator[bytes]:
    elements = sum(_elements(width) for place in places for width in place.segments)
    yield b"$FL2" + b"@(#) SPSS DATA FILE Colloquy".ljust(60)
    yield struct.pack("<5id", 2, elements, 1, 0, rows, BIAS) + b"".join(NO_TIME) + _padded(_clipped(storable(title), 64), 64) + bytes(3)
    for place in places:
        yield from _variable(place)
    at = 1
    for place in places:
        if place.variable.labels:
            yield _value_labels(place.variable, at)
        at += sum(map(_elements, place.segments))
    note = [NOTE[start : start + 80].ljust(80).encode() for start in range(0, len(NOTE), 80)]
    yield struct.pack("<2i", 6, len(note)) + b"".join(note)
    yield from _extensions(places, rows)
    yield struct.pack("<2i", 999, 0)


def _elements(width: int) -> int:
    return max(1, -(-width // 8))


def _padded(text: str, width: int) -> bytes:
    return text.encode().ljust(width)


def _variable(place: Place) -> Iterator[bytes]:
    label = _clipped(storable(place.variable.label), 255).encode()
    for segment, width in enumerate(place.segments):
        kind, shown, decimals = (1, width, 0) if width else FORMATS[place.variable.type]
        form = kind << 16 | shown << 8 | decimals
        name = f"V{place.number + segment:06}".encode().ljust(8)
        labelled = bool(label) and segment == 0
        yield struct.pack("<6i", 2, width, labelled, 0, form, form) + name
        if labelled:
            yield struct.pack("<i", len(label)) + label.ljust(-(-len(label) // 4) * 4)
        yield (struct.pack("<6i", 2, -1, 0, 0, 0, 0) + b" " * 8) * (_elements(width) - 1)


def _value_labels(variable: Variable, at: int) -> bytes:
    written = struct.pack("<2i", 3, len(variable.labels))
    for number, label in variable.labels:
        text = _clipped(storable(label), 120).encode()
        written += struct.pack("<dB", number, len(text)) + text.ljust(-(-(len(text) + 1) // 8) * 8 - 1)
    return written + struct.pack("<3i", 4, 1, at)


def _extensions(places: Sequence[Place], rows: int) -> Iterator[bytes]:
    """What the first version of the format had no room for."""
    yield _extension(3, 4, struct.pack("<8i", 1, 0, 0, -1, 1, 1, 2, 65001))
    yield _extension(4, 8, struct.pack("<2d", MISSING, sys.float_info.max) + bytes.fromhex("feffffffffffefff"))
    measures = (_measure(place.variable) for place in places for _ in place.segments)
    yield _extension(11, 4, b"".join(struct.pack("<3i", measure, 8, 0) for measure in measures))
    yield _extension(13, 1, "\t".join(f"{place.short}={place.variable.name}" for place in places).encode())
    if long := [place for place in places if place.width > SEGMENT]:
        yield _extension(14, 1, "".join(f"{place.short}={place.width:05}\0\t" for place in long).encode())
    yield _extension(16, 8, struct.pack("<2q", 1, rows))
    yield _extension(20, 1, b"UTF-8")


def _measure(variable: Variable) -> int:
    """Nominal, ordinal or scale."""
    if variable.ordered:
        return 2
    return 1 if variable.labels or variable.type is Type.TEXT else 3


def _extension(kind: int, size: int, data: bytes) -> bytes:
    return struct.pack("<4i", 7, kind, size, len(data) // size) + data


def _data(file: IO[bytes], places: Sequence[Place], rows: IO[str]) -> None:
    """Eight codes of a byte, then what they do not say themselves: small whole numbers, blanks and missing values take no more than the code."""
    codes, spelled = bytearray(), bytearray()
    for line in rows:
        for element in _row(places, json.loads(line)):
            codes.append(_code(element))
            if codes[-1] == SPELLED:
                spelled += element
            if len(codes) == 8:
                file.write(codes + spelled)
                codes.clear()
                spelled.clear()
    if codes:
        file.write(codes.ljust(8, b"\0") + spelled)


SPELLED, BLANK, NOTHING = 253, 254, 255
SMALL = {struct.pack("<d", number - BIAS): number for number in range(1, 252)}
SAID = SMALL | {b" " * 8: BLANK, struct.pack("<d", MISSING): NOTHING}


def _code(element: bytes) -> int:
    return SAID.get(element, SPELLED)


def _row(places: Sequence[Place], values: Sequence[float | str | None]) -> Iterator[bytes]:
    for place, value in zip(places, values, strict=True):
        if not place.width:
            yield struct.pack("<d", MISSING if value is None else value)
            continue
        text = str(value or "").encode().ljust(place.width)
        for number, width in enumerate(place.segments):
            part = text[number * SEGMENT : number * SEGMENT + width].ljust(_elements(width) * 8)
            yield from (part[start : start + 8] for start in range(0, len(part), 8))
