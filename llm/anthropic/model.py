"""A model's verbs over the Messages API: a streamed reply for someone who waits, a whole one for background work, batches for the rest."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from anthropic import AsyncStream
from anthropic.types import RawMessageStreamEvent
from pydantic import BaseModel

from llm.anthropic.answer import Answer
from llm.anthropic.batches import Batches
from llm.anthropic.errors import TROUBLE, model_error
from llm.anthropic.line import Endpoint, line_to, patience
from llm.anthropic.request import parameters
from llm.base import Completion, ModelError, Partial
from llm.prompt import Prompt

T = TypeVar("T", bound=BaseModel)

TOKENS_PER_SECOND = 50  # of a slow model: a whole reply arrives only when its last token is written
LAST_BYTES_SECONDS = 0.5


class AnthropicModel(Batches):
    """Safe to use from several event loops and threads: nothing that belongs to one of them is kept here."""

    def __init__(self, model: str, *, api_key: str, base_url: str, timeout: float, max_retries: int, max_concurrency: int) -> None:
        if not api_key:
            raise ValueError("ANTHROPIC_API_KEY is not set. Set it, or set LLM_BACKEND=offline.")
        self.name = model
        self._endpoint = Endpoint(api_key, base_url, timeout, max_retries, max_concurrency)

    async def stream(self, prompt: Prompt, schema: type[T]) -> AsyncGenerator[Partial | Completion[T], None]:
        answer, line = Answer(self.name), await line_to(self._endpoint)
        call = parameters(self.name, prompt, schema)
        shown: dict[str, object] = {}
        with _as_model_errors(answer):
            async with line.slots, await line.client.messages.create(stream=True, **call) as events:
                while not answer.finished and (event := await self._next(events)):
                    answer.read(event)
                    partial = answer.partial() if event.type == "content_block_delta" else None
                    if partial and partial != shown:
                        shown = partial
                        yield Partial(partial, answer.usage)
                await _read_to_the_end(events)
            yield answer.completion(schema)

    async def extract(self, prompt: Prompt, schema: type[T]) -> Completion[T]:
        answer, line = Answer(self.name), await line_to(self._endpoint)
        call = parameters(self.name, prompt, schema)
        timeout = patience(self._endpoint.timeout + call["max_tokens"] / TOKENS_PER_SECOND)
        with _as_model_errors(answer):
            async with line.slots:
                await line.gate.wait()
                answer.take(await line.client.messages.create(stream=False, timeout=timeout, **call))
            return answer.completion(schema)

    async def _next(self, events: AsyncStream[RawMessageStreamEvent]) -> RawMessageStreamEvent | None:
        # Pings keep a connection alive but tell a participant nothing: silence is measured between events that do.
        async with asyncio.timeout(self._endpoint.timeout):
            return await anext(events, None)


async def _read_to_the_end(events: AsyncStream[RawMessageStreamEvent]) -> None:
    """A connection can be used again only when its last bytes were read; the reply is already here."""
    with suppress(*TROUBLE):
        async with asyncio.timeout(LAST_BYTES_SECONDS):
            await anext(events, None)


@contextmanager
def _as_model_errors(answer: Answer) -> Iterator[None]:
    """Whatever goes wrong inside becomes a ModelError that knows what the call cost so far."""
    try:
        yield
        return
    except ModelError as error:
        trouble = error
    except TROUBLE as error:
        trouble = model_error(error)
        trouble.__cause__ = error
    trouble.model, trouble.usage, trouble.latency_ms = answer.model, answer.usage, answer.elapsed_ms
    raise trouble
