"""OfflineModel: answers the prompts it knows by rule, from their facts, and says plainly which it cannot."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from llm.base import Completion, ModelError, Partial
from llm.offline import coder, inducer, interviewer, planner, summariser
from llm.offline.embedding import Embedder, shared_embedder
from llm.offline.text import growing
from llm.prompt import Prompt

T = TypeVar("T", bound=BaseModel)
Facts = Mapping[str, Any]


class OfflineModel:
    """Deterministic, no network, no cost. `embedder` is chosen when first needed, unless one is given."""

    name = "offline"

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._embedder = embedder

    async def stream(self, prompt: Prompt, schema: type[T]) -> AsyncGenerator[Partial | Completion[T], None]:
        completion = await self.extract(prompt, schema)
        fields = completion.value.model_dump()
        *others, last = fields or [""]
        settled = {name: fields[name] for name in others}
        for said in growing(fields[last]) if isinstance(fields.get(last), str) else ():
            yield Partial(settled | {last: said})
        yield completion

    async def extract(self, prompt: Prompt, schema: type[T]) -> Completion[T]:
        started = time.perf_counter()
        work = self._work(prompt)
        # Embedding takes 15 ms a sentence: off the event loop. The interviewer's rule takes less than the thread would.
        answer = work(prompt.facts) if prompt.name == "interviewer" else await asyncio.to_thread(work, prompt.facts)
        took = round((time.perf_counter() - started) * 1000)
        try:
            return Completion(
                schema.model_validate(answer), model=self.name, latency_ms=took, first_token_ms=took, verbatim=prompt.name == "summarise"
            )
        except ValidationError as problem:
            raise ModelError(str(problem), code="malformed", retry=False, model=self.name, latency_ms=took) from problem

    def _work(self, prompt: Prompt) -> Callable[[Facts], dict[str, Any]]:
        if prompt.name == "interviewer":
            return interviewer.next_turn
        if prompt.name == "code":
            return lambda facts: coder.code(facts, self._embedding())
        if prompt.name == "summarise":
            return lambda facts: summariser.summarise(facts, self._embedding())
        if prompt.name == "plan" and prompt.facts["whole"]:
            return planner.sketch
        if prompt.name == "propose":
            return inducer.propose
        if prompt.name == "merge_codes":
            return lambda facts: inducer.compare(facts, self._embedding())
        if prompt.name == "describe_codes":
            return lambda facts: inducer.describe(facts, self._embedding())
        if prompt.name == "translate":
            raise self._unavailable("Offline there is no translation: it needs a language model.")
        raise self._unavailable(f"The offline model does not know the prompt '{prompt.name}': it needs a language model.")

    def _unavailable(self, why: str) -> ModelError:
        return ModelError(why, code="unavailable", retry=False, model=self.name)

    def _embedding(self) -> Embedder:
        return self._embedder or shared_embedder()
