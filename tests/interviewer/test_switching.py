"""A participant changes the language midway: nothing is lost, mixed or asked twice."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import Client
from django.utils import timezone

from interviewer import engine, records
from interviewer.answers import Message
from interviewer.events import TurnTaken
from interviewer.models import Interview
from interviewer.monitor import interviews, questions
from interviewer.monitor.scope import Scope
from interviewer.policy import options, progress
from interviewer.records import Words
from interviewer.switching import LanguageChange, change_language
from interviewer.wording import said_again
from surveys.models import GuideVersion
from tests.conftest import make_interview, make_survey
from tests.guides import TEXTS, guide, question

pytestmark = pytest.mark.django_db(transaction=True)

LABELS = {"en": ["Green", "Black"], "ar": ["أخضر", "أسود"]}
SORT = question("sort", "single", options=["green", "black"], languages=("en", "ar"), labels=LABELS["en"])
SORT["wordings"]["ar"] = SORT["wordings"]["ar"] | {"options": LABELS["ar"]}
SENTENCES = {"probes.reason": "ولماذا؟", "probes.elaborate": "أكثر؟", "anything_else": "وبعد؟"}
OWN = {"ar": TEXTS | {"opening": "مرحبا.", "sentences": SENTENCES}, "en": TEXTS}
GUIDE = guide(SORT, question("cup", languages=("en", "ar")), languages=("en", "ar"), texts=OWN)


def resume(interview: Interview, after: int = 0) -> list[dict[str, Any]]:
    async def heard() -> list[dict[str, Any]]:
        return [dict(event.turn) async for event in engine.resume(interview.pk, after=after) if isinstance(event, TurnTaken)]

    return async_to_sync(heard)()


def answer(interview: Interview, **fields: Any) -> list[dict[str, Any]]:
    async def heard() -> list[dict[str, Any]]:
        message = Message(uuid4(), "answer", fields.get("text", ""), fields.get("value"))
        return [dict(event.turn) async for event in engine.reply(interview.pk, message) if isinstance(event, TurnTaken)]

    return async_to_sync(heard)()


def spoken(interview: Interview) -> list[tuple[str, str, str, int | None]]:
    return list(interview.turns.order_by("number").values_list("move", "held_in", "text", "repeats"))


@pytest.fixture
def interview() -> Interview:
    return make_interview(make_survey(GUIDE))


def test_what_waits_for_an_answer_is_put_again_with_its_options_and_counts_once(interview: Interview) -> None:
    resume(interview)
    before = records.load(interview.pk)
    assert change_language(interview.pk, "ar") is True
    assert change_language(interview.pk, "ar") is False
    (again,) = resume(interview, after=1)
    assert (again["text"], again["language"], again["question"]) == ("مرحبا.\n\n[ar] sort?", "ar", "sort")
    assert again["options"] == [{"value": "green", "label": "أخضر"}, {"value": "black", "label": "أسود"}]
    after = records.load(interview.pk)
    assert (after.said, after.progress, after.options) == (before.said, before.progress, before.options)
    assert after.progress == {"asked": 1, "of": 2}
    (followed,) = answer(interview, value="black")[-1:]
    assert followed["text"].endswith("[ar] cup?")
    change = ("en", "ar", 1)
    assert list(LanguageChange.objects.values_list("from_language", "to_language", "after_turn")) == [change]
    assert spoken(interview) == [
        ("open", "en", "Hello.\n\n[en] sort?", None),
        ("open", "ar", "مرحبا.\n\n[ar] sort?", 1),
        ("answer", "ar", "أسود", None),
        ("ask", "ar", followed["text"], None),
    ]
    survey, now = interview.participant.survey, timezone.now()
    outlines = list(questions.outlines(survey.pk))
    rows = questions.drop_off(Scope.of(survey, "", ""), outlines, interviews.groups(survey, now), questions.tallies(survey.pk, now), now)
    assert [(row.key, row.asked, row.answered) for row in rows if row.key in ("sort", "cup")] == [("sort", 1, 1), ("cup", 1, 0)]
    interview.refresh_from_db()
    interview.participant.refresh_from_db()
    assert (interview.language, interview.participant.language) == ("ar", "ar")


def test_a_turn_being_spoken_is_finished_in_its_language_and_said_again_in_the_new(interview: Interview) -> None:
    owner = records.claim(interview.pk)
    speaking = records.load(interview.pk)
    assert change_language(interview.pk, "ar")
    records.store_words(speaking, owner or "", Words("open", "Hello.\n\n[en] sort?", "sort"))
    resume(interview)
    assert [turn[:3] for turn in spoken(interview)] == [("open", "en", "Hello.\n\n[en] sort?"), ("open", "ar", "مرحبا.\n\n[ar] sort?")]
    change_language(interview.pk, "en")
    change_language(interview.pk, "ar")
    assert resume(interview, after=2) == []  # there and back with nothing said between: nothing to say again


def test_it_is_said_again_once_however_many_connections_ask(interview: Interview) -> None:
    resume(interview)
    change_language(interview.pk, "ar")

    def join(_: int) -> None:
        try:
            resume(interview)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(join, range(4)))
    assert [turn[1] for turn in spoken(interview)] == ["en", "ar"]


def test_an_answer_that_comes_first_is_not_talked_over(interview: Interview) -> None:
    resume(interview)
    change_language(interview.pk, "ar")
    looked = records.load(interview.pk)
    turn = looked.to_say_again
    assert turn is not None
    answer(interview, value="green")
    assert records.say_again(looked, turn, said_again(looked, turn)) is None
    assert [move for move, *_ in spoken(interview)] == ["open", "answer", "ask"]


@pytest.mark.parametrize(
    ("words", "again"),
    [
        (Words("open", "…", "sort"), "مرحبا.\n\n[ar] sort?"),
        (Words("ask", "…", "cup"), "[ar] cup?"),
        (Words("clarify", "…", "cup"), "[ar] cup?"),
        (Words("probe", "…", "cup", "reason"), "ولماذا؟"),
        (Words("probe", "…", "cup", "none"), "أكثر؟"),
        (Words("summarise", "…"), "وبعد؟"),
    ],
)
def test_each_kind_of_turn_has_its_words_in_the_new_language(interview: Interview, words: Words, again: str) -> None:
    records.store_words(records.load(interview.pk), records.claim(interview.pk) or "", words)
    change_language(interview.pk, "ar")
    said = resume(interview, after=1)[-1]
    assert said["text"] == again
    last = interview.turns.get(number=2)
    assert (last.move, last.question_key, last.probe_kind, last.model) == (words.move, words.question_key, words.probe_kind, "")


def test_the_page_follows_and_only_the_guides_languages_are_taken(client: Client, interview: Interview) -> None:
    resume(interview)
    page = f"/i/{interview.participant.token}/"
    assert client.get(f"{page}language").status_code == 405
    for language, wanted in (("ja", "en"), ("", "en"), ("ar", "ar")):
        response = client.post(f"{page}language", {"language": language})
        assert (response.status_code, response["Location"]) == (302, page)
        assert Interview.objects.get().language == wanted
    html = client.get(page).content.decode()
    assert '<html lang="ar" dir="rtl">' in html
    assert '<button name="language" value="en"><bdi lang="en" dir="ltr">English</bdi></button>' in html
    assert '<button name="language" value="ar" aria-current="true"><bdi lang="ar" dir="rtl">العربية</bdi></button>' in html
    assert '<p dir="auto" lang="en">Hello.' in html
    Interview.objects.update(status="completed", awaiting="nobody")
    client.post(f"{page}language", {"language": "en"})
    assert Interview.objects.get().language == "ar"


def test_policy_and_progress_know_nothing_of_it(interview: Interview) -> None:
    resume(interview)
    for language in ("ar", "en", "ar"):
        change_language(interview.pk, language)
        resume(interview)
    conversation = records.load(interview.pk)
    assert (len(conversation.turns), len(conversation.said)) == (4, 1)
    told = GuideVersion.objects.get().guide
    assert (progress(told, conversation.said), options(told, conversation.said)) == ((1, 2), conversation.options)
