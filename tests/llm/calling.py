"""A prompt, and the two ways to send it to a model at the stand-in server."""

from typing import Any

import pytest

from interviewer.reply import Reply
from llm.anthropic import AnthropicModel
from llm.base import Completion, ModelError, Partial
from llm.prompt import Message, Prompt
from tests.support.answers import PROBE
from tests.support.messages_server import MessagesServer

EXPECTED = Reply(move="probe", probe_kind="elaborate", say=PROBE)
PROMPT = Prompt(
    name="interviewer",
    version="interviewer@1",
    system="You hold an interview.",
    messages=(
        Message("assistant", "What do you hope for?"),
        Message("user", "More time for my garden.", cached=True),
        Message("user", "Allowed moves: ask, probe\nChoose."),
    ),
    max_tokens=50,
)


def model(server: MessagesServer, name: str = "claude-sonnet-5-5", **changes: Any) -> AnthropicModel:
    options: dict[str, Any] = {"api_key": "key", "base_url": server.url, "timeout": 5.0, "max_retries": 0, "max_concurrency": 10}
    return AnthropicModel(name, **(options | changes))


async def streamed(model: AnthropicModel, prompt: Prompt = PROMPT) -> tuple[list[Any], Completion[Reply]]:
    events = [event async for event in model.stream(prompt, Reply)]
    *partials, last = events
    assert isinstance(last, Completion)
    assert all(isinstance(partial, Partial) for partial in partials)
    return [partial.value for partial in partials], last


async def trouble(model: AnthropicModel, verb: str) -> ModelError:
    call = streamed(model) if verb == "stream" else model.extract(PROMPT, Reply)
    with pytest.raises(ModelError) as raised:
        await call
    return raised.value
