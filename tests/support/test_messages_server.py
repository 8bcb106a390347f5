"""The stand-in for the model's far end refuses what the real one refuses, and obeys /control."""

from typing import Any

import httpx2
import pytest

from tests.support.messages_server import MessagesServer

USER = {"role": "user", "content": "Hello."}
MARKED = {"type": "text", "text": "Hello.", "cache_control": {"type": "ephemeral"}}
GOOD = {"model": "claude-sonnet-5-5", "max_tokens": 10, "messages": [USER]}


@pytest.fixture
def server(messages_server: MessagesServer) -> MessagesServer:
    return messages_server


def post(server: MessagesServer, body: dict[str, Any], **headers: str) -> httpx2.Response:
    return httpx2.post(f"{server.url}/v1/messages", json=body, headers=headers)


@pytest.mark.parametrize(
    "fault",
    [
        {"model": None},
        {"max_tokens": None},
        {"messages": []},
        {"temperature": 0},
        {"top_p": 1},
        {"top_k": 5},
        {"messages": [USER, {"role": "assistant", "content": "So"}]},
        {"messages": [{"role": "assistant", "content": "So"}, USER]},
        {"messages": [{"role": "user", "content": [MARKED] * 5}]},
        {"messages": [{"role": "user", "content": ""}]},
        {"output_config": {"format": {"type": "json_schema", "schema": {"type": "object", "properties": {}}}}},
    ],
)
def test_a_wrong_request_is_an_invalid_request_error(server: MessagesServer, fault: dict[str, Any]) -> None:
    reply = post(server, GOOD | fault, **{"x-api-key": "key"})
    assert (reply.status_code, reply.json()["error"]["type"]) == (400, "invalid_request_error")


@pytest.mark.parametrize(("headers", "status"), [({}, 401), ({"x-api-key": "key"}, 200), ({"authorization": "Bearer key"}, 200)])
def test_a_key_is_asked_for(server: MessagesServer, headers: dict[str, str], status: int) -> None:
    assert post(server, GOOD, **headers).status_code == status


def test_faults_are_ordered_and_requests_counted_over_control(server: MessagesServer) -> None:
    httpx2.post(f"{server.url}/control", json=["529", None, {"fault": "429", "retry_after": 7}])
    replies = [post(server, GOOD, **{"x-api-key": "key"}) for _ in range(4)]
    report = httpx2.get(f"{server.url}/control").json()
    assert [reply.status_code for reply in replies] == [529, 200, 429, 200]
    assert replies[2].headers["retry-after"] == "7"
    assert (report["requests"], report["peak"], report["in_flight"], report["faults"], report["bodies"]) == (4, 1, 0, [], [GOOD] * 4)


def test_random_faults_repeat_with_their_seed(server: MessagesServer) -> None:
    def run() -> list[int]:
        httpx2.post(f"{server.url}/control", json={"rate": 0.5, "seed": 3})
        return [status(server) for _ in range(12)]

    first = run()
    assert first == run()
    assert len(set(first)) > 1


def status(server: MessagesServer) -> int:
    try:
        return post(server, GOOD, **{"x-api-key": "key"}).status_code
    except httpx2.TransportError:
        return 0
