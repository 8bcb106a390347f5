"""Simulated interviews are stored whole, once, with times of their own, by the rules that hold for people."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from interviewer.guard import flaws
from interviewer.models import Interview, Turn
from interviewer.moves import PUTS_A_QUESTION, Move
from interviewer.policy import options
from interviewer.prompting import heard, put
from interviewer.records import Conversation
from interviewer.reply import Reply
from interviewer.simulation.clock import START, WEEK
from interviewer.simulation.conversation import Voices, converse
from interviewer.simulation.participants import FILE, FromSentences, participant_prompt
from interviewer.simulation.profiles import profile_of, profiles
from interviewer.simulation.run import simulate
from llm import Completion, ModelError, Prompt
from llm.choose import offline_model
from surveys.guide_yaml import read
from surveys.models import ModelCall, Participant, Survey
from tests.conftest import make_survey
from tests.guides import guide, question

pytestmark = pytest.mark.django_db
DEMO = read((Path(__file__).resolve().parents[2] / "surveys/demo/guide.yaml").read_bytes())


@pytest.fixture
def survey() -> Survey:
    return make_survey(DEMO, slug="demo")


def transcripts(survey: Survey) -> list[list[tuple[object, ...]]]:
    fields = ("number", "role", "move", "question_key", "text", "created_at", "latency_ms")
    interviews = Interview.objects.filter(participant__survey=survey).order_by("participant__external_id")
    return [list(interview.turns.order_by("number").values_list(*fields)) for interview in interviews]


def test_people_are_made_once_however_often_they_are_asked_for(survey: Survey) -> None:
    assert simulate(survey, count=5, seed=3, model=offline_model()) == 5
    first = transcripts(survey)
    assert simulate(survey, count=8, seed=3, model=offline_model()) == 3
    assert simulate(survey, count=8, seed=3, model=offline_model()) == 0
    assert transcripts(survey)[:5] == first
    people = Participant.objects.filter(survey=survey).order_by("pk")
    assert [(person.external_id, person.origin) for person in people] == [(f"simulated-3-{number}", "simulated") for number in range(1, 9)]


def test_interviews_are_finished_and_dated_within_one_week_turn_after_turn(survey: Survey) -> None:
    simulate(survey, count=12, seed=1, model=offline_model())
    for interview in Interview.objects.select_related("participant").filter(participant__survey=survey):
        times = [turn.created_at for turn in interview.turns.order_by("number")]
        assert (interview.status, interview.awaiting) == ("ended" if interview.ended_because in ("asked", "off_topic") else "completed", "nobody")
        assert START <= interview.started_at < START + WEEK
        assert interview.participant.created_at < interview.participant.profiled_at < interview.started_at < times[0]
        assert times == sorted(set(times))
        assert times[-1] == interview.completed_at == interview.updated_at < interview.started_at + timedelta(hours=2)


def test_the_stored_people_are_those_of_their_profiles(survey: Survey) -> None:
    simulate(survey, count=20, seed=9, model=offline_model(), languages=["ja", "en"])
    stored = [
        profile_of(person.external_id, country=person.country, language=person.language)
        for person in Participant.objects.filter(survey=survey).order_by("pk")
    ]
    assert stored == list(profiles(20, seed=9, languages=["ja", "en"]))


def test_several_processes_hold_the_same_interviews(transactional_db: None, survey: Survey) -> None:
    other = make_survey(DEMO, slug="other")
    simulate(survey, count=6, seed=4, model=offline_model())
    simulate(other, count=6, seed=4, model=offline_model(), processes=2)
    assert transcripts(other) == transcripts(survey)
    assert {interview.guide_version.survey for interview in Interview.objects.filter(participant__survey=other)} == {other}


def test_each_is_assigned_an_arm_and_an_order_in_balance_and_asked_in_it(survey: Survey) -> None:
    arms = guide(
        question("first"),
        question("second"),
        arms=[{"key": "plain"}, {"key": "warm", "manner": "Be warm.", "model": "another"}],
        sections=[{"key": "main", "order": "random", "questions": [question("first", budget=0), question("second", budget=0)]}],
    )
    experiment = make_survey(arms, slug="experiment")
    simulate(experiment, count=20, seed=1, model=offline_model())
    made = list(Interview.objects.filter(participant__survey=experiment).order_by("pk"))
    assert Counter(interview.arm for interview in made) == {"plain": 10, "warm": 10}
    assert {tuple(interview.order) for interview in made} == {(), ("second", "first")}
    for interview in made:
        asked = interview.turns.filter(role="interviewer").exclude(question_key="").order_by("number").values_list("question_key", flat=True)
        assert list(dict.fromkeys(asked)) == (interview.order or ["first", "second"])
    experiment.refresh_from_db()
    assert experiment.interviews_begun == 0  # people are numbered apart


def moves_with(manner: str, survey: Survey, language: str = "en") -> tuple[list[str], Interview]:
    """The interviewer's moves towards the first person of this manner, and how the interview stands then."""
    version = survey.current_version
    assert version is not None
    someone = next(profile for profile in profiles(3000, seed=1, languages=[language]) if profile.manner == manner)
    held = asyncio.run(converse(someone, survey, version, DEMO, Voices(offline_model(), FromSentences())))
    return [turn.move for turn in held.turns if turn.role == Turn.Role.INTERVIEWER], held.interview


@pytest.mark.parametrize("language", ["en", "hi", "ja", "sw"])
def test_every_manner_leads_to_the_moves_it_calls_for(survey: Survey, language: str) -> None:
    moves, interview = moves_with("nonsense", survey, language)
    assert (moves, interview.ended_because) == (["open", "return", "return", "return", "end_off_topic"], "off_topic")
    moves, interview = moves_with("refusing", survey, language)
    assert (moves[:2], interview.ended_because) == (["open", "accept_refusal"], "completed")
    moves, interview = moves_with("terse", survey, language)
    assert "exhausted" in moves or "accept_refusal" in moves
    moves, interview = moves_with("rambling", survey, language)
    assert {"return", "offer_end", "end_off_topic"} & set(moves) == set()
    ways = set()
    for someone in (profile for profile in profiles(1500, seed=1, languages=[language]) if profile.manner == "hostile"):
        held = asyncio.run(converse(someone, survey, survey.current_version, DEMO, Voices(offline_model(), FromSentences())))
        ways.add((held.interview.status, held.interview.ended_because, any(turn.move == "offer_end" for turn in held.turns)))
    assert ways == {("completed", "completed", False), ("ended", "asked", True)}


def test_the_guard_has_nothing_against_what_the_offline_interviewer_says_to_them(survey: Survey) -> None:
    simulate(survey, count=25, seed=2, model=offline_model())
    found = []
    for interview in Interview.objects.filter(participant__survey=survey):
        turns = list(interview.turns.order_by("number"))
        for place, turn in enumerate(turns):
            if turn.role == Turn.Role.INTERVIEWER and turn.model:
                before = turns[:place]
                read_by_them = put(DEMO, interview.language, before, options(DEMO, Conversation(interview, DEMO, before).said))
                own = turn.text.rpartition("\n\n")[0] if turn.move in PUTS_A_QUESTION else turn.text
                found += flaws(own, Move(turn.move), language=interview.language, heard=heard(before), put=read_by_them)
    assert found == []


def test_closed_questions_are_answered_within_their_options() -> None:
    asked = guide(
        question("often", kind="single", options=["daily", "never"], labels=["Daily", "Never"]),
        question("mood", kind="scale", minimum=1, maximum=5),
    )
    survey = make_survey(asked)
    simulate(survey, count=5, seed=1, model=offline_model())
    given = list(Turn.objects.filter(role="participant", value__isnull=False).order_by("interview_id", "number").values_list("value", flat=True))
    assert given == ["never", 2, "daily", 3, "never", 4, "daily", 5, "never", 1]


def test_a_language_that_is_not_offered_is_named(survey: Survey) -> None:
    with pytest.raises(ValueError, match="does not offer: xx"):
        simulate(survey, count=1, seed=1, model=offline_model(), languages=["en", "xx"])


class Talkers:
    """A model in both parts: it praises once, and then asks on; as a participant it says the same each time, or fails."""

    name = "talker"

    def __init__(self, fails: bool = False) -> None:
        self.fails = fails

    async def extract(self, prompt: Prompt, schema: Any) -> Completion[Any]:
        if self.fails:
            raise ModelError("busy", code="overloaded", retry=False, model=self.name)
        return Completion(schema(say="I want more time."), model=self.name)

    async def stream(self, prompt: Prompt, schema: Any) -> AsyncGenerator[Any, None]:
        if "Allowed moves: summarise" in prompt.messages[-1].text:
            reply = Reply(move="summarise", probe_kind="none", say="Is that right?")
        else:
            reply = Reply(move="ask", probe_kind="none", say="What an amazing answer. Thank you.")
        yield Completion(reply, model=self.name)


def test_a_model_can_speak_for_them_and_the_guard_stands_between(survey: Survey) -> None:
    assert simulate(survey, count=2, seed=1, model=Talkers(), participant=Talkers(), languages=["en"]) == 2
    said = Turn.objects.filter(role="participant")
    assert set(said.values_list("text", "model", "prompt_version")) == {("I want more time.", "talker", FILE.version)}
    assert not Turn.objects.filter(text__contains="amazing").exists()
    assert ["praise"] in [reasons for refused in Turn.objects.filter(role="interviewer").values_list("refused", flat=True) for reasons in refused]
    assert ModelCall.objects.filter(survey=survey, purpose="simulated_participant").count() == said.count()
    assert ModelCall.objects.filter(survey=survey, purpose="interviewer").exists()


def test_interviews_in_which_the_model_fails_are_left_out_and_made_later(survey: Survey) -> None:
    assert simulate(survey, count=2, seed=1, model=Talkers(), participant=Talkers(fails=True), languages=["en"]) == 0
    assert [call.outcome for call in ModelCall.objects.all()] == ["overloaded", "overloaded"]
    assert simulate(survey, count=2, seed=1, model=offline_model(), languages=["en"]) == 2


def test_the_model_is_told_the_profile_and_plays_the_participant() -> None:
    profile = next(profiles(1, seed=5, languages=["en"]))
    prompt = participant_prompt(
        profile, [Turn(role="interviewer", text="Hello?"), Turn(role="participant", text="Hi."), Turn(role="interviewer", text="Why?")]
    )
    assert [(message.role, message.text) for message in prompt.messages] == [
        ("user", "<interviewer>\nHello?\n</interviewer>"),
        ("assistant", "Hi."),
        ("user", "<interviewer>\nWhy?\n</interviewer>"),
    ]
    assert "Write English as people there" in prompt.system
    assert f"your occupation is {profile.occupation}" in prompt.system
