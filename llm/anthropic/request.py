"""A prompt and a schema as the parameters of a Messages API call."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import Any

from anthropic import transform_schema
from pydantic import BaseModel

from llm.prompt import Message, Prompt

BREAKPOINTS = 4  # the most cache_control marks the API takes in one call
EPHEMERAL = {"type": "ephemeral"}
AN_HOUR = {"type": "ephemeral", "ttl": "1h"}  # a batch takes longer than five minutes
OPENING = Message("user", "(The interview begins.)")
GOING_ON = Message("user", "(The interview goes on.)")

# These models think before they answer unless told not to: a participant would wait, and the thinking would use up
# max_tokens. How to tell them differs. A model that is not listed is sent neither option.
THINKING_OFF: dict[str, dict[str, str]] = {
    "claude-sonnet-5-5": {"type": "between_tools"},
    "claude-sonnet-5": {"type": "disabled"},
    "claude-haiku-5": {"type": "disabled"},
}
ALWAYS_THINKING = ("claude-opus-5", "claude-fable-5", "claude-mythos-5")
ROOM_TO_THINK = 4000  # tokens


def parameters(model: str, prompt: Prompt, schema: type[BaseModel], cache: dict[str, str] = EPHEMERAL) -> dict[str, Any]:
    """What all verbs send: the keyword arguments of `messages.create`, but for `stream`."""
    call: dict[str, Any] = {
        "model": model,
        "max_tokens": prompt.max_tokens,
        "messages": messages(prompt, cache),
        "output_config": {"format": output_format(schema)},
    }
    if prompt.system:
        call["system"] = [{"type": "text", "text": prompt.system, "cache_control": cache}]
    prefixes = [prefix for prefix in THINKING_OFF if model.startswith(prefix)]
    if prefixes:
        call["thinking"] = THINKING_OFF[max(prefixes, key=len)]
    elif model.startswith(ALWAYS_THINKING):
        call["output_config"]["effort"] = "low"
        call["max_tokens"] += ROOM_TO_THINK
    return call


@cache
def output_format(schema: type[BaseModel]) -> dict[str, Any]:
    return {"type": "json_schema", "schema": transform_schema(schema)}


def messages(prompt: Prompt, cache: dict[str, str] = EPHEMERAL) -> list[dict[str, Any]]:
    """Turns that alternate, the user's first and last; what one side says twice in a row becomes two blocks of one message."""
    spoken = list(prompt.messages)
    if not spoken or spoken[0].role == "assistant":
        spoken.insert(0, OPENING)
    if spoken[-1].role == "assistant":
        spoken.append(GOING_ON)
    blocks = list(_blocks(spoken, BREAKPOINTS - bool(prompt.system), cache))
    return [{"role": role, "content": [block for _, block in turns]} for role, turns in groupby(blocks, key=lambda pair: pair[0])]


def _blocks(spoken: Iterable[Message], breakpoints: int, cache: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each message as a text block beside its role; of those to be cached the last keep their mark, because they cover most."""
    spoken = list(spoken)
    marked = [index for index, message in enumerate(spoken) if message.cached][-breakpoints:]
    for index, message in enumerate(spoken):
        block: dict[str, Any] = {"type": "text", "text": message.text}
        if index in marked:
            block["cache_control"] = cache
        yield message.role, block
