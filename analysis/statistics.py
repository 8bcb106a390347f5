"""Intervals for shares: how far a percentage may lie from the truth, given how many people stand behind it."""

from functools import cache
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """Two shares between 0 and 1, low ≤ high."""

    low: float
    high: float


@cache
def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(k: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """The score interval of a share: k people of n, as shares between 0 and 1.

    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209-212; without continuity correction.
    n = 0 says nothing, so its interval is the whole of 0 to 1. Raises ValueError unless 0 ≤ k ≤ n and 0 < confidence < 1.
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is not a share")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is between 0 and 1, not {confidence}")
    if n == 0:
        return Interval(0.0, 1.0)
    z2 = _z(confidence) ** 2
    centre = (k + z2 / 2) / (n + z2)
    half = sqrt(z2 * (k * (n - k) / n + z2 / 4)) / (n + z2)
    # At the ends the formula gives exactly 0 and 1; rounding errors must not show.
    return Interval(0.0 if k == 0 else centre - half, 1.0 if k == n else centre + half)
