"""Prompts: files a researcher can read, filled in with values; a missing value raises."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Template
from types import MappingProxyType
from typing import Any, Literal


@dataclass(frozen=True)
class Message:
    """One side's words in a conversation with a model. `cached`: everything up to here repeats in later calls."""

    role: Literal["user", "assistant"]
    text: str
    cached: bool = False


@dataclass(frozen=True)
class Prompt:
    """What a model is asked. `facts` says the same in values, for the offline model, which does not read prose."""

    name: str
    version: str
    system: str
    messages: tuple[Message, ...]
    max_tokens: int = 1024
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class PromptFile:
    """A prompt text with $placeholders; its version is its name and the hash of its text."""

    name: str
    text: str

    @property
    def version(self) -> str:
        return f"{self.name}@{hashlib.sha256(self.text.encode()).hexdigest()[:8]}"

    def fill(self, **values: str) -> str:
        return Template(self.text).substitute(values)

    @staticmethod
    @cache
    def load(path: Path) -> "PromptFile":
        return PromptFile(name=path.stem, text=path.read_text(encoding="utf-8").strip())


def fence(words: str, tag: str) -> str:
    """A participant's words as data: inside a tag that the words themselves cannot close."""
    return f"<{tag}>\n{words.replace('</' + tag, '< /' + tag)}\n</{tag}>"
