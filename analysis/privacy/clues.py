"""What in a quote narrows down who said it, and how it could be said more broadly. Pure; it suggests, and a person decides."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml

from surveys.languages import countries

WORDS = yaml.safe_load((Path(__file__).parent / "clues.yaml").read_text(encoding="utf-8"))
JOBS: dict[str, str] = WORDS["jobs"]
COUNTRIES = frozenset(name.casefold() for _, name in countries())
MONTHS = frozenset(WORDS["months"].split())
NOT_PLACES = frozenset(WORDS["not_places"].split()) | COUNTRIES | MONTHS
FEW = 5  # a group of fewer people hides nobody


class Clue(StrEnum):
    PLACE = "place"
    JOB = "occupation"
    EMPLOYER = "employer"
    EVENT = "event"
    DATE = "date"
    RARE = "rare"


class Risk(StrEnum):
    HIGH = "high"
    SOME = "some"
    LOW = "low"


@dataclass(frozen=True)
class Found:
    clue: Clue
    start: int
    end: int
    words: str
    instead: str


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


CAP = r"[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω][\w'’-]+"
PLACE = re.compile(rf"\b(?i:in|from|near|at|to|around|outside|of|en|de|à|aus|bei|nach|em|na|no|från|desde|w|v|в|из)\s(?P<it>{CAP}(?:\s{CAP}){{0,2}})")
JOB = re.compile(rf"(?P<it>(?:\b(?:a|an|the|una?|une|eine?)\s)?\b(?:{_any(list(JOBS))})(?:s|es)?)\b", re.IGNORECASE)
EMPLOYERS = _any(WORDS["employers"].split())
EMPLOYER = re.compile(rf"\b(?P<it>(?:{CAP}\s)+(?i:{EMPLOYERS})|(?i:{EMPLOYERS})\s(?:of|de|von|in)\s{CAP})\b")
EVENT = re.compile(rf"\b(?P<it>{_any(WORDS['events'].split())})s?\b", re.IGNORECASE)
RARE = re.compile(rf"\b(?P<it>{_any(WORDS['rare'])})\b", re.IGNORECASE)
DATE = re.compile(
    rf"\b(?P<it>\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}|(?:\d{{1,2}}\.?\s)?(?:{_any(WORDS['months'].split())})(?:\s\d{{1,2}},?)?\s(?:de\s)?\d{{4}}|(?:19|20)\d{{2}})\b",
    re.IGNORECASE,
)


def find(text: str, country: str = "") -> tuple[Found, ...]:
    """In order, none inside another. country: the person's, by name, which a place is widened to."""
    kept: list[Found] = []
    for each in sorted(_all(text, country), key=lambda each: (each.start, -each.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return tuple(kept)


def _all(text: str, country: str) -> Iterator[Found]:
    for clue, pattern, instead in (
        (Clue.EMPLOYER, EMPLOYER, "[employer]"),
        (Clue.EVENT, EVENT, "[event]"),
        (Clue.RARE, RARE, "[…]"),
        (Clue.DATE, DATE, "[date]"),
    ):
        yield from (Found(clue, *match.span("it"), match["it"], instead) for match in pattern.finditer(text))
    for match in PLACE.finditer(text):
        if not any(word.casefold() in NOT_PLACES for word in match["it"].split()) and match["it"].casefold() not in COUNTRIES:
            yield Found(Clue.PLACE, *match.span("it"), match["it"], country or "[place]")
    for match in JOB.finditer(text):
        yield Found(Clue.JOB, *match.span("it"), match["it"], _broader(match["it"]))


def _broader(words: str) -> str:
    folded = words.casefold()
    return next((broad for job, broad in sorted(JOBS.items(), key=lambda each: -len(each[0])) if job in folded), "[occupation]")


def generalised(text: str, found: tuple[Found, ...]) -> str:
    """The text said more broadly, as a suggestion. '' where there is nothing to widen. Events and rare things are left to a person."""
    widened = [each for each in found if each.clue in (Clue.PLACE, Clue.JOB, Clue.EMPLOYER, Clue.DATE)]
    for each in reversed(widened):
        text = text[: each.start] + each.instead + text[each.end :]
    return text if widened else ""


@dataclass(frozen=True)
class Checked:
    """found: in the words. k: how many people of the survey share what is shown of this one; people: of how many."""

    risk: Risk
    why: tuple[str, ...]
    suggestion: str
    k: int


def check(text: str, *, country: str, k: int, people: int, context: str = "") -> Checked:
    """context: the turn's translation, which is looked through as well where the quote is in another language."""
    found = find(text, country)
    elsewhere = [each for each in find(context, country) if each.clue not in {one.clue for one in found}] if context else []
    kinds = {each.clue for each in (*found, *elsewhere)}
    why = [f"{each.clue.value.capitalize()}: “{each.words}”." for each in found]
    why += [f"{each.clue.value.capitalize()}, somewhere in the turn's translation: “{each.words}”." for each in elsewhere]
    if k < FEW:
        why.append(
            f"{k} of {people} people in the survey {'has' if k == 1 else 'have'} this country, age, gender and occupation: do not show them together."
        )
    if len(kinds) > 1:
        why.append("Together these may point to one person.")
    return Checked(_risk(len(kinds), k), tuple(why), generalised(text, found), k)


def _risk(kinds: int, k: int) -> Risk:
    if kinds >= 3 or (kinds and k == 1):
        return Risk.HIGH
    return Risk.SOME if kinds or k < FEW else Risk.LOW
