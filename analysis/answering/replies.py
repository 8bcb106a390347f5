"""What a model answers about an inquiry, and what of it stands. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from analysis.answering.records import Side, Stance
from analysis.coding import Evidence, QuoteGiven
from analysis.material import Said
from analysis.quoting import located

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")
_RANGE = re.compile(r"(\d)–(?=\d[\d.,]*%)")  # '12–77%': both ends are shares


class Sides(BaseModel):
    stance: Literal["for", "against", "mixed", "silent"]
    quotes_for: list[QuoteGiven]
    quotes_against: list[QuoteGiven]


class Sentence(BaseModel):
    text: str
    cites: list[str]


class Written(BaseModel):
    answer: list[Sentence]
    counter: list[Sentence]


@dataclass(frozen=True)
class Read:
    stance: Stance
    evidence: tuple[tuple[Side, Evidence], ...]
    dropped: int


def settled(reply: Sides, words: Sequence[Said]) -> Read:
    """The stance is what the quotes bear out that the transcript holds; with none of them an interview is silent."""
    if reply.stance == "silent":
        return Read(Stance.SILENT, (), 0)
    pro, missing = located(reply.quotes_for, words)
    contra, missing_too = located(reply.quotes_against, words)
    evidence = (*((Side.FOR, each) for each in pro), *((Side.AGAINST, each) for each in contra))
    return Read(stance_of({side for side, _ in evidence}), evidence, missing + missing_too)


def stance_of(sides: set[Side]) -> Stance:
    if len(sides) == 2:
        return Stance.MIXED
    return Stance(next(iter(sides)).value) if sides else Stance.SILENT


@dataclass(frozen=True)
class Kept:
    """part: 'answer' or 'counter'."""

    part: str
    text: str
    cites: tuple[str, ...]


def kept(reply: Written, counts: Mapping[str, str], quotes: Mapping[str, str]) -> tuple[tuple[Kept, ...], int]:
    """The sentences that cite something they were given and say no number that is not in what they cite; and how many were dropped."""
    found = [_sentence(part, each, counts, quotes) for part in ("answer", "counter") for each in getattr(reply, part)]
    return tuple(each for each in found if each), found.count(None)


def _sentence(part: str, sentence: Sentence, counts: Mapping[str, str], quotes: Mapping[str, str]) -> Kept | None:
    known = {**counts, **quotes}
    cites = tuple(dict.fromkeys(ref for ref in sentence.cites if ref in known))
    given = {number for ref in cites for number in _numbers(known[ref])}
    text = " ".join(sentence.text.split())
    if not cites or not text or not _numbers(text) <= given:
        return None
    return Kept(part, text, cites)


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(_RANGE.sub(r"\1%–", text)))
