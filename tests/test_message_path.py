"""Start here: one participant's words on their way through the program, over a real websocket, to a model and back."""

from uuid import uuid4

import pytest

from interviewer.models import Interview, Turn
from surveys.models import ModelCall
from tests.conftest import make_interview, make_survey
from tests.guides import EVERY_KIND, TWO_OPEN
from tests.support.messages_server import MessagesServer
from tests.support.participant import ScriptedParticipant
from tests.support.stack import Stack

pytestmark = pytest.mark.stack


def spoken(interview: Interview) -> list[tuple[str, str, str]]:
    return list(interview.turns.order_by("number").values_list("role", "move", "question_key"))


def test_a_whole_interview_is_held_and_stored(model_stack: Stack) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    with ScriptedParticipant(model_stack.websocket_url, interview.participant.token) as me:
        assert (me.joined["type"], me.joined["awaiting"], me.joined["dir"]) == ("joined", "interviewer", "ltr")
        assert me.next_turn()["text"] == "Hello.\n\n[en] last_cup?"
        while True:
            me.answer("I drink green tea every morning at home.")
            if (event := me.until("turn", "ended"))["type"] == "turn" and event["turn"]["text"] == "Goodbye.":
                break
        assert me.until("ended")["next"] == f"/i/{interview.participant.token}/rate"
    interview.refresh_from_db()
    assert (interview.status, interview.awaiting) == ("completed", "nobody")
    assert spoken(interview) == [
        ("interviewer", "open", "last_cup"),
        *[("participant", "answer", "last_cup"), ("interviewer", "probe", "last_cup")] * 2,
        ("participant", "answer", "last_cup"),
        ("interviewer", "ask", "best_cup"),
        ("participant", "answer", "best_cup"),
        ("interviewer", "probe", "best_cup"),
        ("participant", "answer", "best_cup"),
        ("interviewer", "summarise", ""),
        ("participant", "answer", ""),
        ("interviewer", "close", ""),
    ]
    probe = interview.turns.get(number=3)
    assert probe.model
    assert probe.prompt_version.startswith("interviewer@")
    assert ModelCall.objects.filter(purpose="interview", outcome="ok").count() == 6


def test_closed_questions_take_checked_values(stack: Stack) -> None:
    interview = make_interview(make_survey(EVERY_KIND))
    with ScriptedParticipant(stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        me.answer("I had one.")
        asked = me.next_turn()
        while asked.get("question") != "sort":
            me.tell(type="skip", id=str(uuid4()))
            asked = me.next_turn()
        assert asked["options"] == [{"value": "green", "label": "Green tea"}, {"value": "black", "label": "Black tea"}]
        me.answer(value="red")
        assert me.until("error")["code"] == "invalid"
        assert me.says(value="green")["kind"] == "multiple"
        assert me.says(value=["work", "home"])["kind"] == "scale"
        assert me.says(value=4)["kind"] == "number"
        me.says(value=3)
    values = Turn.objects.filter(interview=interview, role="participant").exclude(value=None).order_by("number").values_list("text", "value")
    assert list(values) == [("Green tea", "green"), ("At home\nAt work", ["home", "work"]), ("4", 4), ("3", 3)]


def test_a_message_sent_twice_is_one_turn(stack: Stack) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    with ScriptedParticipant(stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        message = me.answer("Yesterday, with milk.")
        me.next_turn()
        me.answer("Yesterday, with milk.", id=message)
        assert me.until("stored") == {"type": "stored", "id": message, "number": 2}
    assert Turn.objects.filter(interview=interview, role="participant").count() == 1


def test_a_dropped_line_brings_exactly_what_was_missed(stack: Stack) -> None:
    interview = make_interview(make_survey(TWO_OPEN), language="ar")
    with ScriptedParticipant(stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        me.answer("شربت الشاي أمس في البيت مع أسرتي.")
        me.until("stored")
    with ScriptedParticipant(stack.websocket_url, interview.participant.token, after=2) as me:
        turns = me.joined["turns"] or [me.next_turn()]
    assert [turn["number"] for turn in turns] == [3]
    assert me.joined["dir"] == "rtl"


def test_a_second_tab_takes_the_interview_over(stack: Stack) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    with ScriptedParticipant(stack.websocket_url, interview.participant.token) as first:
        first.next_turn()
        with ScriptedParticipant(stack.websocket_url, interview.participant.token) as second:
            assert first.until("elsewhere") == {"type": "elsewhere"}
            assert [turn["number"] for turn in second.joined["turns"]] == [1]
            assert second.says("With lemon.")["number"] == 3


def test_ending_ends_at_once(stack: Stack) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    with ScriptedParticipant(stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        me.tell(type="end", id=str(uuid4()))
        assert me.until("ended")["status"] == "ended"
        me.answer("One more thing.")
        assert me.until("error")["code"] == "finished"


@pytest.mark.parametrize("fault", ["529", "cut", "malformed", "refusal", "sse_error", "not_json"])
def test_trouble_with_the_model_does_not_stop_the_interview(model_stack: Stack, messages_server: MessagesServer, fault: str) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    messages_server.schedule(*[fault] * 12)
    with ScriptedParticipant(model_stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        turn = me.says("Yesterday, with milk.")
        assert turn["text"] == "Could you tell me a little more about that?"
        assert {"type": "notice", "code": "one_moment"}.items() <= next(f for f in me.frames if f["type"] == "notice").items()
        messages_server.faults.clear()
        assert me.says("That was all there was to it.")["role"] == "interviewer"
    assert spoken(interview)[2] == ("interviewer", "probe", "last_cup")


@pytest.mark.parametrize("moment", ["before the first word", "in the middle of a sentence"])
def test_an_answer_owed_by_a_killed_server_is_given_by_the_next(model_stack: Stack, messages_server: MessagesServer, moment: str) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    messages_server.schedule({"fault": "stall", "events": 0 if moment.startswith("before") else 5, "seconds": 60})
    with ScriptedParticipant(model_stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        me.answer("Yesterday, with milk.")
        me.until("stored")
        model_stack.web.kill()
    model_stack.start_web()
    with ScriptedParticipant(model_stack.websocket_url, interview.participant.token) as me:
        turn = me.next_turn(timeout=60)
    assert (turn["number"], turn["text"]) == (3, "Could you tell me a little more about that?")
    assert list(Turn.objects.filter(interview=interview).order_by("number").values_list("number", "role")) == [
        (1, "interviewer"),
        (2, "participant"),
        (3, "interviewer"),
    ]


@pytest.mark.parametrize(
    ("first_message", "code"),
    [
        ("not json", 4400),
        ("[]", 4400),
        ('{"type": "join"}', 4400),
        ('{"type": "join", "protocol": 2, "token": "x"}', 4400),
        ('{"type": "join", "protocol": 1, "token": "nobody"}', 4404),
        ('{"type": "join", "protocol": 1, "token": "\\u0000"}', 4404),
        ('{"type": "answer", "id": "1", "text": "hello"}', 4400),
    ],
)
def test_what_opens_no_interview_is_told_so(stack: Stack, first_message: str, code: int) -> None:
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    with connect(stack.websocket_url) as line:
        line.send(first_message)
        assert '"type":"error"' in str(line.recv())
        with pytest.raises(ConnectionClosed) as closed:
            line.recv(timeout=10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code


def test_another_sites_page_cannot_connect(stack: Stack) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    with pytest.raises(InvalidStatus, match="403"), connect(stack.websocket_url, origin="https://elsewhere.example"):
        pass
