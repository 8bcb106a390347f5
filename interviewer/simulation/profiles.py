"""Who the simulated participants are, with what they truly hope and fear: pure, seeded, and found again from what is stored of them."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from interviewer.simulation.places import languages_of, places, region_of
from interviewer.simulation.sentences import tongue, written_languages
from interviewer.simulation.shares import (
    AGE_BANDS,
    DELIVERED,
    FEARS,
    FEARS_LEAN,
    GENDERS,
    HOPES,
    HOPES_LEAN,
    MANNERS,
    MOST_FEARS,
    OCCUPATIONS,
    POSITIVE_LEAN,
    SENTIMENT,
)

Value = TypeVar("Value")
# Raise it with any change to the tables or to how profiles are drawn: people made before are then seen to be others.
EDITION = 3
NONE = "none"
_NAME = re.compile(r"simulated-(-?[0-9]+)-([0-9]+)", re.ASCII)


@dataclass(frozen=True)
class Profile:
    """One simulated participant. `fears` is ("none",) where there is none; `sentiment` is 1-7; `country` ISO 3166-1 alpha-2.

    language: the interview's. second: the language that someone who switches goes on in, else empty.
    """

    seed: int
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
    second: str = ""

    @property
    def name(self) -> str:
        """The participant's external id, from which the profile is found again."""
        return f"simulated-{self.seed}-{self.number}"

    @property
    def truth(self) -> dict[str, frozenset[str]]:
        """What holds of the person, by dimension of the codebook hopes-and-fears."""
        return {
            "hopes": frozenset({self.hope}),
            "delivered": frozenset({self.delivered}),
            "fears": frozenset(self.fears),
            "sentiment": frozenset({str(self.sentiment)}),
        }


def profiles(count: int, *, seed: int, languages: Sequence[str]) -> Iterator[Profile]:
    """Profiles 1 to `count`. Each depends on its number, the seed and the languages, not on the count."""
    known = places(languages)
    bounds = list(accumulate(place.weight for place in known))
    for number in range(1, count + 1):
        place = seeded(f"{EDITION}:{seed}:{number}:place").choices(known, cum_weights=bounds)[0]
        yield _profile(seed, number, place.country, place.language)


def profile_of(external_id: str, *, country: str, language: str) -> Profile | None:
    """The profile of a stored participant: where they live and their language are on record, the rest follows from their number.

    None for one who is not simulated, or lives nowhere that this edition knows.
    """
    found = _NAME.fullmatch(external_id)
    try:
        return _profile(int(found[1]), int(found[2]), country, language) if found else None
    except KeyError:
        return None


def seeded(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - repeatable on purpose; nothing here is secret


def _profile(seed: int, number: int, country: str, language: str) -> Profile:
    rng, region = seeded(f"{EDITION}:{seed}:{number}"), region_of(country)
    manner, age_band = _draw(rng, MANNERS), _draw(rng, AGE_BANDS)
    hope = _draw(rng, _leaning(HOPES, HOPES_LEAN.get(region, {})))
    delivered = _draw(rng, DELIVERED)
    return Profile(
        seed=seed,
        number=number,
        language=language,
        country=country,
        age_band=age_band,
        gender=_draw(rng, GENDERS),
        occupation=_occupation(rng, age_band),
        hope=hope,
        delivered=delivered if hope != NONE else NONE,
        fears=_fears(rng, region) if manner != "refusing" else (NONE,),
        sentiment=_draw(rng, {value: share * (POSITIVE_LEAN.get(region, 1.0) if value > 4 else 1.0) for value, share in SENTIMENT.items()}),
        manner=manner,
        second=_second(rng, country, language) if manner == "switching" else "",
    )


def _draw(rng: random.Random, shares: Mapping[Value, float]) -> Value:
    return rng.choices(list(shares), weights=list(shares.values()))[0]


def _leaning(shares: Mapping[str, float], lean: Mapping[str, float]) -> dict[str, float]:
    return {code: share * lean.get(code, 1.0) for code, share in shares.items()}


def _fears(rng: random.Random, region: str) -> tuple[str, ...]:
    # Those who refuse have no fear to show; dividing by the others' share keeps the shares among everybody.
    willing = 1 - MANNERS["refusing"] / 100
    shares = _leaning(FEARS, FEARS_LEAN.get(region, {}))
    found = [code for code, share in shares.items() if rng.random() < share / 100 / willing]
    rng.shuffle(found)
    return tuple(found[:MOST_FEARS]) or (NONE,)


def _occupation(rng: random.Random, age_band: str) -> str:
    if age_band == "65+" and rng.random() < 0.8:
        return "retired"
    if age_band == "18-24" and rng.random() < 0.6:
        return "student"
    return rng.choice(OCCUPATIONS)


def _second(rng: random.Random, country: str, language: str) -> str:
    """Another language of the country; English, or for who writes English Spanish, where there is none with sentences."""
    own = tongue(language)
    others = [other for other in languages_of(country) if other != own and other in written_languages()]
    return rng.choice(others) if others else ("es" if own == "en" else "en")
