"""One value as one CSV cell and back: lossless for programs, harmless in spreadsheets."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from surveys.cells import guard, storable, unguard


class Type(StrEnum):
    """What a column holds. Only text can carry what a stranger wrote, so only text is guarded."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIME = "time"
    JSON = "json"


def _text(value: object) -> str:
    return guard(storable(str(value)))


def _time(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


WRITERS: dict[Type, Callable[[Any], str]] = {
    Type.TEXT: _text,
    Type.INTEGER: str,
    Type.NUMBER: repr,
    Type.BOOLEAN: lambda value: "true" if value else "false",
    Type.TIME: _time,
    # Escaped, JSON is plain ASCII and begins with a bracket, a quote, a letter or a number.
    Type.JSON: json.dumps,
}
READERS: dict[Type, Callable[[str], Any]] = {
    Type.TEXT: unguard,
    Type.INTEGER: int,
    Type.NUMBER: float,
    Type.BOOLEAN: lambda cell: {"true": True, "false": False}[cell],
    Type.TIME: datetime.fromisoformat,
    Type.JSON: json.loads,
}


def write(value: object, kind: Type) -> str:
    """None is an empty cell."""
    return "" if value is None else WRITERS[kind](value)


def read(cell: str, kind: Type) -> Any:
    """What was written; an empty cell is "" in a text column and None in any other. Raises ValueError or KeyError for what we did not write."""
    if cell == "" and kind is not Type.TEXT:
        return None
    return READERS[kind](cell)
