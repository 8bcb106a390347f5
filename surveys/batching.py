"""Whose words may go to a model by batch: those who have read in the consent text that they may be kept there for a while."""

from collections.abc import Iterable

SENTENCE = (
    "What I say is read by a computer program of another company (a language model), which may keep a copy of it for up to 30 days "
    "before it is deleted."
)


def sentences(written: str) -> tuple[str, ...]:
    """What a researcher wrote, one a line, as it is looked for."""
    return tuple(line for line in map(_plain, written.splitlines()) if line)


def covers(consent: str, wanted: Iterable[str]) -> bool:
    """Whether the consent text, as it was read, holds one of the sentences."""
    text = _plain(consent)
    return any(sentence in text for sentence in wanted)


def _plain(text: str) -> str:
    return " ".join(text.split())
