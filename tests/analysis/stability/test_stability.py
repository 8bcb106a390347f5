"""A check of the model against itself, through the wire: what it codes, what it costs, where it stops, what it leaves alone."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from analysis import forgetting
from analysis.models import Coding, Fact
from analysis.stability import running
from analysis.stability.queueing import sweep
from analysis.stability.records import RunCoding, StabilityCheck
from analysis.stability.wordings import REWORDINGS, Wording, prompt
from analysis.steps import code
from interviewer.models import Interview
from llm import choose
from surveys.models import ModelCall, Survey
from tests.analysis.talk import CODEBOOK, WISHES, coded, held, survey_with_codebook
from tests.support.messages_server import MessagesServer

pytestmark = pytest.mark.django_db(transaction=True)
CODED = {"mood": [coded("4")], "wish": [coded("time", (2, "time"))], "worry": [coded("none")]}


@pytest.fixture
def server(messages_server: MessagesServer, settings: Any) -> Iterator[MessagesServer]:
    """The model says 'time' of every wish when asked as what is counted is, 'money' when the prompt is worded otherwise."""

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        other = "trained coder" in json.dumps(body["system"])
        return CODED | ({"wish": [coded("money", (2, "time"))]} if other else {})

    messages_server.answer = answer
    settings.LLM = settings.LLM | {
        "backend": "anthropic",
        "api_key": "k",
        "base_url": messages_server.url,
        "analyst": "claude-test",
        "max_retries": 0,
    }
    settings.LLM_PRICES = {"claude-test": ["1", "5"]}
    settings.REDIS_URL = ""
    choose.model_for.cache_clear()
    cache.clear()
    yield messages_server
    choose.model_for.cache_clear()


@pytest.fixture
def survey() -> Survey:
    survey = survey_with_codebook()
    for _ in range(12):
        held(survey, *WISHES)
    return survey


def begun(survey: Survey, *, size: int = 12, repeats: int = 2, wordings: tuple[Wording, ...] = (Wording.STANDARD,)) -> StabilityCheck:
    return running.begin(survey, name="Check", size=size, seed=1, runs=running.runs_of([""], wordings, repeats))


def test_it_codes_the_sample_once_a_run_and_changes_nothing_that_is_counted(survey: Survey, server: MessagesServer) -> None:
    check = begun(survey, size=5)
    assert not running.go_on(check)
    check.refresh_from_db()
    assert (check.status, check.drawn_from, server.requests) == ("done", 12, 10)
    made = {(json.dumps(row.codes, sort_keys=True), row.model, row.error) for row in RunCoding.objects.all()}
    assert made == {('{"mood": ["4"], "wish": ["time"], "worry": ["none"]}', "claude-test", "")}
    assert RunCoding.objects.count() == 10
    assert (Coding.objects.count(), Fact.objects.count()) == (0, 0)
    assert ModelCall.objects.filter(purpose="stability", survey=survey).count() == 10


def test_it_goes_on_where_it_stopped_and_asks_nothing_twice(survey: Survey, server: MessagesServer) -> None:
    check = begun(survey, size=4)
    assert running.go_on(check, portion=3)
    check.refresh_from_db()
    assert (check.status, len(running.missing(check))) == ("waiting", 5)
    assert not running.go_on(check)
    assert server.requests == 8


def test_while_one_process_is_at_it_another_keeps_away(survey: Survey, server: MessagesServer) -> None:
    check = begun(survey, size=2)
    assert running.claim(check)
    assert not running.go_on(check)
    assert server.requests == 0
    StabilityCheck.objects.update(lease_until=timezone.now())
    assert running.claim(check)


def test_a_model_that_cannot_be_asked_stops_it_with_the_reason(survey: Survey, server: MessagesServer) -> None:
    server.schedule(*["529"] * 40)
    check = begun(survey, size=2)
    assert not running.go_on(check)
    check.refresh_from_db()
    assert (check.status, check.reason, RunCoding.objects.count()) == ("stopped", "the model could not be asked: overloaded", 0)


def test_it_is_refused_where_the_budget_has_no_room_and_stops_when_it_is_spent(survey: Survey, server: MessagesServer) -> None:
    survey.budget_usd = Decimal("0.01")
    survey.save()
    with pytest.raises(running.Refused, match=r"about \$0\.\d\d, and \$0\.01 of the survey's budget are left"):
        begun(survey)
    Survey.objects.update(budget_usd=None)
    survey.refresh_from_db()
    check = begun(survey, size=2)
    Survey.objects.update(budget_usd=Decimal("0.01"))
    ModelCall.objects.create(survey=survey, purpose="code", model="claude-test", prompt_version="x", cost_usd=Decimal("0.02"))
    cache.clear()
    assert not running.go_on(check)
    check.refresh_from_db()
    assert (check.status, check.reason, server.requests) == ("stopped", "the survey's budget is spent", 0)


def test_the_forecast_rests_on_what_such_calls_have_cost(survey: Survey, server: MessagesServer) -> None:
    runs = running.runs_of(["", "claude-other"], [Wording.STANDARD, Wording.REVERSED], 3)
    assert runs == [("", Wording.STANDARD)] * 3 + [("", Wording.REVERSED), ("claude-other", Wording.STANDARD)]
    ModelCall.objects.create(survey=survey, purpose="code", model="claude-test", prompt_version="x", cost_usd=Decimal("0.002"))
    interviews, pool = running.drawn(survey, 5, 1)
    expected = running.planned(survey, interviews, runs[:4])
    assert (pool, expected.calls, expected.cost, expected.seen, expected.left) == (12, 20, Decimal("0.04"), True, None)
    assert running.planned(survey, interviews, runs).cost is None  # a model without a known price


def test_words_that_are_struck_take_the_runs_codings_with_them(survey: Survey, server: MessagesServer) -> None:
    check = begun(survey, size=2)
    running.go_on(check)
    unit = check.units.first()
    assert unit is not None
    turn = unit.interview.turns.filter(role="participant").first()
    assert turn is not None
    with transaction.atomic():
        forgetting.forget_words(unit.interview_id, turn.pk)
    assert set(RunCoding.objects.values_list("interview_id", flat=True)) == set(check.units.values_list("interview_id", flat=True)) - {
        unit.interview_id
    }
    Interview.objects.all().delete()
    assert RunCoding.objects.count() == 0


def test_wordings_ask_the_same_of_the_same_words(survey: Survey) -> None:
    material, _ = running._material(begun(survey, size=2), Interview.objects.earliest("pk").pk, Wording.STANDARD)
    standard, turned, reworded = (prompt(material, wording) for wording in (Wording.STANDARD, *REWORDINGS))
    assert standard == code.prompt(material)
    assert len({each.version for each in (standard, turned, reworded)}) == 3
    assert {each.messages for each in (standard, turned, reworded)} == {standard.messages}
    assert turned.system.index("- none") < turned.system.index("- money") < turned.system.index("- time")
    assert turned.system.index("- 1:") < turned.system.index("- 7:")
    assert CODEBOOK.title in reworded.system
    assert reworded.system.partition("The codebook")[2].strip() == standard.system.partition("Codebook\n")[2].strip()


def test_flips_are_told_apart_by_what_differs_between_the_runs(survey: Survey, server: MessagesServer, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("stability", "--survey", "tea", "--interviews", "12", "--runs", "2", "--wordings", "standard,reversed,reworded")
    said = capsys.readouterr().out
    assert "48 calls, about $" in said
    assert said.endswith("Done. manage.py agreement --survey tea --between runs --sample stability prints the figures.\n")
    call_command("agreement", "--survey", "tea", "--between", "runs", "--json")
    wish = json.loads(capsys.readouterr().out)["dimensions"]["wish"]["runs"]
    assert [(row["compared"], row["runs"], row["changed"]["value"]) for row in wish["flips"]] == [
        ("the same question again", 2, 0.0),
        ("the standard prompt × codes in reverse order", 2, 0.0),
        ("the standard prompt × the prompt reworded", 2, 1.0),
    ]
    assert (wish["units"], wish["codes"]["time"]["percent_agreement"]["value"]) == (12, 0.5)
    with pytest.raises(CommandError, match="no survey 'coffee'"):
        call_command("stability", "--survey", "coffee")


def test_the_pages_tell_the_cost_begin_a_check_show_its_progress_and_its_flips(survey: Survey, server: MessagesServer, admin_client: Client) -> None:
    asked = "name=First&interviews=12&runs=2&wordings=reworded&seed=1"
    assert "<strong>36 calls</strong>, about $" in admin_client.get(f"/findings/tea/stability/?{asked}").content.decode()
    admin_client.post("/findings/tea/stability/begin", dict(pair.split("=") for pair in asked.split("&")))
    check = StabilityCheck.objects.get(name="First")
    assert check.created_by == User.objects.get(username="admin")
    assert sweep() == 0  # there is no queue here
    running.go_on(check)
    assert 'href="/findings/tea/agreement/?between=runs&amp;sample=First"' in admin_client.get("/findings/tea/stability/").content.decode()
    page = admin_client.get("/findings/tea/agreement/?between=runs&dimension=wish").content.decode()
    assert "How often the model changes its mind" in page
    assert '100% <span class="quiet">[76, 100%]</span>' in page
    units = admin_client.get("/findings/tea/agreement/units/?between=runs&dimension=wish").content.decode()
    assert '<span class="quiet">run 3: the prompt reworded</span> <span class="code">Money</span>' in units
