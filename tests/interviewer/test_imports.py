"""Interviews held elsewhere: every row is imported once or named with its line and the reason."""

import csv
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from interviewer.imports import Columns, Problem, Record, Spoken, WrongColumns, columns, country, records, rows, transcript
from interviewer.models import Interview, Turn
from surveys.models import Participant, Survey
from tests.conftest import make_survey
from tests.guides import TWO_OPEN

db = pytest.mark.django_db(transaction=True)
TALK = "Assistant: Hi!\n\nReady?\n\nUser: Yes.\n\nI am.\nAI: Tea?\nAI: Or coffee?\nUser:\nUser: Tea: green"


def read(source_text: str, **options: str) -> list[Record | Problem]:
    source = rows(source_text.splitlines(keepends=True))
    _, header = next(source)
    return list(records(source, header, columns(header, **options)))


def test_a_transcript_is_taken_apart_at_its_marks() -> None:
    assert transcript(TALK) == (
        Spoken(False, "Hi!\n\nReady?"),
        Spoken(True, "Yes.\n\nI am."),
        Spoken(False, "Tea?\n\nOr coffee?"),
        Spoken(True, "Tea: green"),
    )


def test_rows_that_cannot_be_read_are_named_by_the_line_they_begin_on() -> None:
    text = (
        'transcript_id,text\na,"AI: Hi\nUser: Hello"\n,"User: no id"\nb,\n\nc,no marks\n'
        'd,"Before\nUser: x"\ne,"AI: Only me"\nf,User: x,too many\ng,User: \udcff\n'
        f"h,User: {'x' * 200_000}\ni,User: \0\nj,User: fine\n"
    )
    assert read(text) == [
        Record(2, "a", (Spoken(False, "Hi"), Spoken(True, "Hello"))),
        Problem(4, "has nothing in 'transcript_id'"),
        Problem(5, "has nothing in 'text'"),
        Problem(7, "has no line that begins with AI:, Assistant: or User:"),
        Problem(8, "has text before the first AI:, Assistant: or User:"),
        Problem(10, "holds nothing that the participant said"),
        Problem(11, "has 3 fields, the header 2; a quotation mark may be missing"),
        Problem(12, "holds bytes that are not UTF-8"),
        Problem(13, "is longer than 200,000 characters"),
        Problem(14, "holds a NUL character"),
        Record(15, "j", (Spoken(True, "fine"),)),
    ]


def test_answers_come_from_the_columns_named_with_country_and_language() -> None:
    text = "Participant ID;Answer;Land;Lang\n1;Tee;Kenya;DE\n2;Kaffee;de;zh_CN\n3;Nichts;Atlantis;de\n4;Nichts;;deutsch!\n"
    assert read(text, text="Answer", country="Land", language="Lang") == [
        Record(2, "1", (Spoken(True, "Tee"),), country="KE", language="de"),
        Record(3, "2", (Spoken(True, "Kaffee"),), country="DE", language="zh-hans"),
        Problem(4, "'Atlantis' is no country: use the two-letter code, such as KE"),
        Problem(5, "'deutsch!' is no language code such as en or zh-hans"),
    ]


def test_a_file_with_other_columns_says_what_would_help() -> None:
    with pytest.raises(WrongColumns, match=r"There is no column 'words'\. The file has the columns 'a', 'b'\."):
        columns(["a", "b"], text="words")
    with pytest.raises(WrongColumns, match="name the column with --text"):
        columns(["id", "answer"])
    with pytest.raises(WrongColumns, match="with --id"):
        columns(["who", "text"])
    assert columns(["Text", "Participant ID"]) == Columns("Participant ID", "Text")


def test_countries_are_codes_or_english_names() -> None:
    assert [country(value) for value in ("ke", "Kenya", " ", "South Korea")] == ["KE", "KE", "", "KR"]


# --- The command ----------------------------------------------------------------------------------------------------


def write(path: Path, *lines: tuple[str, ...]) -> str:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(lines)
    return str(path)


def stored() -> list[tuple[object, ...]]:
    turns = Turn.objects.order_by("interview__participant__external_id", "number")
    return list(turns.values_list("interview__participant__external_id", "number", "role", "question_key", "text"))


@db
def test_transcripts_are_imported_once_however_often(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    survey = make_survey(TWO_OPEN)
    file = write(tmp_path / "talks.csv", ("transcript_id", "text"), ("a", TALK), ("b", "User: Hello"), ("a", TALK), ("a", "User: Other"))
    call_command("import_interviews", file, "--survey", "tea", "--errors", str(tmp_path / "errors.csv"))
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == "2 imported, 1 imported before, 1 not read."
    assert "Line 25: its id was imported before with other content; answers to another question need --question." in said.err
    assert (tmp_path / "errors.csv").read_text().splitlines()[1].startswith("25,its id was imported before")
    before = stored()
    assert len(before) == 5
    call_command("import_interviews", file, "--survey", "tea")
    assert capsys.readouterr().out.splitlines()[0] == "0 imported, 3 imported before, 1 not read."
    assert stored() == before
    assert set(Interview.objects.values_list("status", "awaiting", "language", "guide_version")) == {
        ("completed", "nobody", "en", survey.versions.get().pk)
    }
    assert set(Participant.objects.values_list("origin", "external_id", "consent")) == {("imported", "a", None), ("imported", "b", None)}
    assert Interview.objects.filter(analysis__status="waiting").count() == 2


@db
def test_answers_to_several_questions_become_one_interview(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_survey(TWO_OPEN)
    first = write(tmp_path / "first.csv", ("Participant ID", "Response"), ("p1", "Green tea"), ("p2", "ماء"))
    second = write(tmp_path / "second.csv", ("Participant ID", "Response"), ("p1", "The first of the day"), ("p3", "None"))
    for _ in range(2):
        call_command("import_interviews", first, "--survey", "tea", "--text", "Response", "--question", "last_cup", "--language-code", "ar")
        call_command("import_interviews", second, "--survey", "tea", "--text", "Response", "--question", "best_cup")
    assert capsys.readouterr().out.splitlines()[-1] == "0 imported, 2 imported before, 0 not read."
    assert stored() == [
        ("p1", 1, "interviewer", "last_cup", "[ar] last_cup?"),
        ("p1", 2, "participant", "last_cup", "Green tea"),
        ("p1", 3, "interviewer", "best_cup", "[ar] best_cup?"),
        ("p1", 4, "participant", "best_cup", "The first of the day"),
        ("p2", 1, "interviewer", "last_cup", "[ar] last_cup?"),
        ("p2", 2, "participant", "last_cup", "ماء"),
        ("p3", 1, "interviewer", "best_cup", "[en] best_cup?"),
        ("p3", 2, "participant", "best_cup", "None"),
    ]


@db
def test_an_id_of_someone_who_takes_part_here_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    survey = make_survey(TWO_OPEN)
    Participant.objects.create(survey=survey, external_id="p1", language="en")
    file = write(tmp_path / "talks.csv", ("id", "text"), ("p1", "User: Hello"))
    call_command("import_interviews", file, "--survey", "tea")
    assert "Line 2: its id belongs to someone who takes part here." in capsys.readouterr().err
    assert stored() == []


@db
def test_a_survey_that_cannot_take_interviews_yet_says_what_to_do(tmp_path: Path) -> None:
    file = write(tmp_path / "talks.csv", ("id", "text"), ("p1", "User: Hello"))
    with pytest.raises(CommandError, match=r"There is no survey 'tea'\. Make it in the admin, or add --create"):
        call_command("import_interviews", file, "--survey", "tea")
    Survey.objects.create(slug="tea", title="Tea", languages=["en"])
    with pytest.raises(CommandError, match="The guide of 'tea' is not published yet"):
        call_command("import_interviews", file, "--survey", "tea")


@db
def test_an_unknown_question_is_answered_with_those_there_are(tmp_path: Path) -> None:
    make_survey(TWO_OPEN)
    file = write(tmp_path / "a.csv", ("id", "text"), ("p1", "Hello"))
    with pytest.raises(CommandError, match=r"no question 'tea'\. It has: last_cup, best_cup\."):
        call_command("import_interviews", file, "--survey", "tea", "--text", "text", "--question", "tea")


@db
@pytest.mark.parametrize(
    ("name", "options", "count"),
    [
        ("interviews_creatives.csv", (), 125),
        ("hopes_labelled.csv", ("--text", "ResponseText", "--question", "magic_wand"), 1228),
        ("fears_labelled.csv", ("--text", "ResponseText", "--question", "concerns"), 1238),
    ],
)
def test_real_files_come_in_whole(name: str, options: tuple[str, ...], count: int, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(os.environ.get("COLLOQUY_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
    if not (folder / name).exists():
        pytest.skip(f"{name} is not here: it is no part of the project (COLLOQUY_SHARED_DATA says where it is)")
    for expected in (f"{count} imported, 0 imported before, 0 not read.", f"0 imported, {count} imported before, 0 not read."):
        call_command("import_interviews", str(folder / name), "--survey", "real", "--create", *options)
        assert capsys.readouterr().out.splitlines()[0] == expected
    assert Interview.objects.count() == count
