"""A survey coded by batch over the wire: the same as live, whatever happens on the way; every unit comes back done or is listed."""

from decimal import Decimal
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from analysis import pipeline, queueing
from analysis.backlog import planning, rules
from analysis.backlog.planning import CannotRun
from analysis.backlog.records import CodingRun, RunBatch, RunUnit
from analysis.models import Coding, InterviewAnalysis
from analysis.staleness import stale
from interviewer.models import Turn
from interviewer.signals import words_struck
from interviewer.withdrawing import withdraw
from surveys.models import ConsentRecord, ModelCall, Survey
from tests.analysis.backlog.batched import MODEL, answer, batched_survey, model, started, states, tended, totals
from tests.analysis.talk import WISHES, held
from tests.support.messages_server import MessagesServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(messages_server: MessagesServer) -> MessagesServer:
    messages_server.answer = answer
    return messages_server


def live(survey: Survey, server: MessagesServer) -> dict[str, Any]:
    ids = list(stale(survey, MODEL))
    async_to_sync(pipeline.analyse_many)(ids, model=model(server), concurrency=2, patient=True)
    return totals(survey)


def test_by_batch_becomes_what_live_becomes_at_half_the_price(server: MessagesServer) -> None:
    by_batch, straight = batched_survey(4), batched_survey(4, slug="coffee")
    run = tended(started(by_batch), server)
    assert (run.status, states(run)) == ("done", {"done": 20})
    assert server.requests == 0
    assert totals(by_batch) == live(straight, server)
    assert set(InterviewAnalysis.objects.values_list("status", flat=True)) == {"done"}
    calls, full = ModelCall.objects.filter(survey=by_batch), ModelCall.objects.filter(survey=straight)
    assert calls.count() == full.count() == 16  # nothing is to be translated
    assert run.spent_usd == calls.aggregate(sum=Sum("cost_usd"))["sum"] < full.aggregate(sum=Sum("cost_usd"))["sum"]
    assert list(stale(by_batch, MODEL)) == []
    assert [batch.requests for batch in RunBatch.objects.order_by("pk")] == [4, 12]  # what identifies people is masked before anything else is asked


def test_what_fails_in_part_is_tried_again_alone_and_what_never_succeeds_is_listed(server: MessagesServer) -> None:
    survey, whole = batched_survey(5), batched_survey(5, slug="coffee")
    server.batches.entries.extend([None] * 5 + ["errored", "expired", "missing", "malformed", "rejected", None, "canceled"])
    run = tended(started(survey), server)
    assert (run.status, states(run)) == ("done", {"done": 24, "unprocessable": 1})
    assert [batch.requests for batch in RunBatch.objects.order_by("pk")] == [5, 15, 5]
    unit = RunUnit.objects.get(state="unprocessable")
    assert (unit.attempts, unit.reason[:9]) == (1, "rejected:")
    assert InterviewAnalysis.objects.get(status="failed").error[:9] == "rejected:"
    assert ModelCall.objects.filter(survey=survey, outcome="malformed").count() == 1
    expected = live(whole, server)
    lacking = {"code": "codings", "summarise": "summaries", "quality": "labels"}[unit.step]
    found = totals(survey)
    assert {key for key in found if found[key] != expected[key]} <= {lacking, "steps", "facts", "quotes"}


def test_a_unit_is_tried_so_often_and_no_more(server: MessagesServer) -> None:
    survey = batched_survey(1)
    server.batches.entries.extend([None] + ["expired"] * 9)
    run = tended(started(survey), server)
    assert states(run) == {"done": 2, "unprocessable": 3}
    assert set(RunUnit.objects.filter(state="unprocessable").values_list("attempts", flat=True)) == {rules.MAX_ATTEMPTS}
    assert server.batches.held.keys() == {f"msgbatch_00000{number}" for number in (1, 2, 3, 4)}
    assert list(stale(survey, MODEL)) == []  # it has failed: somebody has to look
    assert len(list(stale(survey, MODEL, failed_too=True))) == 1


def test_quotes_nobody_said_are_dropped_as_ever(server: MessagesServer) -> None:
    survey = batched_survey(2)
    server.batches.entries.extend([None] * 2 + ["invented"] * 6)
    tended(started(survey), server)
    assert set(Coding.objects.values_list("dimension", "code")) == {("mood", "4")}


@pytest.mark.parametrize("trouble", ["cut", "closed_early"])
def test_results_that_come_in_part_are_read_again_and_paid_once(server: MessagesServer, trouble: str) -> None:
    survey, whole = batched_survey(4), batched_survey(4, slug="coffee")
    setattr(server.batches, trouble, 1)
    run = tended(started(survey), server)
    assert (run.status, totals(survey)) == ("done", live(whole, server))
    assert ModelCall.objects.filter(survey=survey).count() == 16
    assert len(server.batches.held) == 2


def test_a_batch_that_takes_long_is_awaited_and_one_that_is_not_taken_pauses_the_run(server: MessagesServer) -> None:
    survey = batched_survey(1)
    server.batches.polls = 3
    run = tended(started(survey), server, most=3)
    assert (run.status, states(run)) == ("running", {"sent": 1, "waiting": 4})
    assert tended(run, server).status == "done"
    server.batches.refused = 1
    held(survey, *WISHES)
    run = tended(started(survey), server, most=2)
    assert (run.status, run.reason[:12], states(run)) == ("paused", "rate_limited", {"waiting": 5})
    assert planning.start(run)
    assert tended(run, server).status == "done"


def test_struck_words_and_withdrawal_end_what_is_under_way_and_it_is_still_paid_once(server: MessagesServer) -> None:
    survey = batched_survey(3)
    server.batches.polls = 1
    run = tended(started(survey), server, most=1)
    struck, gone, _ = InterviewAnalysis.objects.order_by("pk").values_list("interview", flat=True)
    turn = Turn.objects.filter(interview=struck, role="participant").first()
    assert turn is not None
    with transaction.atomic():
        words_struck.send(sender=Turn, interview_id=struck, turn_id=turn.pk)
    withdraw(ConsentRecord.objects.get(participant__interview=gone).participant)
    run = tended(run, server)
    assert (run.status, run.interviews, states(run)) == ("done", 3, {"done": 5, "unprocessable": 5})
    assert not any(reply.get("text") for unit in RunUnit.objects.filter(interview=struck) for reply in unit.replies.values())
    assert ModelCall.objects.filter(survey=survey).count() == 6
    assert InterviewAnalysis.objects.get(interview=struck).status == "waiting"


def test_a_budget_stops_what_is_submitted_and_not_what_runs(server: MessagesServer) -> None:
    survey = batched_survey(3)
    run = started(survey, budget=Decimal("1.00"))
    CodingRun.objects.filter(pk=run.pk).update(forecast={"usd_per_request": 0.5})
    run = tended(run, server, most=1)
    assert (run.status, states(run)) == ("running", {"sent": 2, "waiting": 13})
    CodingRun.objects.filter(pk=run.pk).update(spent_usd="1.00")
    run = tended(run, server, most=3)
    assert (run.status, run.reason) == ("paused", "The run's budget of $1.00 is spent.")
    assert states(run) == {"done": 4, "waiting": 11}


def test_a_stopped_run_keeps_what_was_answered_and_lets_its_interviews_go(server: MessagesServer) -> None:
    survey = batched_survey(2)
    server.batches.polls = 9
    run = tended(started(survey), server, most=1)
    assert planning.stop(run)
    run = tended(run, server)
    assert (run.status, states(run)) == ("stopped", {"unprocessable": 10})
    assert set(RunUnit.objects.filter(state="unprocessable").values_list("reason", flat=True)) == {"The run was stopped."}
    assert set(InterviewAnalysis.objects.values_list("status", flat=True)) == {"failed"}
    assert len(list(stale(survey, MODEL, failed_too=True))) == 2


def test_what_a_run_holds_nobody_else_takes(server: MessagesServer, monkeypatch: pytest.MonkeyPatch) -> None:
    survey = batched_survey(2)
    run = started(survey)
    ids = list(InterviewAnalysis.objects.values_list("interview", flat=True))
    assert set(InterviewAnalysis.objects.values_list("status", flat=True)) == {"held"}
    assert (list(stale(survey, MODEL)), pipeline.again(ids)) == ([], 0)
    assert [outcome.status for outcome in async_to_sync(pipeline.analyse_many)(ids, model=model(server))] == ["busy", "busy"]
    InterviewAnalysis.objects.update(status="running", lease_until=timezone.now())  # as a worker leaves them that was killed
    monkeypatch.setattr(queueing, "enqueue", lambda found: not list(found))
    assert queueing.sweep() == 0
    with pytest.raises(CannotRun, match="has a run already"):
        started(survey)
    assert tended(run, server).status == "done"


def test_only_those_go_by_batch_who_have_read_that_they_may() -> None:
    survey = batched_survey(3)
    Survey.objects.update(batches_consent="It may be kept for 30 days.")
    survey.refresh_from_db()
    first = asked(survey)[0]
    ConsentRecord.objects.filter(participant__interview=first).update(text="Yes. It may be kept\nfor 30 days.")
    imported = held(survey, *WISHES, origin="imported").pk
    run = planning.plan(survey, MODEL, "batch")
    assert set(RunUnit.objects.filter(run=run).values_list("interview", flat=True)) == {first, imported}
    Survey.objects.update(batches_allowed=False)
    survey.refresh_from_db()
    with pytest.raises(CannotRun, match="does not allow batches"):
        planning.plan(survey, MODEL, "batch")


def asked(survey: Survey) -> list[int]:
    return sorted(ConsentRecord.objects.filter(participant__survey=survey).values_list("participant__interview", flat=True))


def test_ids_say_whose_a_request_is() -> None:
    custom_id = rules.request_id("ab12cd34ef56", 7, 1234567, "0123456789abcdef")
    assert len(custom_id) <= 64
    assert rules.read_id(custom_id) == (1234567, "0123456789abcdef")
    assert (rules.is_ours(custom_id, "ab12cd34ef56", 7), rules.is_ours(custom_id, "ab12cd34ef56", 70)) == (True, False)
    assert [rules.read_id(each) for each in ("", "my-request", "a-1-x-b")] == [None, None, None]
