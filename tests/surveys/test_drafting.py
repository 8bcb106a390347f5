"""A model drafts a guide piece by piece; the survey's draft gets what the researcher accepts, and nothing else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from llm import Model
from llm.choose import offline_model
from surveys import previewing, publishing
from surveys.models import ModelCall, Question, Section, Survey, SurveyText, Wording
from surveys.planning import drafting
from surveys.planning.drafting import Anew, Wishes
from surveys.planning.sketch import settled, warnings
from tests.llm.calling import model
from tests.support.answers import last_words
from tests.support.messages_server import MessagesServer
from tests.support.sketches import SKETCH, SORTS, TEXTS, question, sketched

Pieces = list[dict[str, Any]]
FIRST, SORT, WISH, LIKING = (each for section in SKETCH["sections"] for each in section["questions"])
START, HOPES = ({"key": section["key"], "title": section["title"]} for section in SKETCH["sections"][:2])


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer(answer=sketched) as server:
        yield server


@pytest.fixture
def survey(db: None) -> Survey:
    return Survey.objects.create(slug="tea", title="Tea", goal="How people drink tea.", hypotheses="People hope\nPeople fear", languages=["en", "ar"])


def drafted(survey: Survey, model: Model, anew: Anew | None = None) -> Pieces:
    async def collect() -> Pieces:
        pieces = drafting.draft_anew(survey, anew, model) if anew else drafting.draft(survey, Wishes(questions=4), model)
        return [piece async for piece in pieces]

    return async_to_sync(collect)()


def keys(pieces: Pieces) -> list[str]:
    return [piece["question"]["key"] if piece["part"] == "question" else piece["part"] for piece in pieces]


@pytest.mark.parametrize(
    ("value", "whole", "expected"),
    [
        ({}, False, []),
        ({"texts": TEXTS}, False, []),
        ({"texts": TEXTS, "sections": []}, False, ["texts"]),
        ({"texts": TEXTS, "sections": [{"key": "start", "title": "B", "questions": [FIRST]}]}, False, ["texts"]),
        ({"texts": TEXTS, "sections": [{"key": "start", "title": "B", "questions": [FIRST, {"key": "so"}]}]}, False, ["texts", "last_cup"]),
        (
            {"texts": TEXTS, "sections": [{"key": "start", "title": "B", "questions": [FIRST, SORT]}, {"key": "h"}]},
            False,
            ["texts", "last_cup", "sort"],
        ),
        (SKETCH, False, ["texts", "last_cup", "sort", "wish"]),
        (SKETCH, True, ["texts", "last_cup", "sort", "wish", "liking"]),
        ({"sections": [{"key": "a", "title": "", "questions": [{"key": "odd"}, FIRST]}]}, True, ["last_cup"]),
        ({"texts": [[{"unexpected": True}]], "sections": [[{"unexpected": True}]]}, True, []),
    ],
)
def test_a_piece_is_shown_once_it_cannot_change_any_more(value: dict[str, Any], whole: bool, expected: list[str]) -> None:
    assert keys(list(settled(value, whole=whole))) == expected


@pytest.mark.parametrize(
    ("asked", "taken", "expected"),
    [
        (question("wish"), set(), []),
        (question("wish", "Why? And how?"), set(), ["Check: two question marks. A question should ask one thing."]),
        (question("wish", "なぜですか？どう思いますか？"), set(), ["Check: two question marks. A question should ask one thing."]),
        (question("wish"), {"wish"}, ["The key “wish” is taken: change it."]),
        (question("My wish"), set(), ["The key must be small letters, digits and _, beginning with a letter."]),
        (question("wish", "[[Write it]]"), set(), ["Replace what stands in [[double brackets]]."]),
    ],
)
def test_what_a_researcher_should_look_at_is_said(asked: dict[str, Any], taken: set[str], expected: list[str]) -> None:
    assert warnings(asked, taken) == expected


def test_a_draft_arrives_question_by_question_while_the_model_still_writes(server: MessagesServer, survey: Survey) -> None:
    server.delay = 0.001
    arrived: list[tuple[str, bool]] = []

    async def collect() -> None:
        async for piece in drafting.draft(survey, Wishes(questions=4, minutes=9, notes="Short."), model(server)):
            arrived.append((keys([piece])[0], server.in_flight == 1))

    async_to_sync(collect)()
    assert arrived[1:5] == [("texts", True), ("last_cup", True), ("sort", True), ("wish", True)]
    assert [key for key, _ in arrived] == ["begin", "texts", "last_cup", "sort", "wish", "liking", "done"]
    asked = last_words(server.bodies[-1])
    assert ["People fear" in asked, "About 4 questions" in asked, "about 9 minutes" in asked, "Short." in asked] == [True] * 4
    assert list(ModelCall.objects.values_list("purpose", "outcome")) == [("planning", "ok")]


def test_pieces_say_where_they_belong_and_what_to_check(server: MessagesServer, survey: Survey) -> None:
    pieces = drafted(survey, model(server))
    assert pieces[0] == {"part": "begin", "model": "claude-sonnet-5-5", "prompt": pieces[0]["prompt"], "template": False}
    assert pieces[2] == {"part": "question", "section": START, "question": FIRST, "warnings": []}
    assert (pieces[4]["section"], pieces[4]["warnings"]) == (HOPES, ["Check: two question marks. A question should ask one thing."])


@pytest.mark.parametrize(
    ("fault", "expected", "sentence"),
    [
        ({"fault": "cut", "events": 90}, ["begin", "texts", "last_cup", "failed"], "The reply broke off. What had arrived by then is kept."),
        ({"fault": "cut", "events": 3}, ["begin", "failed"], "The reply broke off."),
        ({"fault": "malformed"}, ["begin", "failed"], "The model's reply was not what was asked for."),
        ({"fault": "not_json"}, ["begin", "failed"], "The model's reply was not what was asked for."),
        ({"fault": "refusal"}, None, "The model declined to draft this. What had arrived by then is kept."),
        ({"fault": "429"}, ["begin", "failed"], "The model's server takes no more calls at the moment."),
    ],
)
def test_a_draft_that_breaks_off_keeps_what_arrived_and_says_so(
    server: MessagesServer, survey: Survey, fault: dict[str, Any], expected: list[str] | None, sentence: str
) -> None:
    server.schedule(fault)
    pieces = drafted(survey, model(server))
    assert pieces[-1] == {"part": "failed", "sentence": sentence}
    assert expected is None or keys(pieces) == expected
    assert ModelCall.objects.get().outcome != "ok"


def test_a_draft_that_nobody_reads_on_is_stopped_and_on_record(server: MessagesServer, survey: Survey) -> None:
    server.delay = 0.01

    async def read_one() -> None:
        pieces = drafting.draft(survey, Wishes(), model(server))
        assert keys([await anext(pieces), await anext(pieces)]) == ["begin", "texts"]
        await pieces.aclose()

    async_to_sync(read_one)()
    assert list(ModelCall.objects.values_list("purpose", "outcome", "model")) == [("planning", "stopped", "claude-sonnet-5-5")]


def test_a_section_is_drafted_anew_with_the_rest_known(server: MessagesServer, survey: Survey) -> None:
    anew = Anew(draft=SKETCH["sections"], section="hopes", notes="Ask one thing.")
    pieces = drafted(survey, model(server), anew)
    assert keys(pieces) == ["begin", "wish", "done"]
    assert (pieces[1]["section"], pieces[1]["warnings"]) == (HOPES, [])
    asked = last_words(server.bodies[-1])
    assert 'the section "hopes" anew' in asked
    assert "Keys that are taken already: last_cup, liking, sort" in asked


def test_offline_there_is_a_template_that_says_what_it_is(survey: Survey) -> None:
    pieces = drafted(survey, offline_model())
    assert (pieces[0]["template"], keys(pieces)) == (True, ["begin", "texts", "beginning", "topic_1", "topic_2", "anything_else", "done"])
    assert pieces[3]["question"]["text"] == "[[Write a question about: People hope]]"
    anew = drafted(survey, offline_model(), Anew(draft=[], section="topics"))
    assert anew[-1]["sentence"].endswith("it needs a language model.")
    assert list(ModelCall.objects.values_list("model", "outcome")) == [("offline", "ok")]  # the template; the rest was no call


# --- Taking it over -------------------------------------------------------------------------------------------------


@pytest.fixture
def researcher(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("rea"))
    return client


def accept(researcher: Client, survey: Survey, **part: Any) -> list[str]:
    """The problems; none when it was written."""
    body = {"model": "claude", "prompt": "plan@1"} | part
    response = researcher.post(reverse("admin:surveys_survey_draft_accept", args=[survey.pk]), json.dumps(body), "application/json")
    problems = response.json()["problems"]
    assert response.status_code == (400 if problems else 200)
    return list(problems)


def test_what_is_accepted_is_written_with_who_worded_it(survey: Survey, researcher: Client) -> None:
    assert accept(researcher, survey, texts=TEXTS, untouched=["texts"]) == []
    assert accept(researcher, survey, section=SKETCH["sections"][0], untouched=["last_cup"]) == []
    assert accept(researcher, survey, section=START | {"questions": [WISH]}) == []
    text, cup, sort = SurveyText.objects.get(), Wording.objects.get(question__key="last_cup"), Wording.objects.get(question__key="sort")
    assert (text.language, text.title, text.made_by, text.approved_by.username) == ("en", "Tea and you", "claude", "rea")
    assert (cup.text, cup.probes, cup.made_by, cup.prompt_version) == ("What about last_cup?", "Could you say more?", "claude", "plan@1")
    assert (sort.options, sort.made_by, sort.approved_at) == ("Green tea\nBlack tea", "person", None)
    assert (sort.question.options, sort.question.kind, sort.question.probe_budget) == ("green\nblack", "single", 0)
    assert list(Section.objects.values_list("key", "title")) == [("start", "Beginning")]
    assert list(Question.objects.values_list("key", "position")) == [("last_cup", 1), ("sort", 2), ("wish", 3)]


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ({"section": START | {"questions": [question("taken")]}}, "A question with the key “taken” is in the guide already: change the key."),
        ({"section": START | {"questions": [WISH, WISH]}}, "A question with the key “wish” is in the guide already: change the key."),
        ({"section": START | {"key": "My start", "questions": [WISH]}}, "“My start” is not a key: use small letters, digits and _."),
        ({"section": START | {"questions": [question("sort", kind="single", options=SORTS[:1])]}}, "at least two options"),
        ({"section": START | {"questions": [question("Sort it")]}}, "is not a key"),
        ({"section": START | {"questions": [WISH, question("empty", text=" ")]}}, "wordings.en.text: is empty"),
        ({"texts": TEXTS | {"consent": ""}}, "Give a title and a consent text."),
    ],
)
def test_what_is_no_question_is_refused_whole(survey: Survey, researcher: Client, part: dict[str, Any], problem: str) -> None:
    assert accept(researcher, survey, section={"key": "main", "title": "", "questions": [question("taken")]}) == []
    (found,) = accept(researcher, survey, **part)
    assert problem in found
    assert (Question.objects.count(), Section.objects.count(), SurveyText.objects.count()) == (1, 1, 0)


def test_empty_fields_leave_the_texts_that_are_there(survey: Survey, researcher: Client) -> None:
    SurveyText.objects.create(survey=survey, language="en", title="Mine", consent="My consent.", closing="Bye.")
    assert accept(researcher, survey, texts=TEXTS | {"consent": "", "closing": ""}, untouched=["texts"]) == []
    text = SurveyText.objects.get()
    assert (text.title, text.consent, text.opening, text.closing, text.made_by) == ("Tea and you", "My consent.", "Hello.", "Bye.", "person")


def test_placeholders_keep_a_guide_from_being_published_but_not_from_being_previewed(survey: Survey, researcher: Client) -> None:
    Survey.objects.update(languages=["en"])
    survey.refresh_from_db()
    accept(researcher, survey, texts=TEXTS)
    accept(researcher, survey, section=START | {"questions": [WISH]})
    assert publishing.problems(survey) == ["The text in English still has a placeholder: [[Whom to ask]]"]
    assert previewing.snapshot(survey).guide.texts["en"].consent == TEXTS["consent"]
    SurveyText.objects.update(consent="I agree.")
    assert publishing.publish(survey).number == 1


def test_the_page_streams_to_staff_alone(survey: Survey, researcher: Client) -> None:
    page = researcher.get(reverse("admin:surveys_survey_draft", args=[survey.pk])).content.decode()
    assert "How people drink tea." in page
    stream = reverse("admin:surveys_survey_draft_stream", args=[survey.pk])
    assert researcher.post(stream, "{}", "application/json")["content-type"] == "application/x-ndjson"
    refused = researcher.post(stream, json.dumps({"questions": 0}), "application/json")
    assert (refused.status_code, refused.json()["problems"]) == (400, ["questions: input should be greater than or equal to 1"])
    assert Client().post(stream, "{}", "application/json").status_code == 302
