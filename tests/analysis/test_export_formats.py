"""The formats beyond CSV, opened by other people's readers: the same rows, the same words, the same bytes twice."""

import hashlib
import io
import json
import tomllib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from analysis.export import manifest, workbook
from analysis.export.columns import Scope
from analysis.export.formats import FORMATS, make
from analysis.export.tables import TABLES
from surveys.models import Survey
from tests.analysis.results import HOSTILE, Results

pytestmark = pytest.mark.django_db


@pytest.fixture
def results() -> Results:
    results = Results()
    interview = results.interview(*HOSTILE, country="FR", language="fr", occupation="=cmd()", external_id="@panel-1", age_band="25-34")
    results.code(interview, "fears", "jobs", "-5 apples", "@SUM(A1)")
    results.code(interview, "mood", "2", "ends\nof\rall")
    results.code(interview, "fears", "bias", counted=False, confidence=None)
    results.translate(interview, 6, "=five apples")
    interview.satisfaction, interview.would_recommend = 6, False
    interview.save()
    results.people(1, origin="pilot", codes=[("fears", "bias")])
    results.people(1, codes=[("fears", "none"), ("mood", "1")])
    Results(slug="coffee").people(1, codes=[("fears", "bias")])
    return results


def made(results: Results, name: str, folder: Path) -> Path:
    path = folder / f"tea.{name}"
    make(FORMATS[name], Scope.of(results.survey), path)
    return path


@pytest.mark.parametrize("name", FORMATS)
def test_the_command_writes_the_same_bytes_twice_and_says_which(results: Results, tmp_path: Path, name: str) -> None:
    for folder in ("one", "two"):
        call_command("export", "tea", format=name, output=tmp_path / folder / f"tea.{name}", verbosity=0, stdout=io.StringIO())
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()} for folder in ("one", "two"))
    assert one == two
    assert one.keys() == {f"tea.{name}", f"tea.{name}.manifest.json"}
    content = one[f"tea.{name}"]
    told = json.loads(one[f"tea.{name}.manifest.json"])
    assert told["files"] == [{"name": f"tea.{name}", "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "rows": None}]


def test_a_manifest_says_what_the_file_was_made_from(results: Results) -> None:
    assert manifest.about(Scope.of(results.survey, pilot=True, codebook=1)) == {
        "format": "colloquy-export/1",
        "program": f"Colloquy {tomllib.loads((settings.BASE_DIR / 'pyproject.toml').read_text())['project']['version']}",
        "survey": {"slug": "tea", "title": "Tea & <i>us</i>"},
        "guide_versions": [{"number": 1, "sha256": "0" * 64}],
        "codebook_versions": [{"number": 1, "sha256": results.codebook.sha256}],
        "filters": {"origins": ["imported", "live", "pilot"], "codebook_version": 1, "for": "team"},
        "counts": {"interviews": 3, "set_aside": 0, "withdrawn": 0},
    }


def test_the_bundle_holds_what_the_folder_holds_and_its_manifest_fits(results: Results, tmp_path: Path) -> None:
    call_command("export", "tea", output=tmp_path / "folder", verbosity=0, stdout=io.StringIO())
    in_folder = {path.name: path.read_bytes() for path in (tmp_path / "folder").iterdir()}
    with ZipFile(made(results, "zip", tmp_path)) as bundle:
        assert {name: bundle.read(name) for name in bundle.namelist()} == in_folder
    listed = json.loads(in_folder.pop("manifest.json"))["files"]
    assert {file["name"]: (file["size"], file["sha256"]) for file in listed} == {
        name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in in_folder.items()
    }
    assert {file["name"]: file["rows"] for file in listed if file["rows"] is not None} == {
        f"{name}.csv": table.count(Scope.of(results.survey)) for name, table in TABLES.items()
    }


def sheet_rows(path: Path, name: str) -> list[list[Any]]:
    book = load_workbook(path, read_only=True)
    return [[unescape(value) if isinstance(value, str) else value for value in row] for row in book[name].iter_rows(values_only=True)]


def test_a_workbook_has_a_sheet_a_table_and_explains_each_column(results: Results, tmp_path: Path) -> None:
    path = made(results, "xlsx", tmp_path)
    assert load_workbook(path, read_only=True).sheetnames == ["about", *TABLES, "dictionary"]
    for name, table in TABLES.items():
        heading, *rows = sheet_rows(path, name)
        assert heading == [column.name for column in table.columns]
        assert len(rows) == table.count(Scope.of(results.survey))
    explained = [[name, column.name, column.type.value, column.meaning] for name, table in TABLES.items() for column in table.columns]
    assert sheet_rows(path, "dictionary")[1:] == explained
    assert ["format", "colloquy-export/1"] in sheet_rows(path, "about")


def test_in_a_workbook_words_are_words_and_none_is_a_formula_or_a_link(results: Results, tmp_path: Path) -> None:
    results.interview("https://example.org/", "mailto:me", "\ufffe")
    path = made(results, "xlsx", tmp_path)
    heading, *rows = sheet_rows(path, "turns")
    column = heading.index("text")
    said = [row[column] for row in rows]
    assert said[1 : len(HOSTILE)] == [text or None for text in HOSTILE[:-1]]
    assert said[len(HOSTILE)].endswith(workbook.CUT)
    assert len(said[len(HOSTILE)]) == 32_767
    assert said[-1] == "\ufffd"
    with ZipFile(path) as parts:
        inside = b"".join(parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/"))
    assert b"<f>" not in inside
    assert b"hyperlink" not in inside


@pytest.mark.parametrize(("text", "kept"), [("a" * 60, "a" * 60), ("a" * 61, "a" * (60 - len(workbook.CUT))), ("😀" * 31, "😀" * 8)])
def test_a_text_too_long_for_a_cell_is_cut_between_characters_and_marked(text: str, kept: str) -> None:
    assert workbook.shortened(text, 60) == (kept if kept == text else kept + workbook.CUT)


def test_a_table_too_long_for_a_sheet_goes_on_in_a_second(results: Results, tmp_path: Path) -> None:
    workbook.write(Scope.of(results.survey), tmp_path / "small.xlsx", lambda rows: None, most_rows=20)
    first, second = sheet_rows(tmp_path / "small.xlsx", "turns"), sheet_rows(tmp_path / "small.xlsx", "turns (2)")
    assert first[0] == second[0]
    rows = [*first[1:], *second[1:]]
    assert [(row[0], row[1]) for row in rows] == [(row[0], row[1]) for row in TABLES["turns"].rows(Scope.of(results.survey))]


def test_json_lines_nest_turns_codings_and_quotes_in_their_interview(results: Results, tmp_path: Path) -> None:
    first, second = map(json.loads, made(results, "jsonl", tmp_path).read_text(encoding="utf-8").split("\n")[:-1])
    assert (first["country"], first["completed_at"], first["satisfaction"], second["satisfaction"]) == ("FR", "2026-03-01T12:30:00Z", 6, None)
    assert [turn["text"] for turn in first["turns"]][1:] == HOSTILE
    assert [turn["text"] for turn in second["turns"]] == ["What would it do?", "Something."]
    assert [(each["dimension"], each["code"], [quote["quote"] for quote in each["quotes"]]) for each in first["codings"]] == [
        ("fears", "jobs", ["-5 apples", "@SUM(A1)"]),
        ("mood", "2", ["ends\nof\rall"]),
        ("fears", "bias", []),
    ]
    turns = {turn["number"]: turn["text"] for turn in first["turns"]}
    for quote in (quote for each in first["codings"] for quote in each["quotes"]):
        assert turns[quote["turn"]][quote["start"] : quote["end"]] == quote["quote"]
    assert [each["code"] for each in second["codings"]] == ["none", "1"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("parquet", "would need pyarrow"), ("report", "not written yet"), ("doc", "no format 'doc'. There are: csv, zip, xlsx")],
)
def test_what_cannot_be_written_is_said_in_words(results: Results, tmp_path: Path, name: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("export", "tea", format=name, output=tmp_path / "x")


def test_a_folder_is_no_file_and_a_survey_without_codebook_has_none_to_give(results: Results, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"is a folder: name a file in it, as .*tea\.xlsx"):
        call_command("export", "tea", format="xlsx", output=tmp_path)
    Survey.objects.create(slug="bare", title="Bare", languages=["en"])
    with pytest.raises(CommandError, match="no such codebook"):
        call_command("export", "bare", format="qdc", output=tmp_path / "bare.qdc", verbosity=0)
    assert list(tmp_path.iterdir()) == []
