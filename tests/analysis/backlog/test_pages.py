"""The page of runs: a forecast before anything is paid, start, pause and stop, and every unprocessable unit on the page and in the export."""

import pytest
from django.test import Client

from analysis.backlog.records import CodingRun, RunUnit
from analysis.export import files
from analysis.export.columns import Scope
from analysis.export.tables import TABLES
from tests.analysis.backlog.batched import batched_survey
from tests.analysis.researchers import researcher

pytestmark = pytest.mark.django_db(transaction=True)


def staff(client: Client, *permissions: str) -> Client:
    client.force_login(researcher("noor", *permissions))
    return client


def page(client: Client) -> str:
    return client.get("/findings/tea/runs/").content.decode()


def test_a_run_is_forecast_then_started_paused_and_stopped_and_what_it_left_is_listed(client: Client) -> None:
    survey = batched_survey(1)
    staff(client, "add_codingrun", "change_codingrun")
    assert "There has been no run." in page(client)
    client.post("/findings/tea/runs/plan", {"mode": "live", "budget": "5"})
    run = CodingRun.objects.get()
    assert (run.status, run.created_by and run.created_by.username) == ("planned", "noor")
    assert "1 interviews, about" in page(client)
    assert 'http-equiv="refresh"' not in page(client)
    for move, status in (("start", "running"), ("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
        client.post(f"/findings/tea/runs/{run.pk}", {"move": move})
        assert f"live: {status}" in page(client)
    unit = RunUnit.objects.filter(run=run)[0]
    assert (unit.state, unit.reason) == ("unprocessable", "The run was stopped.")
    assert page(client).count("The run was stopped.") == RunUnit.objects.count()
    lines = b"".join(files.table_chunks(TABLES["run_units"], Scope.of(survey))).decode().splitlines()
    assert len(lines) == 1 + RunUnit.objects.count()
    assert f"{run.pk},live,{unit.interview_id},{unit.step},unprocessable,The run was stopped.,0,," in lines[1]


def test_a_running_run_renews_its_page_and_offline_or_unallowed_batches_are_explained(client: Client) -> None:
    survey = batched_survey(1)
    staff(client, "add_codingrun")
    client.post("/findings/tea/runs/plan", {"mode": "batch"})
    assert "offline there are none" in page(client)
    CodingRun.objects.create(survey=survey, mode="live", status="running", model="m", prompt_version="p")
    assert '<meta http-equiv="refresh" content="10">' in page(client)
    assert client.post(f"/findings/tea/runs/{CodingRun.objects.get().pk}", {"move": "stop"}).status_code == 403
