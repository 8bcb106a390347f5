"""Who the simulated participants are, with what they truly hope and fear, and what they answer: pure, seeded, repeatable.

Shares follow those published for a study of about 81,000 interviews. That regions lean to some hopes and fears, and that the
general attitude differs between them, is invented so that a map has something to show: it says nothing about the people there.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml

from interviewer.simulation.places import Place, places
from surveys.guide import Frozen

Value = TypeVar("Value")

# Shares in per cent. One hope and one kind of help a person; fears are drawn independently of each other.
HOPES = {
    "professional_excellence": 18.8,
    "personal_transformation": 13.7,
    "life_management": 13.5,
    "time_freedom": 11.1,
    "financial_independence": 9.7,
    "societal_transformation": 9.4,
    "entrepreneurship": 8.7,
    "learning_growth": 8.4,
    "creative_expression": 5.6,
    "none": 1.1,
}
DELIVERED = {
    "productivity": 32.0,
    "has_not": 18.9,
    "cognitive_partnership": 17.2,
    "learning": 9.9,
    "technical_accessibility": 8.7,
    "research_synthesis": 7.2,
    "emotional_support": 6.1,
}
# The last six shares are guesses that bring the mean to 2.3 fears a person.
FEARS = {
    "unreliability": 26.7,
    "jobs_economy": 22.3,
    "autonomy_agency": 21.9,
    "cognitive_atrophy": 16.3,
    "governance": 14.7,
    "misinformation": 13.6,
    "surveillance_privacy": 13.1,
    "malicious_use": 13.0,
    "meaning_creativity": 11.7,
    "over_restriction": 11.7,
    "wellbeing_dependency": 11.2,
    "sycophancy": 10.8,
    "existential_risk": 6.7,
    "bias": 8.0,
    "environment": 6.5,
    "ip_data": 6.0,
    "children": 5.5,
    "democracy": 5.3,
    "geopolitics": 5.0,
}
SENTIMENT = {1: 2.0, 2: 6.0, 3: 10.0, 4: 15.0, 5: 30.0, 6: 27.0, 7: 10.0}
MANNERS = {"talkative": 60.0, "plain": 25.0, "terse": 12.0, "refusing": 3.0}
_OPENER = {"talkative": 0.5, "plain": 0.2, "terse": 0.0, "refusing": 0.0}
AGE_BANDS = {"18-24": 18.0, "25-34": 32.0, "35-44": 23.0, "45-54": 14.0, "55-64": 8.0, "65+": 5.0}
GENDERS = {"woman": 46.0, "man": 48.0, "non-binary": 2.0, "": 4.0}  # empty: not told
# fmt: off
OCCUPATIONS = (
    "accountant", "baker", "bus driver", "carpenter", "civil servant", "cook", "designer", "electrician", "engineer", "farmer", "lawyer",
    "mechanic", "musician", "nurse", "office clerk", "physician", "researcher", "sales assistant", "shop owner", "social worker",
    "software developer", "teacher", "translator", "writer",
)
# fmt: on
MOST_FEARS = 5
FOLLOW_UPS = 3
SUMMARY = "summary"

# Region → code → factor on its share. Invented, see above.
_HOPES_LEAN: dict[str, dict[str, float]] = {
    "Western Europe": {"time_freedom": 1.3, "life_management": 1.1},
    "East Asia": {"creative_expression": 1.4, "financial_independence": 1.2},
    "Latin America": {"learning_growth": 1.3, "entrepreneurship": 1.2},
    "South Asia": {"learning_growth": 1.5, "financial_independence": 1.3},
    "South-East Asia": {"entrepreneurship": 1.4, "financial_independence": 1.2},
    "Sub-Saharan Africa": {"entrepreneurship": 1.8, "societal_transformation": 1.3},
    "Middle East": {"personal_transformation": 1.2},
}
_FEARS_LEAN: dict[str, dict[str, float]] = {
    "Western Europe": {"surveillance_privacy": 1.3, "environment": 1.4},
    "East Asia": {"unreliability": 1.15, "jobs_economy": 0.9},
    "Latin America": {"cognitive_atrophy": 1.2, "bias": 1.3},
    "South Asia": {"jobs_economy": 1.3, "bias": 1.5},
    "Middle East": {"geopolitics": 1.8, "bias": 1.5},
    "Sub-Saharan Africa": {"bias": 1.9, "malicious_use": 1.3},
}
_POSITIVE_LEAN = {
    "Western Europe": 0.85,
    "South Asia": 1.5,
    "Sub-Saharan Africa": 1.5,
    "South-East Asia": 1.3,
    "Latin America": 1.2,
    "East Asia": 0.9,
}


@dataclass(frozen=True)
class Profile:
    """One simulated participant. `fears` is ("none",) where there is none; `sentiment` is 1–7; `country` ISO 3166-1 alpha-2."""

    number: int
    language: str
    country: str
    age_band: str
    gender: str
    occupation: str
    hope: str
    delivered: str
    fears: tuple[str, ...]
    sentiment: int
    manner: str


class Library(Frozen):
    """The sentences of one language, by code where they have one."""

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


@cache
def library(language: str) -> Library:
    """FileNotFoundError for a language without sentences."""
    path = Path(__file__).parent / "answers" / f"{language}.yaml"
    return Library.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def profiles(count: int, *, seed: int, languages: Sequence[str]) -> Iterator[Profile]:
    """Profiles 1 to `count`. Each depends on its number, the seed and the languages, not on the count."""
    known = places(languages)
    for number in range(1, count + 1):
        yield _profile(number, _random(f"{seed}:{number}"), known)


def answers_for(profile: Profile, question_key: str, library: Library) -> list[str]:
    """What this person says: first to the question (SUMMARY: to the closing summary), then to each of up to FOLLOW_UPS follow-ups.

    All fears are in the first answer, so that the truth does not depend on how often somebody asks again. A person who refuses
    says nothing about their last use of AI or their fears. To a question it does not know, a person gives a reply without content.
    """
    rng = _random(f"{profile}:{question_key}")
    said = _said(profile, question_key, library, rng)
    further = rng.sample(library.more, k=len(library.more))
    match profile.manner:
        case "refusing":
            further = rng.sample(library.refusals, k=len(library.refusals))
            said = said if question_key not in ("last_use", "concerns") else [further[-1]]
        case "terse":
            further = rng.sample(library.minimal, k=len(library.minimal))
        case "talkative":
            further = [*said[1:2], *further]
    first = said[0]
    has_content = {"magic_wand": profile.hope, "concerns": profile.fears[0]}.get(question_key, "none") != "none"
    if has_content and rng.random() < _OPENER[profile.manner]:
        first = _join(profile.language, [rng.choice(library.openers), first])
    return [first, *further[:FOLLOW_UPS]]


def _random(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - repeatable on purpose; nothing here is secret


def _profile(number: int, rng: random.Random, known: Sequence[Place]) -> Profile:
    place = rng.choices(known, weights=[place.weight for place in known])[0]
    manner, age_band = _draw(rng, MANNERS), _draw(rng, AGE_BANDS)
    hope = _draw(rng, _leaning(HOPES, _HOPES_LEAN.get(place.region, {})))
    delivered = _draw(rng, DELIVERED)
    return Profile(
        number=number,
        language=place.language,
        country=place.country,
        age_band=age_band,
        gender=_draw(rng, GENDERS),
        occupation=_occupation(rng, age_band),
        hope=hope,
        delivered=delivered if hope != "none" else "none",
        fears=_fears(rng, place.region) if manner != "refusing" else ("none",),
        sentiment=_draw(rng, {value: share * (_POSITIVE_LEAN.get(place.region, 1.0) if value > 4 else 1.0) for value, share in SENTIMENT.items()}),
        manner=manner,
    )


def _draw(rng: random.Random, shares: Mapping[Value, float]) -> Value:
    return rng.choices(list(shares), weights=list(shares.values()))[0]


def _leaning(shares: Mapping[str, float], lean: Mapping[str, float]) -> dict[str, float]:
    return {code: share * lean.get(code, 1.0) for code, share in shares.items()}


def _fears(rng: random.Random, region: str) -> tuple[str, ...]:
    # Those who refuse have no fear to show; dividing by the others' share keeps the shares among everybody.
    willing = 1 - MANNERS["refusing"] / 100
    shares = _leaning(FEARS, _FEARS_LEAN.get(region, {}))
    found = [code for code, share in shares.items() if rng.random() < share / 100 / willing]
    rng.shuffle(found)
    return tuple(found[:MOST_FEARS]) or ("none",)


def _occupation(rng: random.Random, age_band: str) -> str:
    if age_band == "65+" and rng.random() < 0.8:
        return "retired"
    if age_band == "18-24" and rng.random() < 0.6:
        return "student"
    return rng.choice(OCCUPATIONS)


def _said(profile: Profile, question_key: str, library: Library, rng: random.Random) -> list[str]:
    """The statements with content, the first answer first."""
    match question_key:
        case "last_use":
            return [rng.choice(library.last_use)]
        case "magic_wand":
            return rng.sample(library.hopes[profile.hope], k=2)
        case "delivered":
            return rng.sample(library.delivered[profile.delivered], k=2)
        case "concerns":
            pairs = [rng.sample(library.fears[fear], k=2) for fear in profile.fears]
            return [_join(profile.language, [pair[0] for pair in pairs]), pairs[0][1]]
        case "summary":
            return [_join(profile.language, [rng.choice(library.summary_reply), library.overall[str(profile.sentiment)]])]
    return [rng.choice(library.more)]


def _join(language: str, sentences: Sequence[str]) -> str:
    return ("" if language in ("ja", "zh-hans") else " ").join(sentences)
