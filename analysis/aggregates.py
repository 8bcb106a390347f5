"""Counts of people by theme and country, read from the narrow fact table and from nothing else."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from analysis.models import Fact
from analysis.quality.labels import Label
from analysis.quality.records import AnswerQuality
from analysis.statistics import Interval, wilson
from surveys.models import Participant, Survey

Origin = Participant.Origin
EVERYONE, SUBSTANTIVE = "", "substantive"  # which interviews shares are of
UNSTATED = ""  # the country of people who gave none


def counted_origins(survey: Survey, *, pilot: bool = False, simulated: bool = False) -> frozenset[str]:
    """Where the interviews that count come from. Simulated ones count if the survey says so; `pilot` and `simulated` add theirs."""
    origins = {Origin.LIVE.value, Origin.IMPORTED.value}
    if simulated or survey.show_simulated:
        origins.add(Origin.SIMULATED.value)
    if pilot:
        origins.add(Origin.PILOT.value)
    return frozenset(origins)


@dataclass(frozen=True)
class Share:
    """k people of n have the code. n is everyone coded in the dimension, those with the code 'none' among them."""

    code: str
    k: int
    n: int
    country: str | None = None  # None: all countries together
    hidden: bool = False  # then k is 0, whatever it is in truth

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where nobody was coded, or where it is kept back."""
        return self.k / self.n if self.n and not self.hidden else None

    @cached_property
    def interval(self) -> Interval:
        return Interval(0.0, 1.0) if self.hidden else wilson(self.k, self.n)

    @property
    def low(self) -> float:
        return self.interval.low

    @property
    def high(self) -> float:
        return self.interval.high


@dataclass(frozen=True)
class Counts:
    """One dimension counted: people coded, by country, and people with each code, by country and code."""

    people: Mapping[str, int]
    given: Mapping[tuple[str, str], int]
    public = False  # whether small cells are kept back, and nothing leads to people

    @cached_property
    def n(self) -> int:
        return sum(self.people.values())

    @cached_property
    def _totals(self) -> Counter[str]:
        totals: Counter[str] = Counter()
        for (_, code), k in self.given.items():
            totals[code] += k
        return totals

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(self._totals)

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Most people first; people without a country last."""
        return tuple(sorted(self.people, key=lambda country: (country == UNSTATED, -self.people[country], country)))

    def share(self, code: str, country: str | None = None) -> Share:
        if country is None:
            return Share(code, self._totals[code], self.n)
        return Share(code, self.given.get((country, code), 0), self.people.get(country, 0), country)


@dataclass(frozen=True)
class PublicCounts(Counts):
    """What may leave the server of one dimension: what is in neither `totals` nor `given` is kept back. Countries with few people are one."""

    totals: Mapping[str, int]
    known: frozenset[str]
    public = True

    @property
    def codes(self) -> frozenset[str]:
        return self.known

    def share(self, code: str, country: str | None = None) -> Share:
        n = self.n if country is None else self.people.get(country, 0)
        k = self.totals.get(code) if country is None else self.given.get((country, code))
        return Share(code, k or 0, n, country, hidden=k is None)


NOTHING = Counts({}, {})


def facts_of(survey: Survey, origins: Collection[str], base: str = EVERYONE) -> QuerySet[Fact]:
    """What is counted. base: of all interviews, or of those with a substantive answer to what the dimension is coded from."""
    facts = Fact.objects.filter(survey=survey, origin__in=origins)
    return facts.filter(_said_something(survey)) if base == SUBSTANTIVE else facts


def _said_something(survey: Survey) -> Q:
    """To any open question; where the dimension names questions, to one of them, or it was left out as answered earlier."""
    codebook = survey.codebooks.first()
    told = AnswerQuality.objects.filter(interview=OuterRef("interview"), label__in=(Label.SUBSTANTIVE, Label.COVERED))
    holds = Q(interview__quality__substantive__gt=0)
    for dimension in codebook.document.dimensions if codebook else ():
        if dimension.questions:
            holds &= ~Q(dimension=dimension.key) | Q(Exists(told.filter(question__in=dimension.questions)))
    return holds


def count(survey: Survey, *, origins: Collection[str], dimension: str | None = None, base: str = EVERYONE) -> dict[str, Counts]:
    """Every dimension that anyone was coded in (or the one asked for), counted in two queries."""
    facts = facts_of(survey, origins, base)
    if dimension is not None:
        facts = facts.filter(dimension=dimension)
    people: dict[str, dict[str, int]] = defaultdict(dict)
    for key, country, n in facts.values_list("dimension", "country").annotate(n=Count("interview", distinct=True)).order_by():
        people[key][country] = n
    given: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    # A person has a code once (a constraint says so): rows are people.
    for key, country, code, k in facts.values_list("dimension", "country", "code").annotate(k=Count("id")).order_by():
        given[key][country, code] = k
    return {key: Counts(people[key], given[key]) for key in people}


def themes(survey: Survey, *, dimension: str, origins: Collection[str]) -> tuple[Share, ...]:
    """The codes given in a dimension over all countries, the most frequent first."""
    counts = count(survey, origins=origins, dimension=dimension).get(dimension, NOTHING)
    return tuple(sorted((counts.share(code) for code in counts.codes), key=lambda share: (-share.k, share.code)))


def themes_by_country(survey: Survey, *, dimension: str, origins: Collection[str]) -> tuple[Share, ...]:
    """One row a country and code given anywhere, nobody's among them; countries with most people first, codes by name."""
    counts = count(survey, origins=origins, dimension=dimension).get(dimension, NOTHING)
    return tuple(counts.share(code, country) for country in counts.countries for code in sorted(counts.codes))
