"""The interview where no websocket gets through: the same messages and promises over plain HTTP, from a real server."""

import json
from contextlib import suppress
from http.client import HTTPException
from uuid import uuid4

import pytest

from interviewer.models import Interview, Turn
from tests.conftest import make_interview, make_survey
from tests.guides import EVERY_KIND, TWO_OPEN
from tests.support.http_participant import HttpParticipant, post
from tests.support.messages_server import MessagesServer
from tests.support.participant import ScriptedParticipant
from tests.support.stack import Stack, wait_until

pytestmark = pytest.mark.stack


def kinds(frames: list[dict[str, object]]) -> list[object]:
    """The types in order, a run of `say` counted as one."""
    types = [frame["type"] for frame in frames]
    return [kind for index, kind in enumerate(types) if not (kind == "say" and index and types[index - 1] == "say")]


def turns_of(interview: Interview) -> list[tuple[int, str]]:
    return list(Turn.objects.filter(interview=interview).order_by("number").values_list("number", "role"))


def test_a_whole_interview_over_http_is_the_one_over_a_websocket(model_stack: Stack) -> None:
    survey = make_survey(TWO_OPEN)
    over_http, over_websocket = make_interview(survey), make_interview(survey)
    me = HttpParticipant(model_stack.url, over_http.participant.token)
    assert (me.joined["type"], me.joined["awaiting"], me.joined["dir"], kinds(me.news)) == ("joined", "interviewer", "ltr", ["say", "turn"])
    assert me.news[-1]["turn"]["text"] == "Hello.\n\n[en] last_cup?"
    heard = me.answer("I drink green tea every morning at home.")
    while heard[-1]["type"] != "ended":
        assert kinds(heard) == ["stored", "say", "turn"]
        assert "".join(frame.get("text", "") for frame in heard) == heard[-1]["turn"]["text"]
        heard = me.answer("I drink green tea every morning at home.")
    assert heard[-1] == {"type": "ended", "status": "completed", "next": f"/i/{over_http.participant.token}/rate"}
    with ScriptedParticipant(model_stack.websocket_url, over_websocket.participant.token) as other:
        other.next_turn()
        while other.says("I drink green tea every morning at home.")["text"] != "Goodbye.":
            pass
    fields = ("number", "role", "move", "question_key", "text")
    assert list(over_http.turns.values_list(*fields)) == list(over_websocket.turns.values_list(*fields))
    over_http.refresh_from_db()
    assert (over_http.status, over_http.awaiting) == ("completed", "nobody")


def test_closed_questions_skipping_and_ending(stack: Stack) -> None:
    interview = make_interview(make_survey(EVERY_KIND))
    me = HttpParticipant(stack.url, interview.participant.token)
    asked = me.tell("skip", id=str(uuid4()))[-1]["turn"]
    while asked.get("question") != "sort":
        asked = me.tell("skip", id=str(uuid4()))[-1]["turn"]
    message = str(uuid4())
    refused = me.answer(value="red", id=message)
    assert [(frame["type"], frame["code"], frame["id"]) for frame in refused] == [("error", "invalid", message)]
    assert me.answer(value="green")[-1]["turn"]["kind"] == "multiple"
    assert me.tell("end", id=str(uuid4()))[-1]["status"] == "ended"
    assert [(frame["type"], frame["code"]) for frame in me.answer("One more thing.")] == [("error", "finished")]


def test_a_message_sent_twice_is_one_turn(stack: Stack) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    me = HttpParticipant(stack.url, interview.participant.token)
    message = str(uuid4())
    assert me.answer("Yesterday, with milk.", id=message)[-1]["turn"]["number"] == 3
    assert me.answer("Yesterday, with milk.", id=message) == [{"type": "stored", "id": message, "number": 2}]
    me.after = 0
    assert [frame["turn"]["number"] for frame in me.answer("Yesterday, with milk.", id=message)[1:]] == [3]
    assert turns_of(interview) == [(1, "interviewer"), (2, "participant"), (3, "interviewer")]


@pytest.mark.parametrize("moment", ["before the first word", "in the middle of a sentence"])
def test_an_answer_owed_by_a_killed_server_is_given_by_the_next(model_stack: Stack, messages_server: MessagesServer, moment: str) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    me = HttpParticipant(model_stack.url, interview.participant.token)
    messages_server.schedule({"fault": "stall", "events": 0 if moment.startswith("before") else 5, "seconds": 60})
    response = me.open("answer", id=str(uuid4()), text="Yesterday, with milk.")
    assert response.until("stored")["number"] == 2
    model_stack.web.kill()
    with suppress(OSError, HTTPException):
        list(response)
    assert not response.done
    model_stack.start_web()
    turn = HttpParticipant(model_stack.url, interview.participant.token, after=2).news[-1]["turn"]
    assert (turn["number"], turn["text"]) == (3, "Could you tell me a little more about that?")
    assert turns_of(interview) == [(1, "interviewer"), (2, "participant"), (3, "interviewer")]


def test_a_turn_is_spoken_to_its_end_when_the_listener_has_gone(model_stack: Stack, messages_server: MessagesServer) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    me = HttpParticipant(model_stack.url, interview.participant.token)
    messages_server.schedule({"fault": "slow", "delay": 0.1})
    response = me.open("answer", id=str(uuid4()), text="Yesterday, with milk.")
    response.until("stored")
    response.hang_up()
    wait_until(lambda: len(turns_of(interview)) == 3, what="the interviewer's turn", log=model_stack.web)
    assert Turn.objects.get(interview=interview, number=3).model
    assert [frame["turn"]["number"] for frame in me.tell("ping")[1:]] == [2, 3]


def test_a_join_over_http_takes_the_interview_from_a_websocket_and_back(stack: Stack) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    with ScriptedParticipant(stack.websocket_url, interview.participant.token) as first:
        first.next_turn()
        second = HttpParticipant(stack.url, interview.participant.token)
        assert first.until("elsewhere") == {"type": "elsewhere"}
        assert [turn["number"] for turn in second.joined["turns"]] == [1]
        assert second.tell("ping") == [{"type": "pong"}]
    with ScriptedParticipant(stack.websocket_url, interview.participant.token):
        for kind in ("ping", "answer", "skip", "end"):
            assert second.tell(kind, id=str(uuid4()), text="Too late.") == [{"type": "elsewhere"}]
    assert turns_of(interview) == [(1, "interviewer")]
    second.join()
    assert second.answer("With lemon.")[-1]["turn"]["number"] == 3


def test_two_tabs_over_http(stack: Stack) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    first = HttpParticipant(stack.url, interview.participant.token)
    second = HttpParticipant(stack.url, interview.participant.token)
    assert first.answer("From the first.") == [{"type": "elsewhere"}]
    assert second.answer("From the second.")[-1]["turn"]["number"] == 3
    assert list(Turn.objects.filter(role="participant").values_list("text", flat=True)) == ["From the second."]


HELD = {"token": "TOKEN", "line": 0}
REFUSED: list[tuple[object, int, str]] = [
    ("not json", 400, "malformed"),
    ("", 400, "malformed"),
    (b"\xff\xfe\xfd", 400, "malformed"),
    ("[" * 50_000, 400, "malformed"),
    ("[]", 400, "malformed"),
    ({"type": "shout"}, 400, "malformed"),
    ({"type": "join"}, 400, "malformed"),
    ({"type": "join", "protocol": 2, "token": "TOKEN"}, 400, "unsupported"),
    ({"type": "join", "protocol": 1, "token": "nobody"}, 404, "unknown"),
    ({"type": "join", "protocol": 1, "token": "\0"}, 404, "unknown"),
    ({"type": "ping", "token": "nobody", "line": 1}, 404, "unknown"),
    ({"type": "answer", "id": str(uuid4()), "text": "hello"}, 400, "malformed"),
    (HELD | {"type": "answer", "id": "1", "text": "hello"}, 400, "malformed"),
    (HELD | {"type": "answer", "id": str(uuid4()), "text": "hello", "line": 10**30}, 400, "malformed"),
    (HELD | {"type": "answer", "id": str(uuid4()), "text": "h" * 65_536}, 413, "malformed"),
]


def test_what_reaches_no_interview_is_told_so(stack: Stack) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    told = []
    for body, _, _ in REFUSED:
        sent = body if isinstance(body, str | bytes) else json.dumps(body).replace("TOKEN", interview.participant.token)
        response = post(stack.url, sent)
        (error,) = response
        assert response.done
        told.append((body, response.status, error["code"]))
    assert told == REFUSED
    interview.refresh_from_db()
    assert (interview.joins, turns_of(interview)) == (0, [])


def test_only_our_own_pages_are_let_in(stack: Stack) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    message = json.dumps({"type": "join", "protocol": 1, "token": interview.participant.token})
    origins = ["https://elsewhere.example", "null", "http://[", "http://127.0.0.1:8000", "https://localhost"]
    answers = [post(stack.url, message, Origin=origin) for origin in origins]
    first = [next(iter(answer)) for answer in answers]
    assert [answer.status for answer in answers] == [403, 403, 403, 200, 200]
    assert [frame.get("code", frame["type"]) for frame in first] == ["foreign", "foreign", "foreign", "joined", "joined"]


def test_nothing_on_the_way_is_asked_to_keep_or_hold_back_a_response(stack: Stack) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    response = post(stack.url, json.dumps({"type": "join", "protocol": 1, "token": interview.participant.token}))
    names = ("Content-Type", "Cache-Control", "X-Accel-Buffering", "Set-Cookie")
    assert [response.response.getheader(name) for name in names] == ["application/x-ndjson", "no-store", "no", None]
    list(response)
    assert response.done
