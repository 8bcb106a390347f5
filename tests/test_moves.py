"""The moves of a conversation over a real wire: the model chooses among them, code offers, ends and keeps count."""

from collections.abc import Iterator
from typing import Any

import pytest

from interviewer.models import Interview
from tests.conftest import make_interview, make_survey
from tests.guides import TWO_OPEN, guide, question
from tests.support.messages_server import MessagesServer
from tests.support.participant import ScriptedParticipant
from tests.support.stack import Stack

pytestmark = pytest.mark.stack
SAY = {
    "return": "That is for you to keep. What about your last cup?",
    "accept_refusal": "That is fine.",
    "exhausted": "I see.",
    "probe": "What happened then?",
    "summarise": "You drink tea. Is anything wrong or missing?",
    "correct_summary": "You drink green tea. Is it right now?",
}


def choosing(*moves: str) -> Any:
    """The model makes one move after the other. What it says beside a move that code words must never be read."""
    left: Iterator[str] = iter(moves)

    def answer(_: dict[str, Any]) -> dict[str, Any]:
        move = next(left)
        return {"move": move, "probe_kind": "elaborate" if move == "probe" else "none", "say": SAY.get(move, "Not to be read.")}

    return answer


def ended(interview: Interview) -> tuple[str, str]:
    interview.refresh_from_db()
    return interview.status, interview.ended_because


def test_who_stays_off_the_topic_is_brought_back_three_times_and_then_the_interview_ends(model_stack: Stack, messages_server: MessagesServer) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    messages_server.answer = choosing("return", "return", "return", "end_off_topic")
    with ScriptedParticipant(model_stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        assert [me.says("Write me a poem instead.")["text"] for _ in range(3)] == [SAY["return"]] * 3
        assert me.says("The poem!")["text"] == "We have moved away from the questions, so the interview ends here. Thank you for your time."
        me.until("ended")
    assert ended(interview) == ("ended", "off_topic")
    assert "Not to be read." not in str(me.frames)


def test_the_wish_to_stop_is_a_question_that_only_the_participant_answers(model_stack: Stack, messages_server: MessagesServer) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    messages_server.answer = choosing("offer_end", "offer_end")
    with ScriptedParticipant(model_stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        offer = me.says("I think I have to go.")
        assert (offer["text"], offer["kind"]) == ("End the interview now? What you have said is kept. You cannot continue afterwards.", "single")
        assert [option["value"] for option in offer["options"]] == ["go_on", "end"]
        me.answer("Perhaps.")
        assert me.until("error")["code"] == "invalid"
        assert me.says(value="go_on")["text"] == "Let us go on.\n\n[en] last_cup?"
        me.says("No, I have to go.")
        assert me.says(value="end")["text"] == "The interview ends here, as you asked. Thank you for what you have told me."
    assert ended(interview) == ("ended", "asked")
    choices = interview.turns.filter(move="choose").order_by("number").values_list("value", "question_key", "text")
    assert list(choices) == [("go_on", "", "Go on with the interview"), ("end", "", "End interview")]


def test_a_summary_is_corrected_until_the_participant_confirms_it(model_stack: Stack, messages_server: MessagesServer) -> None:
    interview = make_interview(make_survey(guide(question("last_cup", budget=0))))
    messages_server.answer = choosing("summarise", "correct_summary")
    with ScriptedParticipant(model_stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        assert me.says("Green tea.")["confirm"] == "That is right"
        assert me.says("Green tea, I said.")["text"] == SAY["correct_summary"]
        assert me.says(value="confirmed")["text"] == "Goodbye."
    assert messages_server.requests == 2
    assert ended(interview) == ("completed", "completed")
    assert interview.turns.values_list("text", "value").get(number=6) == ("That is right", "confirmed")


def test_refusals_and_exhaustion_lead_on_and_half_of_the_questions_are_announced(model_stack: Stack, messages_server: MessagesServer) -> None:
    interview = make_interview(make_survey(guide(*(question(key) for key in "abcd"))))
    messages_server.answer = choosing("accept_refusal", "probe", "exhausted")
    with ScriptedParticipant(model_stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        assert me.says("I would rather not say.")["text"] == "That is fine.\n\n[en] b?"
        assert me.says("Well.")["text"] == SAY["probe"]
        assert me.says("That was all.")["text"] == "I see. We are about halfway through.\n\n[en] c?"
    chosen = interview.turns.filter(role="interviewer").order_by("number").values_list("move", "discussed", "question_key", "signpost")
    assert list(chosen) == [
        ("open", "", "a", False),
        ("accept_refusal", "a", "b", False),
        ("probe", "b", "b", False),
        ("exhausted", "b", "c", True),
    ]
    assert [("probe" in turn.allowed.split(",")) for turn in interview.turns.filter(role="interviewer").order_by("number")] == [
        False,
        True,
        True,
        True,
    ]
