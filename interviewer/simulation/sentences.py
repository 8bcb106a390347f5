"""The sentences that simulated participants put their answers together from, language by language."""

from functools import cache
from pathlib import Path

import yaml

from surveys.guide import Frozen

FOLDER = Path(__file__).parent / "answers"
IN_NEED = "en"
_UNSPACED = ("ja", "zh-hans")


class Library(Frozen):
    """The sentences of one language, by code where they have one."""

    language: str
    openers: tuple[str, ...]
    last_use: tuple[str, ...]
    hopes: dict[str, tuple[str, ...]]
    delivered: dict[str, tuple[str, ...]]
    fears: dict[str, tuple[str, ...]]
    overall: dict[str, str]
    more: tuple[str, ...]
    refusals: tuple[str, ...]
    minimal: tuple[str, ...]
    summary_reply: tuple[str, ...]
    off_topic: tuple[str, ...]
    hostile: tuple[str, ...]
    stop: str

    def joined(self, *sentences: str) -> str:
        return ("" if self.language in _UNSPACED else " ").join(sentences)

    def showing(self, dimension: str, code: str) -> tuple[str, ...]:
        """The sentences that say so; none for what has no sentences."""
        if dimension == "sentiment":
            return (self.overall[code],) if code in self.overall else ()
        by_code: dict[str, tuple[str, ...]] = {"hopes": self.hopes, "delivered": self.delivered, "fears": self.fears}.get(dimension, {})
        return by_code.get(code, ())


@cache
def written_languages() -> frozenset[str]:
    return frozenset(path.stem for path in FOLDER.glob("*.yaml"))


def tongue(language: str) -> str:
    """The language that people interviewed in `language` really write: their own where there are sentences in it, else English."""
    return language if language in written_languages() else IN_NEED


@cache
def library(language: str) -> Library:
    """FileNotFoundError for a language without sentences."""
    text = (FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Library.model_validate({"language": language} | yaml.load(text, Loader=loader))  # noqa: S506 - both are safe loaders
