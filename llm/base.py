"""The interface every language model has here, and the values that cross it."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from llm.prompt import Prompt

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Usage:
    """Tokens of one call. `input` is what was billed at the full price; cached tokens are counted apart."""

    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0


@dataclass(frozen=True)
class Partial:
    """What a streamed reply says so far: the fields read up to now, the last string among them perhaps unfinished; what it cost so far."""

    value: Mapping[str, Any]
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True)
class Completion(Generic[T]):
    """A whole reply, checked against its schema. `verbatim`: its words are the participant's own, in their language."""

    value: T
    model: str
    usage: Usage = field(default_factory=Usage)
    latency_ms: int = 0
    first_token_ms: int | None = None
    verbatim: bool = False


class ModelError(Exception):
    """A call that brought no usable reply.

    code: 'rate_limited', 'overloaded', 'timeout', 'connection', 'cut', 'malformed', 'refused', 'truncated', 'rejected',
    'stopped' (by us, for what it said), 'unavailable' (this model cannot do this work at all: the offline model does not translate).
    retry: whether the same call may succeed later. after: seconds the server asked us to wait, if it did.
    """

    def __init__(
        self, message: str, *, code: str, retry: bool, after: float | None = None, model: str = "", usage: Usage | None = None, latency_ms: int = 0
    ) -> None:
        super().__init__(message)
        self.code, self.retry, self.after = code, retry, after
        self.model, self.usage, self.latency_ms = model, usage or Usage(), latency_ms


class Model(Protocol):
    name: str

    def stream(self, prompt: Prompt, schema: type[T]) -> AsyncGenerator[Partial | Completion[T], None]:
        """Partials as they arrive, then one Completion. Raises ModelError."""
        ...

    async def extract(self, prompt: Prompt, schema: type[T]) -> Completion[T]:
        """One structured reply. Raises ModelError."""
        ...
