"""Reads interviews held elsewhere from CSV: transcripts with speaker marks, or one answer a row. Pure: no records are made here."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from surveys.languages import ISO_COUNTRIES, countries, normalise

MOST_CHARACTERS = 200_000
MOST_ID = 200
LONGEST_FIELD = 50_000_000
ID_COLUMNS = ("transcript_id", "interview_id", "participant_id", "participant id", "respondent_id", "id")
INTERVIEWER_MARKS, PARTICIPANT_MARKS = ("AI", "Assistant"), ("User",)
_MARK = re.compile(rf"^[ \t]*({'|'.join(INTERVIEWER_MARKS + PARTICIPANT_MARKS)})[ \t]*:", re.MULTILINE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


@dataclass(frozen=True)
class Problem:
    """Why a row was not read. line: where the row begins in the file, the header being line 1."""

    line: int
    why: str


@dataclass(frozen=True)
class Spoken:
    by_participant: bool
    text: str


@dataclass(frozen=True)
class Columns:
    """Which column holds what. `answer`: one answer a row, instead of a transcript; `question`: the guide question it answers."""

    id: str
    text: str
    answer: bool = False
    question: str = ""
    country: str = ""
    language: str = ""


@dataclass(frozen=True)
class Record:
    """One row as read: a whole transcript, or one answer."""

    line: int
    external_id: str
    turns: tuple[Spoken, ...]
    question: str = ""
    country: str = ""
    language: str = ""


class Unreadable(ValueError):
    """The reason, as it is shown to whoever imports."""


class WrongColumns(ValueError):
    """The file as a whole cannot be read: a sentence that says which option would help."""


def columns(header: Sequence[str], *, text: str = "", id: str = "", question: str = "", country: str = "", language: str = "") -> Columns:
    """Finds the columns in the header. With `text` the file has one answer a row; without, transcripts. Raises WrongColumns."""
    there = f"The file has the columns {', '.join(map(repr, header))}."
    for wanted in filter(None, (text, id, country, language)):
        if wanted not in header:
            raise WrongColumns(f"There is no column '{wanted}'. {there}")
    by_lower = {name.strip().lower(): name for name in reversed(header)}
    found_id = id or next((by_lower[name] for name in ID_COLUMNS if name in by_lower), "")
    found_text = text or by_lower.get("text", "")
    if not found_text:
        raise WrongColumns(f"{there} Transcripts need a column 'text'; for one answer a row name the column with --text.")
    if not found_id:
        raise WrongColumns(f"{there} Name the one that tells participants apart with --id.")
    return Columns(found_id, found_text, answer=bool(text), question=question, country=country, language=language)


def rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """(line on which the row begins, fields), the header first. Commas, semicolons or tabs, as the header has them. Blank lines are passed over."""
    source = iter(lines)
    first = next(source, "")
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(LONGEST_FIELD)

    def whole() -> Iterator[str]:
        yield first
        yield from source

    reader = csv.reader(whole(), delimiter=delimiter)
    begins = 1
    for fields in reader:
        if any(fields):
            yield begins, fields
        begins = reader.line_num + 1


def records(source: Iterator[tuple[int, list[str]]], header: Sequence[str], found: Columns) -> Iterator[Record | Problem]:
    """Every row after the header as a record, or as the reason why it is none."""
    while True:
        try:
            line, fields = next(source)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(0, f"the rest of the file cannot be read: {error}")
            return
        try:
            yield _record(line, fields, header, found)
        except Unreadable as reason:
            yield Problem(line, str(reason))


def _record(line: int, fields: list[str], header: Sequence[str], found: Columns) -> Record:
    if len(fields) > len(header):
        raise Unreadable(f"has {len(fields)} fields, the header {len(header)}; a quotation mark may be missing")
    row = dict(zip(header, fields, strict=False))
    external_id, text = row.get(found.id, "").strip(), row.get(found.text, "").replace("\r\n", "\n").replace("\r", "\n").strip()
    for value in row.values():
        _check_characters(value)
    if not external_id:
        raise Unreadable(f"has nothing in '{found.id}'")
    if len(external_id) > MOST_ID:
        raise Unreadable(f"'{found.id}' is longer than {MOST_ID} characters")
    if not text:
        raise Unreadable(f"has nothing in '{found.text}'")
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(f"is longer than {MOST_CHARACTERS:,} characters")
    turns = (Spoken(True, text),) if found.answer else transcript(text)
    language = row.get(found.language, "").strip()
    return Record(line, external_id, turns, found.question, country(row.get(found.country, "")), language_code(language) if language else "")


def _check_characters(value: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise Unreadable("holds bytes that are not UTF-8")
    if "\0" in value:
        raise Unreadable("holds a NUL character")


def transcript(text: str) -> tuple[Spoken, ...]:
    """Turns begin on lines marked 'AI:', 'Assistant:' or 'User:'; one speaker's successive turns are one. Raises Unreadable."""
    marks = list(_MARK.finditer(text))
    if not marks:
        raise Unreadable("has no line that begins with AI:, Assistant: or User:")
    if text[: marks[0].start()].strip():
        raise Unreadable("has text before the first AI:, Assistant: or User:")
    turns: list[Spoken] = []
    for mark, following in zip(marks, [*(mark.start() for mark in marks[1:]), len(text)], strict=True):
        spoken = Spoken(mark[1] in PARTICIPANT_MARKS, text[mark.end() : following].strip())
        if not spoken.text:
            continue
        if turns and turns[-1].by_participant == spoken.by_participant:
            turns[-1] = Spoken(spoken.by_participant, f"{turns[-1].text}\n\n{spoken.text}")
        else:
            turns.append(spoken)
    if not any(turn.by_participant for turn in turns):
        raise Unreadable("holds nothing that the participant said")
    return tuple(turns)


def language_code(value: str) -> str:
    """Raises Unreadable."""
    code = normalise(value)
    if len(code) > 16 or not _LANGUAGE.fullmatch(code):
        raise Unreadable(f"'{value[:30]}' is no language code such as en or zh-hans")
    return code


def country(value: str) -> str:
    """ISO 3166-1 alpha-2 of a code or an English name; '' for nothing. Raises Unreadable."""
    value = value.strip()
    if not value or value.upper() in ISO_COUNTRIES:
        return value.upper()
    by_name = {name.lower(): code for code, name in countries("en")}
    if value.lower() not in by_name:
        raise Unreadable(f"'{value[:30]}' is no country: use the two-letter code, such as KE")
    return by_name[value.lower()]
