"""An arm's manner and model reach the interviewer."""

from uuid import uuid4

import pytest

from interviewer.prompting import frame
from tests.conftest import make_interview, make_survey
from tests.guides import guide, question
from tests.support.messages_server import MessagesServer
from tests.support.participant import ScriptedParticipant
from tests.support.stack import Stack

ARMS = [{"key": "terse", "manner": "Use as few words as you can.", "model": "claude-haiku-5-5"}]


def test_the_manner_stands_in_the_frame_and_only_there() -> None:
    arms = guide(question("a"), arms=ARMS)
    assert ARMS[0]["manner"] in frame(arms, "en", ARMS[0]["manner"])
    assert frame(arms, "en") == frame(guide(question("a")), "en")


@pytest.mark.stack
def test_an_arm_is_asked_of_its_own_model(model_stack: Stack, messages_server: MessagesServer) -> None:
    interview = make_interview(make_survey(guide(question("a"), arms=ARMS)))
    type(interview).objects.update(arm="terse")
    with ScriptedParticipant(model_stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        me.says("With milk.", id=str(uuid4()))
    body = messages_server.bodies[-1]
    assert body["model"] == "claude-haiku-5-5"
    assert ARMS[0]["manner"] in str(body["system"])
