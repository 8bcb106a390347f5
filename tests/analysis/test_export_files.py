"""CSV cells and files: spreadsheets run nothing in them, and reading them back loses nothing."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from analysis.export import files
from analysis.export.cells import Type, read, write
from analysis.export.columns import Column
from surveys.cells import STARTS_A_FORMULA, guard, unguard
from tests.analysis.results import HOSTILE


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_comes_back_as_it_was_and_never_begins_like_a_formula(text: str) -> None:
    cell = write(text, Type.TEXT)
    assert read(cell, Type.TEXT) == text
    assert not cell.strip(" \ufeff").startswith(STARTS_A_FORMULA)


def test_exactly_one_apostrophe_is_added_and_taken_off() -> None:
    assert [guard(text) for text in ("=1", "'=1", "a=1", "it's")] == ["'=1", "''=1", "a=1", "it's"]
    assert [unguard(cell) for cell in ("'=1", "''=1", "a=1", "it's")] == ["=1", "'=1", "a=1", "it's"]


@pytest.mark.parametrize(
    ("value", "kind", "cell"),
    [
        (-5, Type.INTEGER, "-5"),
        (None, Type.INTEGER, ""),
        (-0.1, Type.NUMBER, "-0.1"),
        (1 / 3, Type.NUMBER, "0.3333333333333333"),
        (True, Type.BOOLEAN, "true"),
        (False, Type.BOOLEAN, "false"),
        (datetime(2026, 3, 1, 12, 30, 15, 250, tzinfo=UTC), Type.TIME, "2026-03-01T12:30:15.000250Z"),
        (-3, Type.JSON, "-3"),
        ("=1", Type.JSON, '"=1"'),
        (["a", "ü"], Type.JSON, '["a", "\\u00fc"]'),
    ],
)
def test_typed_values_are_never_guarded_and_come_back_equal(value: object, kind: Type, cell: str) -> None:
    assert write(value, kind) == cell
    assert read(cell, kind) == value


def test_what_no_csv_file_can_hold_becomes_the_replacement_character() -> None:
    assert write("a\0b\ud800c", Type.TEXT) == "a\ufffdb\ufffdc"


def test_a_file_comes_back_equal_from_disk(tmp_path: Path) -> None:
    columns = (Column("number", Type.INTEGER, ""), Column("text", Type.TEXT, ""))
    files.save(tmp_path / "any.csv", files.chunks(columns, list(enumerate(HOSTILE))))
    expected = [{"number": number, "text": text} for number, text in enumerate(HOSTILE)]
    assert files.read(tmp_path / "any.csv", {"number": "integer", "text": "text"}) == expected


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    def broken() -> Any:
        yield b"half"
        raise RuntimeError("the database went away")

    (tmp_path / "turns.csv").write_bytes(b"the last good one")
    with pytest.raises(RuntimeError):
        files.save(tmp_path / "turns.csv", broken())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"turns.csv": b"the last good one"}


def test_a_file_without_its_dictionary_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "turns.csv").write_text("text\r\n'=1\r\n")
    with pytest.raises(files.NoDictionary, match=r"turns\.dictionary\.csv is not beside turns\.csv"):
        files.read(tmp_path / "turns.csv")


def test_a_column_of_unknown_type_is_refused(tmp_path: Path) -> None:
    (tmp_path / "turns.csv").write_text("text,more\r\n")
    with pytest.raises(ValueError, match="no type is known for more"):
        files.read(tmp_path / "turns.csv", {"text": "text"})


async def test_a_download_that_is_broken_off_lets_go_of_its_rows() -> None:
    closed = []

    def pieces() -> Any:
        try:
            yield b"one"
            yield b"two"
        finally:
            closed.append(True)

    stream = files.in_thread(pieces())
    assert await anext(stream) == b"one"
    await stream.aclose()  # type: ignore[attr-defined]
    assert closed == [True]
