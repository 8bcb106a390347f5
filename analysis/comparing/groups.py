"""Which groups can be compared, and the counts of their people."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, F

from analysis import wording
from analysis.aggregates import Counts, facts_of
from surveys.languages import name as language_name
from surveys.models import Survey

VARIABLES = {
    "country": "country",
    "language": "language",
    "age": "interview__participant__age_band",
    "gender": "interview__participant__gender",
    "arm": "interview__arm",
}


@dataclass(frozen=True)
class Group:
    variable: str
    value: str

    @classmethod
    def read(cls, text: str) -> "Group | None":
        """'country:KE'; None for what names no group."""
        variable, parted, value = text.partition(":")
        return cls(variable, value) if parted and variable in VARIABLES else None

    @property
    def key(self) -> str:
        return f"{self.variable}:{self.value}"

    @property
    def label(self) -> str:
        if self.variable == "country":
            return wording.country(self.value)
        return (language_name(self.value) if self.variable == "language" else self.value) if self.value else "not stated"


def count_by(survey: Survey, variable: str, origins: Collection[str]) -> dict[str, Counts]:
    """As `aggregates.count`, of another variable in the place of the country."""
    facts = facts_of(survey, origins).order_by().annotate(group=F(VARIABLES[variable]))
    people: dict[str, dict[str, int]] = defaultdict(dict)
    for key, group, n in facts.values_list("dimension", "group").annotate(n=Count("interview", distinct=True)):
        people[key][group] = n
    given: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for key, group, code, k in facts.values_list("dimension", "group", "code").annotate(k=Count("id")):
        given[key][group, code] = k
    return {key: Counts(people[key], given[key]) for key in people}


def groups(variable: str, counted: Mapping[str, Counts]) -> list[tuple[Group, int]]:
    """The groups of a variable with their people, where most are coded; the largest first."""
    sizes: dict[str, int] = defaultdict(int)
    for counts in counted.values():
        for value, n in counts.people.items():
            sizes[value] = max(sizes[value], n)
    return [(Group(variable, value), n) for value, n in sorted(sizes.items(), key=lambda item: (item[0] == "", -item[1], item[0]))]
