"""How many units an interval of the wanted width takes, and how wide an interval is that a sample buys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, sqrt
from statistics import NormalDist

from analysis.sampling.allocation import Method, Stratum, allocate
from analysis.statistics import CONFIDENCE

Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


class Aim(StrEnum):
    """What the interval is wanted of."""

    PREVALENCE = "prevalence"
    AGREEMENT = "agreement"
    KAPPA = "kappa"


def spread(aim: Aim, expected: float, *, share: float = 0.5) -> float:
    """The standard deviation of one unit's contribution. expected: the share, the agreement or the kappa expected; share: how common the code is.

    A share p: sqrt(p (1 - p)). Cohen's kappa, for two coders who use the code alike: sqrt(po (1 - po)) / (1 - pe), pe = p² + (1 - p)²,
    po = pe + kappa (1 - pe); J. Cohen (1960), A coefficient of agreement for nominal scales, EPM 20, 37-46, formula 7.
    Raises ValueError for an `expected` outside 0 to 1 or a `share` that is not inside.
    """
    if not 0 <= expected <= 1 or not 0 < share < 1:
        raise ValueError("what is expected lies between 0 and 1")
    if aim is not Aim.KAPPA:
        return sqrt(expected * (1 - expected))
    chance = share**2 + (1 - share) ** 2
    seen = chance + expected * (1 - chance)
    return sqrt(seen * (1 - seen)) / (1 - chance)


def worst(aim: Aim, share: float = 0.5) -> float:
    """The greatest such deviation there can be."""
    return 0.5 if aim is not Aim.KAPPA else 0.5 / (1 - share**2 - (1 - share) ** 2)


def needed(half_width: float, deviation: float, population: int) -> int:
    """Units of a simple random sample: n = n0 / (1 + n0 / N), n0 = (z s / h)². W. G. Cochran (1977), Sampling Techniques, 3rd ed., 4.4-4.5."""
    if half_width <= 0:
        raise ValueError("a half-width is above 0")
    endless = (Z * deviation / half_width) ** 2
    return min(population, ceil(endless / (1 + endless / population) - 1e-9)) if population else 0


def half_width(strata: Sequence[Stratum], given: Mapping[str, int], deviation: float | None = None) -> float:
    """Of the 95 % interval of the stratified estimate: z sqrt(sum W² (1 - n/N) s² / n) over strata, W = size / all. Cochran (1977), 5.6.

    deviation: for every stratum instead of its own spread. Strata without a unit are not counted: nothing would be known of them.
    """
    kept = [each for each in strata if given.get(each.name)]
    everyone = sum(each.size for each in kept)
    variance = sum(_part(each, given[each.name], each.spread if deviation is None else deviation, everyone) for each in kept)
    return Z * sqrt(variance)


def _part(stratum: Stratum, n: int, deviation: float, everyone: int) -> float:
    return (stratum.size / everyone) ** 2 * (1 - n / stratum.size) * deviation**2 / n


@dataclass(frozen=True)
class Bought:
    """What the units of one domain buy: the half-width expected, and at worst, were units to vary as much as they can in every stratum."""

    domain: str
    size: int
    n: int
    expected: float
    worst: float


@dataclass(frozen=True)
class Plan:
    """given: units by stratum. bought: of everyone first (domain ''), then of each domain where there are several."""

    strata: tuple[Stratum, ...]
    given: Mapping[str, int]
    bought: tuple[Bought, ...]

    @property
    def n(self) -> int:
        return sum(self.given.values())


def plan(
    strata: Sequence[Stratum],
    method: Method,
    *,
    width: float,
    at_worst: float = 0.5,
    per_domain: bool = False,
    drawn: Mapping[str, int] | None = None,
) -> Plan:
    """The smallest sample whose expected half-width is at most `width`: overall, or in every domain on its own. drawn: what it must hold."""
    domains = sorted({each.domain for each in strata}) if per_domain else []
    groups = [[each for each in strata if each.domain == domain] for domain in domains] or [list(strata)]
    given: dict[str, int] = {}
    for group in groups:
        given |= _smallest(group, method, width, drawn or {})
    return of(strata, given, at_worst=at_worst)


def of(strata: Sequence[Stratum], given: Mapping[str, int], *, at_worst: float = 0.5) -> Plan:
    """What a given allocation buys."""
    domains = sorted({each.domain for each in strata})
    bought = [_bought("", strata, given, at_worst)]
    if len(domains) > 1:
        bought += [_bought(domain, [each for each in strata if each.domain == domain], given, at_worst) for domain in domains]
    return Plan(tuple(strata), given, tuple(bought))


def _bought(domain: str, strata: Sequence[Stratum], given: Mapping[str, int], at_worst: float) -> Bought:
    n = sum(given.get(each.name, 0) for each in strata)
    size = sum(each.size for each in strata)
    return Bought(domain, size, n, half_width(strata, given), half_width(strata, given, deviation=at_worst))


def _smallest(strata: Sequence[Stratum], method: Method, width: float, drawn: Mapping[str, int]) -> dict[str, int]:
    """By halving: more units never make the interval wider."""
    low, high = 0, sum(each.size for each in strata)
    while low < high:
        middle = (low + high) // 2
        if half_width(strata, allocate(middle, strata, method, drawn=drawn)) <= width:
            high = middle
        else:
            low = middle + 1
    return allocate(high, strata, method, drawn=drawn)
