"""A model that words bad questions on purpose, over a real wire: no participant reads one, and every refusal is kept."""

from collections.abc import Callable
from typing import Any

import pytest

from interviewer.guard import Flaw
from interviewer.interventions import interventions
from interviewer.models import Interview
from tests.conftest import make_interview, make_survey
from tests.guides import TWO_OPEN
from tests.support.answers import last_words
from tests.support.messages_server import MessagesServer
from tests.support.participant import ScriptedParticipant
from tests.support.stack import Stack

pytestmark = pytest.mark.stack
STOCK_PROBES = ["Could you tell me a little more about that?", "Could you give me an example?"]
BAD = {
    "en": ("That is fascinating. Could you tell me more?", "Don't you think that this is a problem?", "praise", "leading"),
    "ja": ("素晴らしいですね。その後どうなりましたか？", "何がありましたか？どう感じましたか？", "praise", "compound"),
    "ar": ("Could you tell me a little more about what happened?", "كان ذلك صعبًا، أليس كذلك؟", "language", "leading"),
}


def says(*sentences: str, move: str = "probe") -> Callable[[dict[str, Any]], dict[str, Any]]:
    """An answer function that says each in turn, and the last for ever after."""
    left = list(sentences)
    return lambda _: {"move": move, "probe_kind": "elaborate", "say": left.pop(0) if len(left) > 1 else left[0]}


def seen(me: ScriptedParticipant) -> str:
    return "\n".join(frame.get("text", "") or frame.get("turn", {}).get("text", "") for frame in me.frames)


def stored(interview: Interview, number: int) -> dict[str, Any]:
    return interview.turns.values("move", "text", "question_key", "model", "refused").get(number=number)


@pytest.mark.parametrize("language", BAD)
def test_after_two_unfit_questions_a_stock_probe_is_put(model_stack: Stack, messages_server: MessagesServer, language: str) -> None:
    first, second, one, other = BAD[language]
    interview = make_interview(make_survey(TWO_OPEN), language=language)
    messages_server.answer = says(first, second)
    with ScriptedParticipant(model_stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        me.says("Yesterday.")
        assert messages_server.requests == 2
        assert first not in seen(me)
        assert second not in seen(me)
    turn = stored(interview, 3)
    assert (turn["move"], turn["question_key"], turn["model"], turn["refused"]) == ("probe", "last_cup", "", [[one], [other]])
    assert interventions(interview) == interventions(interview.participant.survey) == ({one: 1, other: 1}, 2, 2)


def test_the_model_is_told_what_was_wrong_and_mends_it(model_stack: Stack, messages_server: MessagesServer) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    messages_server.answer = says("You drink it hot. Surely you like it best that way?", "How do you drink it?")
    with ScriptedParticipant(model_stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        assert me.says("With milk.")["text"] == "How do you drink it?"
        assert [frame["type"] for frame in me.frames].count("retract") == 1  # the first sentence had been said
        assert "Surely" not in seen(me)
    told = last_words(messages_server.bodies[-1])
    assert "\nYour last reply was not said to the participant: it led, presumed or suggested an answer.\n" in told
    assert "<reply>\nYou drink it hot. Surely you like it best that way?\n</reply>" in told
    turn = stored(interview, 3)
    assert (turn["text"], turn["refused"], bool(turn["model"])) == ("How do you drink it?", [["leading"]], True)


def test_a_stock_probe_stands_in_as_long_as_the_budget_lasts(model_stack: Stack, messages_server: MessagesServer) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    messages_server.answer = says("That is fascinating. Could you tell me more?")
    with ScriptedParticipant(model_stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        assert [me.says("Yesterday.")["text"], me.says("With milk.")["text"]] == STOCK_PROBES
        turn = me.says("That was all.")
        assert turn["text"] == "Thank you.\n\n[en] best_cup?"
    assert stored(interview, 7)["refused"] == [[Flaw.MOVE], [Flaw.MOVE]]
    assert interventions(interview) == ({"praise": 4, "move": 2}, 6, 4)


def test_a_bridge_that_is_unfit_gives_way_to_the_next_question(model_stack: Stack, messages_server: MessagesServer) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    messages_server.answer = says("Great!", move="ask")
    with ScriptedParticipant(model_stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        assert me.says("Yesterday.")["text"] == "Thank you.\n\n[en] best_cup?"
    assert stored(interview, 3)["refused"] == [["praise"], ["praise"]]
