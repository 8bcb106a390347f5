"""How many new codes a further interview brings, and how many are likely still unseen: rarefaction, extrapolation, Chao2. Pure.

Interviews are sampling units, codes are species: only whether an interview holds a code counts. T interviews; S codes seen; Y of a code: the
interviews that hold it; Q1, Q2: the codes that one interview holds, and two.
"""

import random
from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb, exp, log, sqrt
from statistics import NormalDist

from analysis.statistics import CONFIDENCE, Interval

Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
ORDERS = 200  # at random, for the band around the curve
Unit = Collection[Hashable]


@dataclass(frozen=True)
class Chao2:
    """seen: codes seen. total: those there are, seen or not, at the least. interval: 95 %, of the total."""

    seen: int
    total: float
    interval: Interval

    @property
    def unseen(self) -> float:
        return self.total - self.seen


@dataclass(frozen=True)
class Incidence:
    """units: the interviews. holding: of each code seen, how many interviews hold it."""

    units: int
    holding: tuple[int, ...]

    @classmethod
    def of(cls, interviews: Sequence[Unit]) -> "Incidence":
        return cls(len(interviews), tuple(sorted(Counter(code for codes in interviews for code in set(codes)).values())))

    @property
    def seen(self) -> int:
        return len(self.holding)

    @cached_property
    def once(self) -> int:
        return self.holding.count(1)

    @cached_property
    def twice(self) -> int:
        return self.holding.count(2)


def rarefied(found: Incidence, t: int) -> float:
    """The codes expected in t of the T interviews, over all their orders: S - sum of C(T - Y, t) / C(T, t).

    R. K. Colwell, C. X. Mao and J. Chang (2004), Interpolating, extrapolating, and comparing incidence-based species accumulation curves,
    Ecology 85, 2717-2727, formula 5, the exact mean of all random orders. Raises ValueError unless 0 ≤ t ≤ T.
    """
    if not 0 <= t <= found.units:
        raise ValueError(f"{t} of {found.units} interviews cannot be drawn")
    every = comb(found.units, t)
    return found.seen - sum(comb(found.units - y, t) / every for y in found.holding)


def chao2(found: Incidence) -> Chao2:
    """S + (T-1)/T · Q1² / (2 Q2), or S + (T-1)/T · Q1 (Q1-1) / 2 where no code is held twice: a lower bound of the codes there are.

    A. Chao (1987), Estimating the population size for capture-recapture data with unequal catchability, Biometrics 43, 783-791; with its variance
    and the log-normal interval as in A. Chao and C.-H. Chiu (2016), Species richness: estimation and comparison, Wiley StatsRef, formulas 8-9 and 16.
    With one interview nothing is known of what is unseen: the interval then has no upper end.
    """
    t, q1, q2, seen = found.units, found.once, found.twice, found.seen
    if t < 2:
        return Chao2(seen, float(seen), Interval(float(seen), float("inf") if seen else 0.0))
    m = (t - 1) / t
    if q2:
        ratio = q1 / q2
        total = seen + m * q1 * ratio / 2
        variance = q2 * (m / 2 * ratio**2 + m**2 * ratio**3 + m**2 / 4 * ratio**4)
    else:
        total = seen + m * q1 * (q1 - 1) / 2
        variance = m * q1 * (q1 - 1) / 2 + m**2 * q1 * (2 * q1 - 1) ** 2 / 4 - m**2 * q1**4 / (4 * total) if q1 else 0.0
    return Chao2(seen, total, _log_normal(seen, total, variance))


def _log_normal(seen: int, total: float, variance: float) -> Interval:
    if total <= seen or variance <= 0:
        return Interval(total, total)
    spread = exp(Z * sqrt(log(1 + variance / (total - seen) ** 2)))
    return Interval(seen + (total - seen) / spread, seen + (total - seen) * spread)


def extrapolated(found: Incidence, further: float) -> float:
    """The new codes that so many further interviews are expected to bring: Q0 (1 - (1 - Q1 / (T Q0 + Q1))^further), Q0 being Chao2's unseen.

    R. K. Colwell et al. (2012), Models and estimators linking individual-based and sample-based rarefaction, extrapolation and comparison of
    assemblages, Journal of Plant Ecology 5, 3-21, formula 18; reliable up to twice the interviews there are.
    """
    unseen = chao2(found).unseen
    if unseen <= 0 or not found.once:
        return 0.0
    return float(unseen * (1 - (1 - found.once / (found.units * unseen + found.once)) ** further))


@dataclass(frozen=True)
class Point:
    """After t interviews: codes seen on average over all orders, with the middle 95 % of random orders; new: by the last of them."""

    t: int
    mean: float
    low: float
    high: float
    new: float


def curve(interviews: Sequence[Unit], *, seed: int, orders: int = ORDERS) -> tuple[Point, ...]:
    """The mean is exact; its band is that of so many orders drawn with the seed: the same seed, the same band."""
    found, random_orders = Incidence.of(interviews), _orders(interviews, seed, orders)
    points, before = [], 0.0
    for t in range(1, found.units + 1):
        mean, at_t = rarefied(found, t), sorted(order[t - 1] for order in random_orders)
        points.append(Point(t, mean, _quantile(at_t, (1 - CONFIDENCE) / 2), _quantile(at_t, (1 + CONFIDENCE) / 2), mean - before))
        before = mean
    return tuple(points)


def _orders(interviews: Sequence[Unit], seed: int, orders: int) -> list[list[int]]:
    """For each order the number of codes seen after each interview."""
    chance, places = random.Random(seed), list(range(len(interviews)))  # noqa: S311 - no secret
    found = []
    for _ in range(orders):
        chance.shuffle(places)
        seen: set[Hashable] = set()
        found.append([len(seen := seen | set(interviews[place])) for place in places])
    return found


def _quantile(ordered: Sequence[int], share: float) -> float:
    """Between the two nearest values, as much as it lies between them."""
    at = share * (len(ordered) - 1)
    low = int(at)
    return ordered[low] + (at - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])
