"""Where simulated participants live and in which language they are interviewed there: invented proportions, not data."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

TABLE = Path(__file__).with_name("places.yaml")
# Who speaks none of the languages offered takes this one where it is offered, and stays away where it is not.
IN_NEED = "en"


@dataclass(frozen=True)
class Place:
    """`language`: the one the interview is held in. `weight`: people, of some 80,000 in all."""

    region: str
    country: str
    language: str
    weight: float


@cache
def _spoken() -> tuple[Place, ...]:
    return tuple(_read())


def _read() -> Iterator[Place]:
    for region, entry in yaml.safe_load(TABLE.read_text(encoding="utf-8")).items():
        countries = entry["countries"]
        whole = sum(country["weight"] for country in countries.values())
        for code, country in countries.items():
            people = entry["weight"] * country["weight"] / whole
            for language, share in country["languages"].items():
                yield Place(region, code, language, people * share / 100)


@cache
def region_of(country: str) -> str:
    """Raises KeyError for a country that is not in the table."""
    return {place.country: place.region for place in _spoken()}[country]


@cache
def languages_of(country: str) -> tuple[str, ...]:
    """The languages spoken in a country, the most spoken first."""
    there = [place for place in _spoken() if place.country == country]
    return tuple(place.language for place in sorted(there, key=lambda place: -place.weight))


def every_language() -> tuple[str, ...]:
    return tuple(dict.fromkeys(place.language for place in _spoken()))


def places(languages: Sequence[str]) -> list[Place]:
    """Every country with each of `languages` that people there take. ValueError where nobody in the table takes any of them."""
    weights: dict[tuple[str, str, str], float] = defaultdict(float)
    for place in _spoken():
        language = place.language if place.language in languages else IN_NEED
        if language in languages:
            weights[place.region, place.country, language] += place.weight
    if not weights:
        raise ValueError(f"no simulated participant speaks {', '.join(languages)}")
    return [Place(*place, weight) for place, weight in weights.items()]
