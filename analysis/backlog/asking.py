"""A model that answers from what a batch brought, and notes what it has still to be asked. The steps cannot tell it from another."""

from collections.abc import AsyncGenerator, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from analysis.material import digest
from analysis.step import Postponed
from llm import Completion, ModelError, Partial, Prompt, Reply

T = TypeVar("T", bound=BaseModel)
# What is written with the translations at hand; where they are not made yet it waits for them, though it has been asked.
WRITTEN_AFTER = {"code": "translate"}


@dataclass(frozen=True)
class Asked:
    """A prompt to be sent. sha: what tells it from the others; a prompt that says the same has the same."""

    step: str
    sha: str
    prompt: Prompt
    schema: type[BaseModel]


class ByBatch:
    """Of one interview. replies: hash of a prompt → {text, model}. given_up: steps that are not asked again.

    failed: steps whose reply did not fit, with the hash of the prompt. postponed: steps that could not be done now.
    """

    def __init__(self, name: str, replies: Mapping[str, Mapping[str, Any]], given_up: Collection[str] = ()) -> None:
        self.name = name
        self.asked: list[Asked] = []
        self.failed: dict[str, tuple[str, ModelError]] = {}
        self.postponed: set[str] = set()
        self._replies, self._given_up = replies, given_up

    async def extract(self, prompt: Prompt, schema: type[T]) -> Completion[T]:
        sha = sha_of(prompt, schema)
        reply = self._replies.get(sha)
        if reply is None:
            raise self._postponed(prompt.name, Asked(prompt.name, sha, prompt, schema))
        try:
            value = Reply(reply["text"], reply["model"]).read(schema)
        except ModelError as error:
            self.failed[prompt.name] = sha, error
            raise self._postponed(prompt.name, Asked(prompt.name, sha, prompt, schema)) from error
        if WRITTEN_AFTER.get(prompt.name) in self.postponed - set(self._given_up):
            raise self._postponed(prompt.name)
        return Completion(value, model=reply["model"], recorded=True)

    def stream(self, prompt: Prompt, schema: type[T]) -> AsyncGenerator[Partial | Completion[T], None]:
        raise NotImplementedError("Nobody waits for a batch.")

    def _postponed(self, step: str, asked: Asked | None = None) -> Postponed:
        self.postponed.add(step)
        if asked and step not in self._given_up:
            self.asked.append(asked)
        return Postponed(f"{step} is answered by batch")


def sha_of(prompt: Prompt, schema: type[BaseModel]) -> str:
    said = [[message.role, message.text] for message in prompt.messages]
    return digest([prompt.name, prompt.version, prompt.system, said, prompt.max_tokens, schema.model_json_schema()])[:16]
