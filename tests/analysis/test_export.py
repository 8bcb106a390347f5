"""Exports of a survey: what each table says, whose interviews it holds, from the command and from the page."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import AsyncClient, Client

from analysis.export import files
from analysis.export.cells import Type
from analysis.export.columns import Scope
from analysis.export.tables import TABLES
from interviewer.models import Turn
from surveys.cells import STARTS_A_FORMULA
from tests.analysis.researchers import researcher
from tests.analysis.results import AT, HOSTILE, Results


def rows_in(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def results(db: None) -> Results:
    results = Results()
    interview = results.interview(*HOSTILE[:-1], country="FR", language="fr", occupation="=cmd()", external_id="@panel-1", age_band="25-34")
    results.code(interview, "fears", "jobs", "-5 apples", "@SUM(A1)")
    results.code(interview, "fears", "bias", counted=False, confidence=None)
    results.translate(interview, 6, "=five apples")
    results.summarise(interview, "+ says little")
    interview.satisfaction, interview.would_recommend = 6, False
    interview.save()
    results.people(2, codes=[("fears", "none")])
    results.people(1, origin="pilot", codes=[("fears", "bias")])
    results.people(1, origin="simulated", codes=[("fears", "bias")])
    Results(slug="coffee").people(1, codes=[("fears", "bias")])
    return results


def export(results: Results, folder: Path, **options: bool) -> dict[str, list[dict[str, Any]]]:
    call_command("export", results.survey.slug, format="csv", output=folder, verbosity=0, stdout=io.StringIO(), **options)
    assert {path.name for path in folder.iterdir()} == {"manifest.json"} | {f"{name}{end}.csv" for name in TABLES for end in ("", ".dictionary")}
    return {name: files.read(folder / f"{name}.csv") for name in TABLES}


def test_the_command_writes_every_table_and_reading_gives_back_what_the_database_holds(results: Results, tmp_path: Path) -> None:
    tables = export(results, tmp_path / "out")
    scope = Scope.of(results.survey)
    for name, table in TABLES.items():
        names = [column.name for column in table.columns]
        held = [dict(zip(names, row, strict=True)) for row in table.rows(scope)]
        as_text = {column.name for column in table.columns if column.type is Type.TEXT}
        assert tables[name] == [{key: "" if value is None and key in as_text else value for key, value in row.items()} for row in held]
        assert table.count(scope) == len(held)
    assert [len(tables[name]) for name in TABLES] == [3, 28 + 2 * 2, 3, 3 + 2, 3, 2 * 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]


def test_no_cell_in_any_file_begins_like_a_formula_unless_it_is_a_number(results: Results, tmp_path: Path) -> None:
    export(results, tmp_path)
    for path in tmp_path.glob("*.csv"):
        for row in rows_in(path.read_bytes()):
            for cell in row:
                assert not cell.startswith(STARTS_A_FORMULA), (path.name, cell)


def test_interviews_say_who_took_part_and_how_it_went(results: Results, tmp_path: Path) -> None:
    row = export(results, tmp_path)["interviews"][0]
    consent, started = row.pop("consent_at"), row.pop("started_at")
    assert isinstance(consent, datetime)
    assert isinstance(started, datetime)
    row.pop("interview_id")
    assert row == {
        "external_id": "@panel-1",
        "origin": "live",
        "language": "fr",
        "browser_languages": "",
        "country": "FR",
        "age_band": "25-34",
        "gender": "",
        "occupation": "=cmd()",
        "screening": {},
        "status": "completed",
        "ended_because": "",
        "outcome": "",
        "guide_version": 1,
        "arm": "",
        "question_order": [],
        "consent_given": True,
        "consent_version": 1,
        "consent_language": "fr",
        "completed_at": AT,
        "satisfaction": 6,
        "captured": None,
        "would_recommend": False,
        "summary": "+ says little",
        "summary_model": "offline",
        "analysis_status": "done",
        "analysis_step": "facts",
        "participant_turns": 27,
        "participant_words": sum(len(text.split()) for text in HOSTILE[:-1]),
        "corrections": "",
        "detected_language": "",
        "language_mismatches": "",
        "language_changes": "",
    }


def test_turns_say_why_earlier_wordings_were_not_said(results: Results, tmp_path: Path) -> None:
    refused = [["praise", "leading"], ["move"]]
    Turn.objects.filter(interview__participant__external_id="@panel-1", number=1).update(refused=refused)
    assert [row["refused"] for row in export(results, tmp_path)["turns"]][:3] == [refused, [], []]


def test_codings_have_a_row_a_quote_with_its_place_and_translation(results: Results, tmp_path: Path) -> None:
    keys = ("counted", "coder_kind", "coder", "prompt_version", "codebook_version", "dimension", "code", "label", "confidence")
    places = ("turn", "start", "end", "quote", "turn_translation")
    rows = export(results, tmp_path)["codings"][:3]
    made = ("model", "offline", "code@1", 1, "fears")
    assert [tuple(row[key] for key in keys + places) for row in rows] == [
        (True, *made, "jobs", "Jobs & economy", 0.5, 6, 0, 9, "-5 apples", "=five apples"),
        (True, *made, "jobs", "Jobs & economy", 0.5, 7, 0, 8, "@SUM(A1)", ""),
        (False, *made, "bias", "Bias", None, None, None, None, "", ""),
    ]


def test_themes_by_country_hold_every_code_for_every_country(results: Results, tmp_path: Path) -> None:
    rows = export(results, tmp_path)["themes_by_country"]
    assert [(row["code"], row["country"], row["country_name"], row["k"], row["n"], row["share"]) for row in rows] == [
        ("jobs", "FR", "France", 1, 1, 1.0),
        ("bias", "FR", "France", 0, 1, 0.0),
        ("none", "FR", "France", 0, 1, 0.0),
        ("jobs", "", "", 0, 2, 0.0),
        ("bias", "", "", 0, 2, 0.0),
        ("none", "", "", 2, 2, 1.0),
    ]
    assert (rows[0]["low"], rows[0]["high"]) == pytest.approx((0.20654931, 1.0))


def test_pilot_and_simulated_interviews_leave_only_on_demand(results: Results, tmp_path: Path) -> None:
    def origins(folder: str, **options: bool) -> list[str]:
        return [row["origin"] for row in export(results, tmp_path / folder, **options)["interviews"]]

    assert origins("plain") == ["live"] * 3
    assert origins("pilot", include_pilot=True) == ["live"] * 3 + ["pilot"]
    assert origins("all", include_pilot=True, include_simulated=True) == ["live"] * 3 + ["pilot", "simulated"]


def test_a_survey_that_counts_simulated_interviews_exports_them(db: None, tmp_path: Path) -> None:
    results = Results(slug="demonstration", show_simulated=True)
    results.people(1, origin="simulated")
    assert [row["origin"] for row in export(results, tmp_path)["interviews"]] == ["simulated"]


def test_an_empty_survey_gives_files_with_headings_only(db: None, tmp_path: Path) -> None:
    assert export(Results(), tmp_path) == {name: [] for name in TABLES}


def test_a_closed_answer_keeps_its_value(db: None, tmp_path: Path) -> None:
    results = Results()
    interview = results.interview()
    for number, value in enumerate([-3, 0.5, "a", ["a", "b"]], start=2):
        interview.turns.model.objects.create(interview=interview, number=number, role="participant", move="answer", text="x", value=value)
    assert [row["value"] for row in export(results, tmp_path)["turns"]] == [None, -3, 0.5, "a", ["a", "b"]]


def test_more_rows_than_a_batch_come_out_in_order(db: None, tmp_path: Path) -> None:
    results = Results()
    results.interview(*(f"turn {at}" for at in range(2 * files.BATCH + 1)))
    results.people(1)
    turns = export(results, tmp_path)["turns"]
    assert [row["number"] for row in turns] == [*range(1, 2 * files.BATCH + 3), 1, 2]


def test_the_dictionary_explains_every_column(results: Results, tmp_path: Path) -> None:
    export(results, tmp_path)
    for name, table in TABLES.items():
        heading, *rows = rows_in((tmp_path / f"{name}.dictionary.csv").read_bytes())
        assert heading == ["column", "type", "meaning"]
        assert [row[0] for row in rows] == rows_in((tmp_path / f"{name}.csv").read_bytes())[0]
        assert [row[1:] for row in rows] == [[column.type.value, column.meaning] for column in table.columns]


def test_an_unknown_survey_is_refused(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no survey 'nothing'"):
        call_command("export", "nothing", output=tmp_path)


def test_a_folder_that_cannot_be_written_is_named(results: Results, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="Cannot write to"):
        call_command("export", "tea", output=tmp_path / "file", verbosity=0)


def test_the_page_lists_what_can_be_downloaded_with_its_row_counts(client: Client, results: Results) -> None:
    client.force_login(researcher("researcher", "export_for_team"))
    page = client.get("/findings/tea/exports/?for=team&pilot=on").content.decode()
    for name, table in TABLES.items():
        assert f'href="/findings/tea/exports/{name}.csv?for=team&amp;pilot=on"' in page
        assert f'href="/findings/tea/exports/{name}.dictionary.csv"' in page
        assert f'<td class="number">{table.count(Scope.of(results.survey, pilot=True))}</td>' in page


@pytest.mark.parametrize("table", [f"{name}{end}" for name in TABLES for end in ("", ".dictionary")])
def test_a_download_is_the_file_the_command_writes(client: Client, results: Results, tmp_path: Path, table: str) -> None:
    export(results, tmp_path)
    client.force_login(User.objects.create_superuser("researcher"))
    response = client.get(f"/findings/tea/exports/{table}.csv?for=team")
    assert response.headers["Content-Disposition"] == f'attachment; filename="tea-{table}.csv"'
    assert b"".join(response.streaming_content) == (tmp_path / f"{table}.csv").read_bytes()


@pytest.mark.django_db(transaction=True)
async def test_under_asgi_a_download_is_streamed_piece_by_piece(async_client: AsyncClient) -> None:
    def prepare() -> None:
        results = Results()
        results.interview(*(f"turn {at}" for at in range(2 * files.BATCH)))

    await sync_to_async(prepare)()
    await async_client.aforce_login(await sync_to_async(researcher)("researcher", "export_for_team"))
    response = await async_client.get("/findings/tea/exports/turns.csv?for=team")
    assert response.is_async
    content = response.streaming_content
    assert isinstance(content, AsyncIterator)
    pieces = [piece async for piece in content]
    assert [piece.count(b"\r\n") for piece in pieces] == [1, files.BATCH, files.BATCH, 1]
    await sync_to_async(connections.close_all)()
