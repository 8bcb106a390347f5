"""The probe ledger: of one interview as a value, of a survey as a page that opens what it counts."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from interviewer.ledger import Entry, State, entries
from interviewer.models import Interview, Turn
from interviewer.policy import Route
from surveys.models import Survey
from tests.conftest import make_interview, make_survey
from tests.guides import guide, question

KENYA = [{"profile": "country", "any_of": ["KE"]}]
GUIDE = guide(question("a"), question("b"), question("c"), question("d"), question("e"), question("kenya", ask_if=KENYA))
OPEN_TO_PROBES = "probe,clarify,ask"


def asks(move: str, key: str = "", *, discussed: str = "", allowed: str = OPEN_TO_PROBES, **fields: Any) -> Turn:
    return Turn(role=Turn.Role.INTERVIEWER, move=move, question_key=key, discussed=discussed, allowed=allowed if discussed else "", **fields)


def says(key: str, move: str = "answer") -> Turn:
    return Turn(role=Turn.Role.PARTICIPANT, move=move, question_key=key)


def whole() -> list[Turn]:
    """Probed on a, refused b, c covered, skipped d, left at e."""
    return [
        asks("open", "a"),
        says("a"),
        asks("probe", "a", discussed="a", probe_kind="reason"),
        says("a"),
        asks("clarify", "a", discussed="a", allowed="clarify,ask"),
        says("a"),
        asks("exhausted", "b", discussed="a"),
        says("b"),
        asks("return", "b", discussed="b"),
        says("b"),
        asks("accept_refusal", "d", discussed="b", covered=["c"]),
        says("d", "skip"),
        asks("ask", "e", discussed="d", allowed="ask"),
    ]


def test_every_question_says_how_it_was_left_and_what_could_be_asked() -> None:
    assert entries(GUIDE, whole(), Route((), {"country": "DE"})) == (
        Entry("a", State.ANSWERED, offered=2, probes={"reason": 1}, clarified=1, exhausted=True),
        Entry("b", State.REFUSED, offered=2, probes={}, returned=1),
        Entry("c", State.COVERED, probes={}),
        Entry("d", State.SKIPPED, probes={}),
        Entry("e", State.UNANSWERED, probes={}),
        Entry("kenya", State.NOT_APPLICABLE, probes={}),
    )
    assert entries(GUIDE, whole(), Route((), {"country": "KE"}))[-1].state is State.NOT_REACHED
    assert entries(GUIDE, whole(), Route(tuple("abcde"), {"country": "KE"}))[-1].state is State.NOT_APPLICABLE


def store(survey: Survey, turns: list[Turn], **who: Any) -> Interview:
    interview = make_interview(survey, **who)
    for number, turn in enumerate(turns, start=1):
        turn.interview, turn.number, turn.text = interview, number, "…"
        turn.save()
    return interview


@pytest.mark.django_db
def test_the_page_counts_people_and_each_number_opens_them() -> None:
    survey = make_survey(GUIDE)
    first, second = store(survey, whole()), store(survey, whole()[:3])
    store(survey, whole(), origin="simulated")
    client = Client()
    client.force_login(User.objects.create_superuser("noor"))
    page = client.get("/fieldwork/tea/probes/")
    rows = {row.key: (row.people, dict(zip(page.context["kinds"], row.kinds, strict=True))) for row in page.context["rows"]}
    nothing = dict.fromkeys(page.context["columns"], 0)
    kinds = dict.fromkeys(page.context["kinds"], 0)
    assert rows["a"] == (nothing | {"asked": 2, "answered": 2, "offered": 2, "probed": 2, "clarified": 1, "exhausted": 1}, kinds | {"reason": 2})
    assert rows["b"] == (nothing | {"asked": 1, "answered": 1, "offered": 1, "returned": 1, "refused": 1}, kinds)
    opened = client.get("/fieldwork/tea/probes/a/probed/")
    assert [interview.pk for interview in opened.context["shown"]] == [second.pk, first.pk]
    assert [interview.pk for interview in client.get("/fieldwork/tea/probes/a/exhausted/").context["shown"]] == [first.pk]
    assert client.get("/fieldwork/tea/probes/a/guessed/").status_code == 404
    assert Client().get("/fieldwork/tea/probes/").status_code == 302
