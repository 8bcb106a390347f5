"""The interface every language model has here, and the values that cross it."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from llm.prompt import Prompt

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Usage:
    """Tokens of one call. `input` is what was billed at the full price; cached tokens are counted apart.

    kept_an_hour: those of `cache_write` that are kept for an hour rather than five minutes. batch: whether the call went by batch.
    """

    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0
    kept_an_hour: int = 0
    batch: bool = False


@dataclass(frozen=True)
class Partial:
    """What a streamed reply says so far: the fields read up to now, the last string among them perhaps unfinished; what it cost so far."""

    value: Mapping[str, Any]
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True)
class Completion(Generic[T]):
    """A whole reply, checked against its schema. `verbatim`: its words are the participant's own, in their language.

    recorded: whether the call is in the accounts already.
    """

    value: T
    model: str
    usage: Usage = field(default_factory=Usage)
    latency_ms: int = 0
    first_token_ms: int | None = None
    verbatim: bool = False
    recorded: bool = False


class ModelError(Exception):
    """A call that brought no usable reply.

    code: 'rate_limited', 'overloaded', 'timeout', 'connection', 'cut', 'malformed', 'refused', 'truncated', 'rejected',
    'stopped' (by us, for what it said), 'unavailable' (this model cannot do this work at all: the offline model does not translate);
    in a batch also 'expired', 'canceled' and 'missing' (the results do not hold it).
    retry: whether the same call may succeed later. after: seconds the server asked us to wait, if it did. recorded: as Completion has it.
    """

    recorded = False

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


@dataclass(frozen=True)
class Request:
    """One prompt of a batch. id: tells its reply from the others; at most 64 letters, digits, - and _, once in a batch."""

    id: str
    prompt: Prompt
    schema: type[BaseModel]


@dataclass(frozen=True)
class Reply:
    """What a model answered in a batch: whole, and not yet checked against the schema it was asked to fit."""

    text: str
    model: str
    usage: Usage = field(default_factory=Usage)
    latency_ms: int = 0  # nobody waited
    first_token_ms: int | None = None

    def read(self, schema: type[T]) -> T:
        """Raises ModelError."""
        return fitting(self.text, schema)


@dataclass(frozen=True)
class Batch:
    """A batch as its server knows it."""

    id: str
    ended: bool
    requests: int
    created_at: datetime


class BatchModel(Model, Protocol):
    """The third verb, for when nobody waits at all: many prompts handed over at once, answered within a day at half the price."""

    async def submit(self, requests: Sequence[Request]) -> Batch:
        """Not tried again by itself. Raises ModelError; with `retry` the server may have taken the batch none the less: `recent` has it then."""
        ...

    async def poll(self, batch_id: str) -> Batch:
        """Raises ModelError."""
        ...

    def collect(self, batch_id: str) -> AsyncGenerator[tuple[str, Reply | ModelError], None]:
        """Of a batch that has ended each request's id with its reply, or why there is none; in any order. Raises ModelError where that breaks off."""
        ...

    async def cancel(self, batch_id: str) -> Batch:
        """It ends soon; what was answered by then is collected as ever. Raises ModelError."""
        ...

    async def recent(self, since: datetime) -> list[Batch]:
        """The account's batches made since then. Raises ModelError."""
        ...

    async def count(self, prompt: Prompt, schema: type[BaseModel]) -> int:
        """How many tokens the prompt has. Raises ModelError."""
        ...


def fitting(text: str, schema: type[T]) -> T:
    """The reply as a value of the schema. Raises ModelError."""
    try:
        return schema.model_validate_json(text)
    except ValidationError as error:
        raise ModelError(f"The reply does not fit {schema.__name__}: {_faults(error)}", code="malformed", retry=True) from None


def _faults(error: ValidationError) -> str:
    # Without the input: a participant's words do not belong in a log.
    faults = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'reply'}: {fault['msg']}" for fault in faults[:5])
