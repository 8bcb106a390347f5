"""Every coefficient of a table of ratings, in all and by group: what the command prints and pages can show."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np

from analysis.agreement import measures
from analysis.agreement.bootstrap import SEED
from analysis.agreement.ratings import Level, Ratings
from analysis.agreement.results import MINIMUM, Result, TooFew

Compute = Callable[..., Result]
ALPHA = "krippendorff_alpha"
NAMES = {
    "percent_agreement": "Percent agreement",
    "cohen_kappa": "Cohen's kappa",
    "cohen_kappa_linear": "Cohen's kappa, linear weights",
    "cohen_kappa_quadratic": "Cohen's kappa, quadratic weights",
    "fleiss_kappa": "Fleiss' kappa",
    f"{ALPHA}_nominal": "Krippendorff's alpha, nominal",
    f"{ALPHA}_ordinal": "Krippendorff's alpha, ordinal",
    f"{ALPHA}_interval": "Krippendorff's alpha, interval",
    "gwet_ac1": "Gwet's AC1",
    "gwet_ac2_linear": "Gwet's AC2, linear weights",
    "gwet_ac2_quadratic": "Gwet's AC2, quadratic weights",
}
WEIGHTS: Mapping[Level, str] = {Level.ORDINAL: "linear", Level.INTERVAL: "quadratic"}
POWERS: Mapping[str, int] = {"linear": 1, "quadratic": 2}


@dataclass(frozen=True)
class Finding:
    """One coefficient; `coders` names the pair where it is of a pair."""

    key: str
    result: Result
    coders: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return NAMES[self.key]


@dataclass(frozen=True)
class Report:
    """One table of ratings: its size and every coefficient."""

    units: int
    coders: tuple[str, ...]
    values: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def too_few(self) -> TooFew | None:
        """What there is to say if no coefficient has units enough."""
        all_few = [finding.result for finding in self.findings if isinstance(finding.result, TooFew)]
        return max(all_few, key=lambda few: few.n) if len(all_few) == len(self.findings) else None


def levels_of(ratings: Ratings, level: Level | None = None) -> tuple[Level, ...]:
    """The levels to report: nominal always; the one asked for; else every level that the values allow.

    Two values are as far apart at every level, so one is enough. Raises ValueError for a level that the values do not allow.
    """
    allowed = [Level.NOMINAL] + [Level.ORDINAL] * ratings.ordered + [Level.INTERVAL] * (ratings.numbers is not None)
    if level is None:
        return tuple(allowed) if len(ratings.values) > 2 else (Level.NOMINAL,)
    if level not in allowed:
        needs = "values that are numbers" if level is Level.INTERVAL else "values that are numbers, or their order"
        raise ValueError(f"the {level} level needs {needs}")
    return tuple(dict.fromkeys((Level.NOMINAL, level)))


def report(ratings: Ratings, level: Level | None = None, *, minimum: int = MINIMUM, seed: int = SEED) -> Report:
    """Every coefficient of a table; Cohen's for each pair of coders. Raises ValueError as `levels_of`."""
    with_settings = {"minimum": minimum, "seed": seed}
    whole = [Finding(key, compute(ratings, **with_settings)) for key, compute in _of_all(levels_of(ratings, level))]
    pairs = [
        Finding(key, compute(ratings.pair(first, second), **with_settings), (ratings.coders[first], ratings.coders[second]))
        for key, compute in _of_pairs(levels_of(ratings, level))
        for first, second in combinations(range(len(ratings.coders)), 2)
    ]
    return Report(len(ratings.units), ratings.coders, ratings.values, (*whole[:1], *pairs, *whole[1:]))


def by_group(
    ratings: Ratings, group: Mapping[str, str], level: Level | None = None, *, minimum: int = MINIMUM, seed: int = SEED
) -> dict[str, Report]:
    """A report for the units of each group, by name; '' is the group of units that have none. Values stay those of the whole table."""
    members: dict[str, list[int]] = defaultdict(list)
    for row, unit in enumerate(ratings.units):
        members[group.get(unit, "")].append(row)
    return {name: report(ratings.rows(np.array(rows)), level, minimum=minimum, seed=seed) for name, rows in sorted(members.items())}


def _of_all(levels: tuple[Level, ...]) -> Iterator[tuple[str, Compute]]:
    yield "percent_agreement", measures.percent_agreement
    yield "fleiss_kappa", measures.fleiss_kappa
    for level in levels:
        yield f"{ALPHA}_{level}", partial(measures.krippendorff_alpha, level=level)
    yield "gwet_ac1", measures.gwet_ac
    for level in levels:
        if weights := WEIGHTS.get(level):
            yield f"gwet_ac2_{weights}", partial(measures.gwet_ac, power=POWERS[weights])


def _of_pairs(levels: tuple[Level, ...]) -> Iterator[tuple[str, Compute]]:
    yield "cohen_kappa", measures.cohen_kappa
    for level in levels:
        if weights := WEIGHTS.get(level):
            yield f"cohen_kappa_{weights}", partial(measures.cohen_kappa, power=POWERS[weights])
