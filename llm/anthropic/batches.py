"""Message Batches: many prompts handed over at once, answered within a day at half the price. Not covered by zero data retention."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from anthropic.types.messages import MessageBatch, MessageBatchIndividualResponse
from pydantic import BaseModel

from llm.anthropic.answer import Answer
from llm.anthropic.errors import CODE_OF_TYPE, TROUBLE, model_error
from llm.anthropic.line import Endpoint, line_to, patience
from llm.anthropic.request import AN_HOUR, parameters
from llm.base import Batch, ModelError, Reply, Request
from llm.prompt import Prompt

UPLOAD_SECONDS = 600.0  # a batch may be 256 MB
PAGE = 100


class Batches:
    """What a model of this server can do by batch."""

    name: str
    _endpoint: Endpoint

    async def submit(self, requests: Sequence[Request]) -> Batch:
        line = await line_to(self._endpoint)
        # Never tried again by the SDK: a second batch would be made, and paid, beside one whose answer was lost.
        client = line.client.with_options(max_retries=0, timeout=patience(UPLOAD_SECONDS))
        calls = ({"custom_id": each.id, "params": parameters(self.name, each.prompt, each.schema, AN_HOUR)} for each in requests)
        with _as_model_errors():
            return _batch(await client.messages.batches.create(requests=calls))  # type: ignore[arg-type]  # the SDK's own TypedDict

    async def poll(self, batch_id: str) -> Batch:
        line = await line_to(self._endpoint)
        with _as_model_errors():
            return _batch(await line.client.messages.batches.retrieve(batch_id))

    async def cancel(self, batch_id: str) -> Batch:
        line = await line_to(self._endpoint)
        with _as_model_errors():
            return _batch(await line.client.messages.batches.cancel(batch_id))

    async def recent(self, since: datetime) -> list[Batch]:
        line, found = await line_to(self._endpoint), list[Batch]()
        with _as_model_errors():
            async for entry in line.client.messages.batches.list(limit=PAGE):  # the newest first
                batch = _batch(entry)
                if batch.created_at < since:
                    break
                found.append(batch)
        return found

    async def collect(self, batch_id: str) -> AsyncGenerator[tuple[str, Reply | ModelError], None]:
        line = await line_to(self._endpoint)
        with _as_model_errors():
            results = await line.client.messages.batches.results(batch_id, timeout=patience(UPLOAD_SECONDS))
            try:
                async for entry in results:
                    yield entry.custom_id, self._reply(entry)
            finally:
                await results.close()

    async def count(self, prompt: Prompt, schema: type[BaseModel]) -> int:
        line = await line_to(self._endpoint)
        call = parameters(self.name, prompt, schema)
        wanted = {key: call[key] for key in ("model", "messages", "system", "output_config", "thinking") if key in call}
        with _as_model_errors():
            async with line.slots:
                return int((await line.client.messages.count_tokens(**wanted)).input_tokens)

    def _reply(self, entry: MessageBatchIndividualResponse) -> Reply | ModelError:
        result = entry.result
        if result.type == "errored":
            kind = result.error.error.type
            code = CODE_OF_TYPE.get(kind, "overloaded")
            return ModelError(f"The server could not answer it: {kind}", code=code, retry=code != "rejected", model=self.name)
        if result.type != "succeeded":
            return ModelError(f"The batch ended without it: {result.type}", code=result.type, retry=True, model=self.name)
        answer = Answer(self.name)
        try:
            answer.take(result.message)
            answer.be_whole()
        except ModelError as error:
            error.model, error.usage = answer.model, replace(answer.usage, batch=True)
            return error
        return Reply(answer.text, answer.model, replace(answer.usage, batch=True))


def _batch(entry: object) -> Batch:
    if not isinstance(entry, MessageBatch):
        raise ModelError("The server's answer is not a Message Batches API answer.", code="malformed", retry=True)
    counts = entry.request_counts
    total = counts.processing + counts.succeeded + counts.errored + counts.canceled + counts.expired
    return Batch(entry.id, entry.processing_status == "ended", total, entry.created_at)


@contextmanager
def _as_model_errors() -> Iterator[None]:
    try:
        yield
    except ModelError:
        raise
    except (*TROUBLE, AttributeError) as error:  # a line of the results that is none has not the fields it should
        raise model_error(error) from error
