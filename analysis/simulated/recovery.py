"""How much of the hidden truth of simulated participants the findings hold: precision and recall by theme and language."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from analysis.models import Fact
from analysis.statistics import Interval, wilson
from interviewer.models import Interview
from interviewer.simulation.profiles import Profile, profile_of
from surveys.models import Participant, Survey

CHUNK = 2000
EVERY = ""  # in the place of a language: all of them; of a code: all of its dimension


class Cell(NamedTuple):
    """Counts of people. n: coded in the dimension; true: the code holds of them; given: the findings say so; both: rightly."""

    dimension: str
    code: str
    language: str
    n: int
    true: int
    given: int
    both: int

    @property
    def precision(self) -> float | None:
        """Of those whom the findings give the code, the share of whom it holds; None where there are none."""
        return self.both / self.given if self.given else None

    @property
    def recall(self) -> float | None:
        """Of those of whom the code holds, the share whom the findings give it; None where there are none."""
        return self.both / self.true if self.true else None

    @property
    def precision_interval(self) -> Interval:
        return wilson(self.both, self.given)

    @property
    def recall_interval(self) -> Interval:
        return wilson(self.both, self.true)


@dataclass
class Recovery:
    """interviews: simulated ones compared; uncoded: those without findings; others: those whose profile this edition does not know."""

    interviews: int = 0
    uncoded: int = 0
    others: int = 0
    coders: tuple[str, ...] = ()
    people: Counter[tuple[str, str]] = field(default_factory=Counter)
    true: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    given: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    both: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted({language for _, language in self.people}))

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(dimension for dimension, _ in self.people))

    def codes(self, dimension: str) -> list[str]:
        return sorted({code for counts in (self.true, self.given) for key, code, _ in counts if key == dimension})

    def cell(self, dimension: str, code: str = EVERY, language: str = EVERY) -> Cell:
        """Over all codes, each pair of a person and a code counts once: the shares are micro-averages."""
        codes = [code] if code else self.codes(dimension)
        languages = [language] if language else self.languages
        places = [(dimension, each, spoken) for each in codes for spoken in languages]
        n = sum(self.people[dimension, spoken] for spoken in languages)
        return Cell(dimension, code, language, n, *(sum(counts[place] for place in places) for counts in (self.true, self.given, self.both)))

    def cells(self) -> Iterator[Cell]:
        """Every theme in every language, and in all of them."""
        for dimension in self.dimensions:
            for code in self.codes(dimension):
                yield from (self.cell(dimension, code, language) for language in (EVERY, *self.languages))

    def add(self, profile: Profile, found: dict[str, set[str]]) -> None:
        self.interviews += 1
        for dimension, true in profile.truth.items():
            if given := found.get(dimension):
                self.people[dimension, profile.language] += 1
                for counts, codes in ((self.true, true), (self.given, given), (self.both, true & given)):
                    counts.update((dimension, code, profile.language) for code in codes)


def recovery(survey: Survey) -> Recovery:
    """Compares what the findings would count of each simulated participant with their profile."""
    result = Recovery()
    for chunk in _chunks(_interviews(survey)):
        found = _facts([row["id"] for row in chunk])
        for row in chunk:
            profile = _profile(row)
            if profile is None:
                result.others += 1
            elif row["id"] not in found:
                result.uncoded += 1
            else:
                result.add(profile, found[row["id"]])
    result.coders = _coders(survey)
    return result


def _interviews(survey: Survey) -> Iterator[dict[str, Any]]:
    simulated = Interview.objects.filter(participant__survey=survey, participant__origin=Participant.Origin.SIMULATED).order_by("pk")
    people = ("external_id", "country", "age_band", "gender", "occupation")
    rows: Any = simulated.values("id", "language", *(f"participant__{name}" for name in people))
    return iter(rows.iterator(chunk_size=CHUNK))


def _profile(row: dict[str, Any]) -> Profile | None:
    """None where age, gender and occupation on record are others than the profile's: another edition made this person."""
    profile = profile_of(row["participant__external_id"], country=row["participant__country"], language=row["language"])
    if profile is None:
        return None
    known = (profile.age_band, profile.gender, profile.occupation)
    return profile if known == (row["participant__age_band"], row["participant__gender"], row["participant__occupation"]) else None


def _facts(interviews: list[int]) -> dict[int, dict[str, set[str]]]:
    found: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for interview, dimension, code in Fact.objects.filter(interview__in=interviews).values_list("interview_id", "dimension", "code"):
        found[interview][dimension].add(code)
    return found


def _coders(survey: Survey) -> tuple[str, ...]:
    facts = Fact.objects.filter(survey=survey, origin=Participant.Origin.SIMULATED).order_by()
    rows = facts.values_list("coding__coder__user__username", "coding__coder__model", "coding__coder__prompt_version").distinct()
    return tuple(sorted(person or f"{model} · {prompt}" for person, model, prompt in rows))


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    each = iter(rows)
    while chunk := list(islice(each, CHUNK)):
        yield chunk
