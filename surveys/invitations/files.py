"""Contacts as CSV files: read row by row with the reason where a row is none, and written for handing out links. Pure."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from surveys.cells import guard, storable, unguard
from surveys.invitations import addresses
from surveys.languages import LANGUAGE_CHOICES, best_match, normalise

COLUMNS = ("email", "name", "language", "external_id")
WRITTEN_TOO = ("link", "standing")  # in the files we write, and passed over when one comes back
MOST_BYTES, MOST_ROWS, MOST_ID = 5_000_000, 50_000, 200
LANGUAGES = [code for code, _ in LANGUAGE_CHOICES]


@dataclass(frozen=True)
class Row:
    """line: where the row begins in the file, the header being line 1."""

    line: int
    email: str = ""
    name: str = ""
    language: str = ""
    external_id: str = ""

    @property
    def key(self) -> str:
        return addresses.key(self.email)


@dataclass(frozen=True)
class Problem:
    """Why a row was not taken."""

    line: int
    why: str

    def __str__(self) -> str:
        return f"Line {self.line} {self.why}."


class NotContacts(ValueError):
    """The file as a whole cannot be read: a sentence for whoever brought it."""


def read(content: bytes) -> list[Row | Problem]:
    """Every row after the header. Raises NotContacts."""
    if len(content) > MOST_BYTES:
        raise NotContacts(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Divide it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise NotContacts(f"The file is not UTF-8: see line {line}. Save it as “CSV UTF-8”.") from error
    if "\0" in text:
        raise NotContacts("The file holds NUL characters: it is no text file. Save it as “CSV UTF-8”.")
    lines = _lines(text)
    header = _header(next(lines, (1, []))[1])
    found = [_row(line, fields, header) for line, fields in lines]
    if len(found) > MOST_ROWS:
        raise NotContacts(f"The file has more than {MOST_ROWS:,} rows. Divide it.")
    return found


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    begins = 1
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                yield begins, fields
            begins = reader.line_num + 1
    except csv.Error as error:
        raise NotContacts(f"The file cannot be read from line {begins} on: {error}. A quotation mark may be missing.") from error


def _header(fields: Sequence[str]) -> list[str]:
    header = [field.strip().lower().replace(" ", "_").replace("e-mail", "email") for field in fields]
    if not {"email", "external_id"} & set(header):
        raise NotContacts("The first line must name the columns: email, name, language, external_id; email or external_id at least.")
    if unknown := [name for name in header if name not in COLUMNS + WRITTEN_TOO]:
        raise NotContacts(f"There is no use for the column “{unknown[0][:40]}”. Leave in the file only {', '.join(COLUMNS)}.")
    if len(set(header)) < len(header):
        raise NotContacts("The first line names a column twice.")
    return header


def _row(line: int, fields: Sequence[str], header: Sequence[str]) -> Row | Problem:
    if len(fields) > len(header):
        return Problem(line, f"has {len(fields)} fields, the header {len(header)}")
    cells = {name: unguard(field).strip() for name, field in zip(header, fields, strict=False)}
    try:
        email = addresses.address(cells["email"]) if cells.get("email") else ""
    except addresses.NotAnAddress:
        return Problem(line, "has something else than an address under “email”")
    name, external_id = addresses.name(cells.get("name", "")), addresses.name(cells.get("external_id", ""))
    if not email and not external_id:
        return Problem(line, "has neither an address nor an external id")
    if len(name) > addresses.LONGEST_NAME:
        return Problem(line, f"has a name of more than {addresses.LONGEST_NAME} characters")
    if len(external_id) > MOST_ID:
        return Problem(line, f"has an external id of more than {MOST_ID} characters")
    language = _language(cells.get("language", ""))
    if language is None:
        return Problem(line, "has something else than a language code, such as en or pt, under “language”")
    return Row(line, email, name, language, external_id)


def _language(written: str) -> str | None:
    """One of the program's languages; "" for nothing, None for what is none of them."""
    if not written:
        return ""
    code = normalise(written)
    near = best_match([code], ["", *LANGUAGES])
    return near or None


def written(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """UTF-8 with the mark by which spreadsheets know it, line by line; nothing in it runs as a formula."""
    yield b"\xef\xbb\xbf"
    for row in rows:
        line = io.StringIO(newline="")
        csv.writer(line).writerow([guard(storable(cell)) for cell in row])
        yield line.getvalue().encode()
