"""Interviews begin once, in balanced arms, and follow the route they were given."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.db import connection

from interviewer import engine, records
from interviewer.answers import Message
from interviewer.beginning import begin
from interviewer.models import Interview
from surveys.models import Participant, Survey
from tests.conftest import make_survey
from tests.guides import guide, question

pytestmark = pytest.mark.django_db(transaction=True)
SORT = question("sort", "single", options=["green", "black"], labels=["Green", "Black"])
ARMS = [{"key": "a", "weight": 2}, {"key": "b"}]


def someone(survey: Survey, **profile: str) -> Participant:
    return Participant.objects.create(survey=survey, language="en", **profile)


def test_arms_stay_balanced_when_many_begin_at_once() -> None:
    survey = make_survey(guide(question("a"), question("b"), arms=ARMS))
    version = survey.current_version
    assert version
    people = [someone(survey) for _ in range(60)]

    def arrive(participant: Participant) -> None:
        try:
            begin(participant, version)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(arrive, people))
    assert Counter(Interview.objects.values_list("arm", flat=True)) == {"a": 40, "b": 20}


def test_an_interview_begins_once() -> None:
    survey = make_survey(guide(question("a"), arms=ARMS))
    participant = someone(survey)
    assert survey.current_version
    assert begin(participant, survey.current_version).pk == begin(participant, survey.current_version).pk
    survey.refresh_from_db()
    assert survey.interviews_begun == 1


def put(interview: Interview) -> list[str]:
    async def speak() -> None:
        async for _ in engine.resume(interview.pk, after=0):
            pass

    async_to_sync(speak)()
    return [turn.question_key for turn in interview.turns.order_by("number") if turn.move in ("open", "ask")]


def answer(interview: Interview, value: str) -> None:
    engine.hear(interview.pk, Message(uuid4(), "answer", "", value))


@pytest.mark.parametrize(("sort", "then"), [("green", "why_green"), ("black", "why_black")])
def test_the_answer_decides_the_next_question(sort: str, then: str) -> None:
    branches = [question(f"why_{each}", ask_if=[{"question": "sort", "any_of": [each]}]) for each in ("green", "black")]
    survey = make_survey(guide(SORT, *branches))
    assert survey.current_version
    interview = begin(someone(survey), survey.current_version)
    assert put(interview) == ["sort"]
    answer(interview, sort)
    assert put(interview) == ["sort", then]
    assert records.load(interview.pk).progress == {"asked": 2, "of": 2}


def test_what_the_arm_leaves_out_is_never_asked() -> None:
    both = guide(question("a"), question("b", budget=0), arms=[{"key": "short", "leave_out": ["a"]}])
    survey = make_survey(both)
    assert survey.current_version
    interview = begin(someone(survey), survey.current_version)
    assert (interview.arm, interview.order, put(interview)) == ("short", ["b"], ["b"])
    assert records.load(interview.pk).progress == {"asked": 1, "of": 1}


def test_the_profile_and_the_order_are_kept() -> None:
    local = question("kenya", "single", options=["x", "y"], labels=["X", "Y"], ask_if=[{"profile": "country", "any_of": ["KE"]}])
    sections = [{"key": "one", "questions": [SORT]}, {"key": "two", "questions": [local]}]
    written = guide(SORT).model_dump(mode="json") | {"sections": sections, "arms": [{"key": "two_first", "sections_first": ["two"]}]}
    survey = make_survey(type(guide(SORT)).model_validate(written))
    assert survey.current_version
    kenyan, other = (begin(someone(survey, country=country), survey.current_version) for country in ("KE", "TZ"))
    assert (kenyan.arm, kenyan.order) == ("two_first", ["kenya", "sort"])
    assert (put(kenyan), put(other)) == (["kenya"], ["sort"])
