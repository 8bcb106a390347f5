"""The real SDK against a real server in trouble: what is waited out, and what a caller learns of the rest."""

import asyncio
import re
import socket
from dataclasses import replace
from time import perf_counter
from typing import Any

import pytest

from interviewer.reply import Reply
from llm.base import ModelError, Usage
from tests.llm.calling import EXPECTED, PROMPT, model, streamed, trouble
from tests.support.messages_server import MessagesServer


@pytest.mark.parametrize("verb", ["stream", "extract"])
@pytest.mark.parametrize("fault", [{"fault": "429", "retry_after": 1}, {"fault": "529", "retry_after": 0.01}, {"fault": "500", "retry_after": 0.01}])
async def test_trouble_before_the_reply_is_waited_out(server: MessagesServer, verb: str, fault: dict[str, Any]) -> None:
    server.schedule(fault)
    patient = model(server, max_retries=1)
    completion = (await streamed(patient))[1] if verb == "stream" else await patient.extract(PROMPT, Reply)
    assert (completion.value, server.requests) == (EXPECTED, 2)
    assert completion.latency_ms >= fault["retry_after"] * 1000


@pytest.mark.parametrize("verb", ["stream", "extract"])
@pytest.mark.parametrize(
    ("fault", "code", "retry", "after"),
    [
        ({"fault": "429", "retry_after": 3}, "rate_limited", True, 3.0),
        ({"fault": "429"}, "rate_limited", True, None),
        ({"fault": "529"}, "overloaded", True, None),
        ({"fault": "503", "retry_after": 2}, "overloaded", True, 2.0),
        ({"fault": "504"}, "timeout", True, None),
        ({"fault": "400"}, "rejected", False, None),
        ({"fault": "401"}, "rejected", False, None),
        ({"fault": "403"}, "rejected", False, None),
        ({"fault": "404"}, "rejected", False, None),
        ({"fault": "malformed"}, "malformed", True, None),
        ({"fault": "not_json"}, "malformed", True, None),
        ({"fault": "refusal"}, "refused", False, None),
        ({"fault": "truncated"}, "truncated", False, None),
    ],
)
async def test_trouble_that_lasts_says_whether_and_when_to_try_again(
    server: MessagesServer, verb: str, fault: dict[str, Any], code: str, retry: bool, after: float | None
) -> None:
    server.schedule(fault)
    error = await trouble(model(server), verb)
    assert (error.code, error.retry, error.after, error.model) == (code, retry, after, "claude-sonnet-5-5")


async def test_giving_up_after_the_last_retry_carries_the_wait_asked_for(server: MessagesServer) -> None:
    server.schedule(*[{"fault": "429", "retry_after": 0.05}] * 3)
    error = await trouble(model(server, max_retries=2), "stream")
    assert (error.code, error.retry, error.after, server.requests) == ("rate_limited", True, 0.05, 3)


async def test_a_wait_longer_than_our_patience_is_handed_back_at_once(server: MessagesServer) -> None:
    server.schedule({"fault": "429", "retry_after": 3600})
    error = await trouble(model(server, max_retries=3), "extract")
    assert (error.code, error.retry, error.after, server.requests) == ("rate_limited", True, 3600.0, 1)


@pytest.mark.parametrize(
    ("fault", "code", "retry"),
    [
        ({"fault": "cut"}, "cut", True),
        ({"fault": "cut", "events": -3}, "cut", True),
        ({"fault": "sse_error"}, "overloaded", True),
        ({"fault": "sse_error", "type": "rate_limit_error"}, "rate_limited", True),
        ({"fault": "sse_error", "type": "api_error"}, "overloaded", True),
        ({"fault": "sse_error", "type": "invalid_request_error"}, "rejected", False),
        ({"fault": "stall"}, "timeout", True),
        ({"fault": "stall", "pings": True, "seconds": 3}, "timeout", True),
    ],
)
async def test_trouble_in_the_middle_of_a_stream_is_told_apart(server: MessagesServer, fault: dict[str, Any], code: str, retry: bool) -> None:
    server.schedule(fault)
    error = await trouble(model(server, timeout=0.5, max_retries=3), "stream")
    assert (error.code, error.retry, server.requests) == (code, retry, 1)


async def test_an_error_after_the_first_words_knows_what_they_cost(server: MessagesServer) -> None:
    server.schedule("cut")
    error = await trouble(model(server), "stream")
    assert error.usage == Usage(input=5, cache_write=17, output=1)
    assert error.latency_ms > 0


async def test_a_malformed_reply_is_described_without_quoting_it(server: MessagesServer) -> None:
    server.answer = lambda _: {"move": "dance", "probe_kind": "none", "say": "secret"}
    error = await trouble(model(server), "extract")
    assert re.fullmatch(r"The reply does not fit Reply: move: Input should be ('\w+', )+'\w+' or 'close'", str(error))


async def test_silence_before_a_whole_reply_is_a_timeout(server: MessagesServer) -> None:
    server.schedule({"fault": "stall", "seconds": 30})
    error = await trouble(model(server, timeout=0.1), "extract")
    assert (error.code, error.retry) == ("timeout", True)


@pytest.mark.parametrize("verb", ["stream", "extract"])
async def test_a_server_that_is_not_there_is_a_connection_error(server: MessagesServer, verb: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        error = await trouble(model(server, base_url=f"http://127.0.0.1:{unused.getsockname()[1]}"), verb)
    assert (error.code, error.retry) == ("connection", True)


async def test_waiting_for_a_place_is_not_a_timeout(server: MessagesServer) -> None:
    server.delay = 0.3
    only_one = model(server, timeout=1.0, max_concurrency=1)
    brief = replace(PROMPT, max_tokens=1)
    replies = await asyncio.gather(*(only_one.extract(brief, Reply) for _ in range(5)))
    assert [reply.value for reply in replies] == [EXPECTED] * 5


async def test_one_refusal_holds_all_background_calls_until_the_server_takes_them_again(server: MessagesServer) -> None:
    asked = model(server, max_concurrency=2)
    server.schedule({"fault": "429", "retry_after": 0.4})
    with pytest.raises(ModelError):
        await asked.extract(PROMPT, Reply)
    started = perf_counter()
    await asyncio.gather(*(asked.extract(PROMPT, Reply) for _ in range(3)))
    assert perf_counter() - started >= 0.35
    assert server.requests == 4
