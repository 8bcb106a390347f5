"""What refusing, denying, wanting to stop, giving an example and giving a reason look like on the surface, language by language."""

import re
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from llm.offline.text import folded, is_unspaced, weight

_PHRASES = Path(__file__).with_name("phrases.txt")
_CLAUSE_END = re.compile(r"[,.;:!?…,،。，、！–—]")
_LONGEST_WISH = 12  # words: to stop the interview
_LONGEST_REFUSAL = 7  # words: who says more than this has said something


@dataclass(frozen=True)
class Lexicon:
    unsure: frozenset[str]
    denial: frozenset[str]
    example: frozenset[str]
    reason: frozenset[str]
    stop: frozenset[str]

    def __or__(self, other: "Lexicon") -> "Lexicon":
        return Lexicon(*(getattr(self, kind.name) | getattr(other, kind.name) for kind in fields(self)))


@cache
def _lexicons() -> dict[str, Lexicon]:
    lines = _PHRASES.read_text(encoding="utf-8").splitlines()
    rows = (line.split(" | ") for line in lines if line and not line.startswith("#"))
    return {row[0].strip(): Lexicon(*(frozenset(folded(phrase) for phrase in cell.split(",")) for cell in row[1:])) for row in rows}


@cache
def lexicon(language: str) -> Lexicon:
    """The language's own, with English beside it. An unknown language reads all of them, which may take a phrase of one for another's."""
    known = _lexicons()
    base = "zh-hans" if language.startswith("zh") else language.split("-")[0]
    if base in known:
        return known[base] | known["en"]
    everything = known["en"]
    for other in known.values():
        everything |= other
    return everything


def declines(text: str, language: str) -> bool:
    """Refuses, does not know, or says no more than no."""
    words, plain = lexicon(language), folded(text)
    if plain in words.denial or plain in words.unsure:
        return True
    return weight(text) <= _LONGEST_REFUSAL and _holds(plain, frozenset(filter(_may_stand_within, words.unsure)))


def denies(text: str, language: str) -> bool:
    """Is a plain no, or begins with one: "Not really, I tried it" does, "No lo creo" does not."""
    return folded(_CLAUSE_END.split(text.strip(), maxsplit=1)[0]) in lexicon(language).denial


def wants_to_stop(text: str, language: str) -> bool:
    """Says so in few words: in a longer answer the same words may be part of a story."""
    return weight(text) <= _LONGEST_WISH and _holds(folded(text), lexicon(language).stop)


def gives_example(text: str, language: str) -> bool:
    return _holds(folded(text), lexicon(language).example)


def gives_reason(text: str, language: str) -> bool:
    return _holds(folded(text), lexicon(language).reason)


def _holds(plain: str, phrases: frozenset[str]) -> bool:
    return any(_as_found(phrase) in plain for phrase in phrases)


def _may_stand_within(phrase: str) -> bool:
    """Of the spaced scripts only what has two words: "pass" refuses, "to pass my exam" does not."""
    return len(phrase.split()) > 1 or _is_glued(phrase.strip())


def _is_glued(bare: str) -> bool:
    """Chinese, Japanese, Korean: other letters follow without a space."""
    return is_unspaced(bare) or "\uac00" <= bare[0] <= "\ud7a3"


@cache
def _as_found(phrase: str) -> str:
    """A phrase between spaces; open at the end in Arabic, where pronouns are attached."""
    bare = phrase.strip()
    if _is_glued(bare):
        return bare
    return f" {bare}" if "\u0600" <= bare[0] <= "\u06ff" else phrase
