"""Runs live and from the command line: forecast, budget, pause, resume; and what a run is said to cost before it begins."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from analysis.backlog import driving, live, planning
from analysis.backlog.forecast import forecast, in_words
from analysis.backlog.records import CodingRun
from analysis.models import Fact, InterviewAnalysis
from llm import choose
from llm.offline import OfflineModel
from surveys.models import ModelCall
from tests.analysis.backlog.batched import MODEL, answer, batched_survey, model, started, states, totals
from tests.analysis.talk import survey_with_codebook
from tests.support.messages_server import MessagesServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(messages_server: MessagesServer, monkeypatch: pytest.MonkeyPatch, settings: Any) -> MessagesServer:
    messages_server.answer = answer
    settings.LLM = settings.LLM | {"max_concurrency": 3}
    for module in (driving, live):
        monkeypatch.setattr(module, "model_for", lambda purpose, name="": model(messages_server))
    monkeypatch.setattr(choose, "model_for", lambda purpose, name="": model(messages_server))
    monkeypatch.setattr(driving, "PATIENCE", 0.0)
    return messages_server


def command(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    call_command("analyse", "--survey", "tea", *options)
    return capsys.readouterr().out


@pytest.mark.parametrize("mode", ["--batch", "--live"])
def test_the_command_forecasts_a_run_follows_it_and_says_what_it_cost(server: MessagesServer, capsys: pytest.CaptureFixture[str], mode: str) -> None:
    survey = batched_survey(3)
    said = command(capsys, mode)
    assert re.search(r"3 interviews, about 12 requests: .*\$0\.\d\d .*counted by the model's server\.", said)
    assert "is done: 15 units done, 0 unprocessable." in said
    assert (CodingRun.objects.get().status, Fact.objects.filter(survey=survey).count()) == ("done", 12)
    assert server.batches.counted == 12
    assert len(server.batches.held) == (2 if mode == "--batch" else 0)


def test_what_is_unprocessable_fails_the_command(server: MessagesServer, capsys: pytest.CaptureFixture[str]) -> None:
    batched_survey(1)
    server.batches.entries.extend([None, "rejected"])
    with pytest.raises(CommandError, match="say why"):
        command(capsys, "--batch")
    survey_with_codebook("coffee")
    with pytest.raises(CommandError, match="does not allow batches"):
        call_command("analyse", "--survey", "coffee", "--batch")


def test_a_live_run_pauses_at_its_budget_and_goes_on_where_it_was(server: MessagesServer, monkeypatch: pytest.MonkeyPatch) -> None:
    survey, whole = batched_survey(6), batched_survey(6, slug="coffee")
    run = started(survey, "live", budget=Decimal("5.00"))
    CodingRun.objects.filter(pk=run.pk).update(spent_usd="5.00")
    live.tend(run.pk)
    run.refresh_from_db()
    assert (run.status, run.reason) == ("paused", "The run's budget of $5.00 is spent.")
    assert states(run)["waiting"] >= 30 - 5 * 3  # those that were under way were finished
    CodingRun.objects.filter(pk=run.pk).update(spent_usd="0")
    planning.start(run)
    assert live.tend(run.pk)
    run.refresh_from_db()
    assert (run.status, states(run)) == ("done", {"done": 30})
    assert run.spent_usd <= sum(call.cost_usd or 0 for call in ModelCall.objects.filter(survey=survey))
    other = started(whole, "live")
    live.tend(other.pk)
    assert totals(survey) == totals(whole)


def test_what_a_server_in_trouble_refused_is_left_until_it_is_due_again(server: MessagesServer) -> None:
    run = started(batched_survey(1), "live")
    server.schedule("529")
    assert live.tend(run.pk)
    assert states(run) == {"failed": 5}
    assert not live.tend(run.pk)
    assert server.requests == 1
    InterviewAnalysis.objects.update(lease_until=None)
    assert live.tend(run.pk)
    assert states(run) == {"done": 5}


def test_offline_a_forecast_counts_letters_and_says_so() -> None:
    survey = batched_survey(2)
    run = planning.plan(survey, "offline", "live")
    found = forecast(run, OfflineModel())
    assert (found["interviews"], found["requests"], found["cost"], found["counted_by"]) == (2, 8, 0.0, "letters, roughly")
    assert in_words(found, run.mode).startswith("2 interviews, about 8 requests: about $0.00")


def test_a_batch_is_forecast_at_half_the_price(server: MessagesServer) -> None:
    run = planning.plan(batched_survey(2), MODEL, "live")
    full = forecast(run, model(server))["cost_uncached"]
    run.mode = "batch"
    assert forecast(run, model(server))["cost_uncached"] == pytest.approx(full / 2, abs=1e-6)
