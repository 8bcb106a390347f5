"""The table of help lines as CSV, out and in: a line with the country, language and name of one that is there changes it, others are added."""

import csv
import io
from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db import transaction

from surveys.support import SupportResource

COLUMNS = ("country", "language", "name", "contact", "url", "note", "checked_on", "active")
MOST_BYTES = 1024 * 1024


class Unreadable(ValueError):
    """Why nothing was taken from the file, with the line."""


def rows(resources: Iterable[SupportResource]) -> Iterator[tuple[str, ...]]:
    for each in resources:
        yield tuple(_written(getattr(each, column)) for column in COLUMNS)


def _written(value: object) -> str:
    return "" if value is None else ("yes" if value else "no") if isinstance(value, bool) else str(value)


@transaction.atomic
def read(content: bytes) -> tuple[int, int]:
    """How many were added and how many changed; all or none. Raises Unreadable."""
    added = changed = 0
    for number, line in _lines(content):
        key = {column: (line.get(column) or "").strip() for column in ("country", "language", "name")}
        resource = SupportResource.objects.filter(**key).first() or SupportResource(**key)
        for column in ("contact", "url", "note"):
            setattr(resource, column, (line.get(column) or "").strip())
        resource.active = (line.get("active") or "yes").strip().lower() not in ("no", "false", "0")
        resource.checked_on = (line.get("checked_on") or "").strip() or None
        try:
            resource.full_clean()
        except ValidationError as problem:
            raise Unreadable(f"Line {number}: {' '.join(problem.messages)}") from problem
        is_new = resource._state.adding
        resource.save()
        added, changed = added + is_new, changed + (not is_new)
    return added, changed


def _lines(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    if len(content) > MOST_BYTES:
        raise Unreadable("The file is larger than 1 MB.")
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True)
        if missing := {"country", "language", "name"} - set(reader.fieldnames or ()):
            raise Unreadable(f"Line 1: the column {sorted(missing)[0]} is missing.")
        yield from ((reader.line_num, line) for line in reader)
    except UnicodeDecodeError as problem:
        raise Unreadable(f"The file is not UTF-8 text (byte {problem.start + 1}).") from problem
    except csv.Error as problem:
        raise Unreadable(f"Line {reader.line_num}: {problem}.") from problem
