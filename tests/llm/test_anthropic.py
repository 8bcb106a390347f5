"""The real SDK against a real server: what is sent, what arrives, and what many calls at once do."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from pydantic import BaseModel, Field

from interviewer.reply import Reply
from llm.anthropic import AnthropicModel
from llm.anthropic.request import OPENING
from llm.base import Usage
from llm.prompt import Message
from tests.llm.calling import EXPECTED, PROMPT, model, streamed
from tests.support.messages_server import MessagesServer


class Fear(BaseModel):
    code: str
    weight: int = Field(ge=1, le=7)


class Fears(BaseModel):
    fears: list[Fear] = Field(min_length=1)
    language: str | None


# --- What arrives ---------------------------------------------------------------------------------------------------


async def test_partials_grow_word_by_word_and_end_in_the_completion(server: MessagesServer) -> None:
    partials, completion = await streamed(model(server))
    says = [partial["say"] for partial in partials if "say" in partial]
    assert completion.value == EXPECTED
    assert partials[-1] == EXPECTED.model_dump()
    assert len(says) > 5
    assert all(later.startswith(earlier) for earlier, later in pairwise(says))
    assert all(earlier != later for earlier, later in pairwise(partials))


async def test_a_completion_names_the_model_its_tokens_and_its_times(server: MessagesServer) -> None:
    server.delay = 0.002
    _, completion = await streamed(model(server))
    assert (completion.model, completion.usage) == ("claude-sonnet-5-5", Usage(input=5, cache_write=17, output=16))
    assert completion.first_token_ms is not None
    assert completion.first_token_ms < completion.latency_ms


async def test_extract_brings_a_value_of_the_schema(server: MessagesServer) -> None:
    completion = await model(server).extract(PROMPT, Fears)
    assert completion.value == Fears(fears=[Fear(code="text", weight=1)], language="text")
    assert (completion.model, completion.first_token_ms) == ("claude-sonnet-5-5", None)
    assert (completion.usage.input, completion.usage.cache_write) == (5, 17)


async def test_words_in_any_script_arrive_unbroken(server: MessagesServer) -> None:
    say = "يمكنك أن تخبرني بالمزيد؟ 🌱 もう少し詳しく"
    server.answer = lambda _: {"move": "probe", "probe_kind": "none", "say": say}
    partials, completion = await streamed(model(server))
    assert completion.value.say == partials[-1]["say"] == say


# --- What is sent ---------------------------------------------------------------------------------------------------


async def test_the_request_asks_for_the_schema_with_what_repeats_marked_for_the_cache(server: MessagesServer) -> None:
    await streamed(model(server))
    body = server.bodies[-1]
    mark = {"type": "ephemeral"}
    schema = body.pop("output_config")["format"]["schema"]
    assert body == {
        "model": "claude-sonnet-5-5",
        "max_tokens": 50,
        "stream": True,
        "thinking": {"type": "between_tools"},
        "system": [{"type": "text", "text": "You hold an interview.", "cache_control": mark}],
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": OPENING.text}]},
            {"role": "assistant", "content": [{"type": "text", "text": "What do you hope for?"}]},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "More time for my garden.", "cache_control": mark},
                    {"type": "text", "text": "Allowed moves: ask, probe\nChoose."},
                ],
            },
        ],
    }
    assert (schema["required"], schema["additionalProperties"]) == (["move", "probe_kind", "concern", "say"], False)


async def test_a_second_turn_reads_from_the_cache_what_the_first_one_wrote(server: MessagesServer) -> None:
    longer = (*PROMPT.messages[:2], Message("assistant", "Why a garden?"), Message("user", "It is quiet.", cached=True), Message("user", "Choose."))
    first = await model(server).extract(PROMPT, Reply)
    second = await model(server).extract(replace(PROMPT, messages=longer), Reply)
    assert (first.usage.cache_read, first.usage.cache_write, first.usage.input) == (0, 17, 5)
    assert (second.usage.cache_read, second.usage.cache_write, second.usage.input) == (17, 6, 1)


async def test_of_too_many_cache_marks_the_last_ones_are_kept(server: MessagesServer) -> None:
    turns = tuple(Message("user" if turn % 2 == 0 else "assistant", f"turn {turn}", cached=True) for turn in range(7))
    await model(server).extract(replace(PROMPT, messages=turns), Reply)
    marked = [message["content"][0]["text"] for message in server.bodies[-1]["messages"] if "cache_control" in message["content"][0]]
    assert marked == ["turn 4", "turn 5", "turn 6"]


@pytest.mark.parametrize("messages", [(), (Message("assistant", "Hello."),), (Message("user", "Hi."), Message("assistant", "Hello."))])
async def test_a_conversation_begins_and_ends_with_the_user(server: MessagesServer, messages: tuple[Message, ...]) -> None:
    assert (await model(server).extract(replace(PROMPT, messages=messages), Reply)).value == EXPECTED
    roles = [message["role"] for message in server.bodies[-1]["messages"]]
    assert (roles[0], roles[-1]) == ("user", "user")


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("claude-sonnet-5-5", ({"type": "between_tools"}, None, 50)),
        ("claude-sonnet-5", ({"type": "disabled"}, None, 50)),
        ("claude-haiku-5-5", ({"type": "disabled"}, None, 50)),
        ("claude-opus-5-5", (None, "low", 4050)),
        ("claude-haiku-4-5", (None, None, 50)),
        ("somebody-elses-model", (None, None, 50)),
    ],
)
async def test_a_model_that_thinks_unasked_is_told_not_to_or_given_room(server: MessagesServer, name: str, sent: tuple[Any, ...]) -> None:
    await model(server, name).extract(PROMPT, Reply)
    body = server.bodies[-1]
    assert (body.get("thinking"), body["output_config"].get("effort"), body["max_tokens"]) == sent


def test_a_missing_key_is_said_before_any_call() -> None:
    with pytest.raises(ValueError, match="ANTHROPIC_API_KEY is not set"):
        AnthropicModel("claude-sonnet-5-5", api_key="", base_url="", timeout=1, max_retries=0, max_concurrency=1)


# --- Many at once ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("verb", "delay"), [("stream", 0.01), ("extract", 0.1)])
async def test_no_more_calls_run_at_once_than_allowed(server: MessagesServer, verb: str, delay: float) -> None:
    server.delay = delay
    capped = model(server, max_concurrency=3)
    calls = [streamed(capped) if verb == "stream" else capped.extract(PROMPT, Reply) for _ in range(9)]
    await asyncio.gather(*calls)
    assert (server.requests, server.peak) == (9, 3)


async def test_two_models_at_one_server_share_the_cap(server: MessagesServer) -> None:
    server.delay = 0.1
    models = [model(server, max_concurrency=2), model(server, "claude-haiku-5-5", max_concurrency=2)]
    await asyncio.gather(*(each.extract(PROMPT, Reply) for each in models * 4))
    assert (server.requests, server.peak) == (8, 2)


async def test_a_stream_that_nobody_reads_any_more_frees_its_place(server: MessagesServer) -> None:
    server.delay = 0.05
    only_one = model(server, max_concurrency=1)
    abandoned: AsyncIterator[Any] = only_one.stream(PROMPT, Reply)
    await anext(abandoned)
    await abandoned.aclose()  # type: ignore[attr-defined]
    server.delay = 0
    assert (await only_one.extract(PROMPT, Reply)).value == EXPECTED


async def test_a_connection_is_used_again_for_the_next_turn(server: MessagesServer) -> None:
    patient = model(server)
    await streamed(patient)
    await streamed(patient)
    assert server.connections == 1


@pytest.mark.filterwarnings("error")
def test_event_loops_one_after_another_each_get_their_own_client(server: MessagesServer) -> None:
    kept = model(server)
    values = [asyncio.run(kept.extract(PROMPT, Reply)).value for _ in range(2)] + [asyncio.run(streamed(kept))[1].value]
    assert values == [EXPECTED] * 3
