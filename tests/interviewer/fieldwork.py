"""A small survey in the midst of its fieldwork, whose every figure can be counted by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from interviewer.models import Interview, Turn
from surveys.models import ConsentRecord, ModelCall, Participant, Survey
from surveys.publishing import load, publish
from surveys.withdrawal import Withdrawal
from tests.conftest import make_interview, make_survey
from tests.guides import guide, question

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PROFILE = [{"field": "country"}]
FIRST = guide(question("last_cup"), question("best_cup"), profile=PROFILE)
SECOND = guide(question("last_cup"), question("next_cup"), question("best_cup"), profile=PROFILE)
WHOLE = ("open last_cup", "answer last_cup", "ask best_cup", "answer best_cup", "summarise", "answer", "close")


def talk(interview: Interview, *moves: str, covered: tuple[str, ...] = ()) -> None:
    for number, move in enumerate(moves, start=1):
        name, _, key = move.partition(" ")
        role = Turn.Role.PARTICIPANT if name in ("answer", "skip", "end") else Turn.Role.INTERVIEWER
        left_out = list(covered) if name == "already_answered" else []
        Turn.objects.create(interview=interview, number=number, role=role, move=name, question_key=key, text="…", covered=left_out)


def held(survey: Survey, status: str, *moves: str, covered: tuple[str, ...] = (), **who: Any) -> Interview:
    """A finished interview."""
    minutes = who.pop("minutes", 10)
    interview = make_interview(survey, **who)
    talk(interview, *moves, covered=covered)
    began = NOW - timedelta(hours=3)
    times = {"started_at": began, "completed_at": began + timedelta(minutes=minutes), "updated_at": began + timedelta(minutes=minutes)}
    Interview.objects.filter(pk=interview.pk).update(status=status, awaiting="nobody", **times)
    return interview


def begun(survey: Survey, awaiting: str, *moves: str, ago: timedelta, **who: Any) -> Interview:
    interview = make_interview(survey, **who)
    talk(interview, *moves)
    Interview.objects.filter(pk=interview.pk).update(awaiting=awaiting, updated_at=NOW - ago)
    return interview


def answered_consent(survey: Survey, *, given: bool, profiled: bool = False) -> None:
    participant = Participant.objects.create(survey=survey, language="en", profiled_at=NOW if profiled else None)
    version = survey.current_version
    ConsentRecord.objects.create(participant=participant, guide_version=version, language="en", text="I agree.", given=given)


def called(survey: Survey, cost: str | None, *, of: Interview | None = None, day: int = 1, outcome: str = "ok", purpose: str = "interview") -> None:
    call = ModelCall.objects.create(
        survey=survey,
        participant=of.participant if of else None,
        purpose=purpose,
        model="m",
        outcome=outcome,
        cost_usd=Decimal(cost) if cost is not None else None,
        **({"input_tokens": 60, "cache_read_tokens": 300, "cache_write_tokens": 40, "output_tokens": 50} if outcome == "ok" else {}),
    )
    ModelCall.objects.filter(pk=call.pk).update(at=datetime(2026, 3, day, 23, 59, tzinfo=UTC))


def small_survey() -> Survey:
    """Four live people under the first version of the guide, four under the second, others of every kind."""
    survey = make_survey(FIRST)
    complete, ended = Interview.Status.COMPLETED, Interview.Status.ENDED
    first = held(survey, complete, *WHOLE, country="KE", minutes=10)
    Interview.objects.filter(pk=first.pk).update(satisfaction=6, would_recommend=True)
    probed = ("open last_cup", "answer last_cup", "probe last_cup", "answer last_cup", "ask best_cup", "skip best_cup", *WHOLE[4:])
    held(survey, complete, *probed, country="KE", minutes=20)
    held(survey, ended, "open last_cup", "answer last_cup", "ask best_cup", "end best_cup", "close", language="ja", country="JP")
    begun(survey, "participant", "open last_cup", ago=timedelta(hours=1), language="ja", country="JP")
    held(survey, complete, *WHOLE, origin="pilot", minutes=99)

    load(SECOND, slug="tea", survey=survey)
    publish(survey)
    begun(survey, "participant", "open last_cup", "answer last_cup", "ask next_cup", ago=timedelta(seconds=30))
    begun(survey, "interviewer", "open last_cup", "answer last_cup", ago=timedelta(minutes=2), country="KE")
    over = ("open last_cup", "answer last_cup", "already_answered best_cup", "answer best_cup", *WHOLE[4:])
    last = held(survey, complete, *over, covered=("next_cup",), language="ar", country="EG", minutes=40)
    begun(survey, "interviewer", ago=timedelta(hours=2), language="ja", country="JP")
    answered_consent(survey, given=False)
    answered_consent(survey, given=True)
    answered_consent(survey, given=True, profiled=True)
    imported = held(survey, complete, "imported", "answer", origin="imported", minutes=0)
    ConsentRecord.objects.filter(participant=imported.participant).delete()
    made_up = held(survey, complete, *WHOLE, origin="simulated", minutes=99)
    Withdrawal.objects.create(survey=survey, origin="live", status="completed")

    called(survey, "0.50", of=first)
    called(survey, None, of=first, outcome="timeout")
    called(survey, "0.30", of=last, day=2, purpose="code")
    called(survey, "0.20", of=made_up, day=2)
    called(survey, None, day=2, purpose="code")
    survey.refresh_from_db()
    return survey
