"""One reply while it arrives: its text, its cost, and whether it is whole and what the schema allows."""

from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, TypeVar

import jiter
from anthropic.types import Message, RawMessageStreamEvent
from pydantic import BaseModel

from llm.base import Completion, ModelError, Usage, fitting

T = TypeVar("T", bound=BaseModel)


@dataclass
class Answer:
    """Mutable, of one call. `model` is the one asked until the server names the one that answers."""

    model: str
    started: float = field(default_factory=perf_counter)
    text: str = ""
    usage: Usage = field(default_factory=Usage)
    stop_reason: str | None = None
    finished: bool = False
    first_token_ms: int | None = None

    def read(self, event: RawMessageStreamEvent) -> None:
        if event.type == "message_start":
            self.model = event.message.model or self.model
            self.usage = counted(event.message.usage, self.usage)
        elif event.type == "content_block_delta" and event.delta.type == "text_delta":
            if self.first_token_ms is None:
                self.first_token_ms = self.elapsed_ms
            self.text += event.delta.text
        elif event.type == "message_delta":
            self.stop_reason = event.delta.stop_reason
            self.usage = counted(event.usage, self.usage)
        elif event.type == "message_stop":
            self.finished = True

    def take(self, message: object) -> None:
        """A whole reply. Not every server that answers 200 answers with a message."""
        if not isinstance(message, Message):
            raise ModelError("The server's answer is not a Messages API answer.", code="malformed", retry=True)
        self.model = message.model or self.model
        self.text = "".join(block.text for block in message.content or [] if block.type == "text")
        self.usage = counted(message.usage, self.usage)
        self.stop_reason = message.stop_reason
        self.finished = True

    @property
    def elapsed_ms(self) -> int:
        return round((perf_counter() - self.started) * 1000)

    def partial(self) -> dict[str, Any] | None:
        """The fields that can be read so far, or None where the text is no JSON object yet."""
        try:
            value = jiter.from_json(self.text.encode(), partial_mode="trailing-strings")
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    def completion(self, schema: type[T]) -> Completion[T]:
        return Completion(
            value=self._checked(schema), model=self.model, usage=self.usage, latency_ms=self.elapsed_ms, first_token_ms=self.first_token_ms
        )

    def _checked(self, schema: type[T]) -> T:
        self.be_whole()
        return fitting(self.text, schema)

    def be_whole(self) -> None:
        """Raises ModelError where it is not."""
        if self.stop_reason == "refusal":
            raise ModelError("The model declined to answer.", code="refused", retry=False)
        if self.stop_reason in ("max_tokens", "model_context_window_exceeded"):
            raise ModelError(f"The reply was longer than it may be: {self.stop_reason}.", code="truncated", retry=False)
        if not self.finished:
            raise ModelError("The reply broke off before its end.", code="cut", retry=True)


def counted(usage: object, before: Usage) -> Usage:
    """Tokens as the server reports them; what it leaves out stays as it was."""

    def tokens(name: str, known: int) -> int:
        value = getattr(usage, name, None)
        return known if value is None else int(value)

    return Usage(
        input=tokens("input_tokens", before.input),
        cache_read=tokens("cache_read_input_tokens", before.cache_read),
        cache_write=tokens("cache_creation_input_tokens", before.cache_write),
        output=tokens("output_tokens", before.output),
        kept_an_hour=getattr(getattr(usage, "cache_creation", None), "ephemeral_1h_input_tokens", None) or before.kept_an_hour,
    )
