"""How far a figure may lie from the truth, given how many people stand behind it; and how many differences are likely to be chance."""

from collections.abc import Sequence
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


def wilson(k: float, n: float, confidence: float = CONFIDENCE) -> Interval:
    """The score interval of a share: k people of n, as shares between 0 and 1.

    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209-212; without continuity correction.
    Neither need be whole: n may be the number of people that a clustered sample is worth. n = 0 says nothing, so its interval is the whole of
    0 to 1. Raises ValueError unless 0 ≤ k ≤ n and 0 < confidence < 1.
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


def t_quantile(degrees: int, confidence: float = CONFIDENCE) -> float:
    """The value that Student's t with so many degrees of freedom stays within, either way, with this probability.

    By the expansion of Abramowitz and Stegun (1964), 26.7.5: right to three decimals from five degrees on.
    """
    if degrees < 1:
        raise ValueError(f"{degrees} degrees of freedom are too few")
    z = _z(confidence)
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return float(sum(term / degrees**power for power, term in enumerate(terms)))


def two_sided(z: float) -> float:
    """The probability that a standard normal value lies as far from 0 as `z`, or farther."""
    return 2 * NormalDist().cdf(-abs(z))


def benjamini_hochberg(probabilities: Sequence[float]) -> list[float]:
    """The adjusted probabilities, in the order given: call those up to q different, and of these a share of at most q is so by chance.

    Y. Benjamini and Y. Hochberg (1995), Controlling the false discovery rate, JRSS B 57, 289-300. Raises ValueError for what is no probability.
    """
    if any(not 0 <= each <= 1 for each in probabilities):
        raise ValueError("a probability is between 0 and 1")
    count, lowest = len(probabilities), 1.0
    adjusted = [1.0] * count
    for rank, place in sorted(enumerate(sorted(range(count), key=probabilities.__getitem__), start=1), reverse=True):
        lowest = min(lowest, probabilities[place] * count / rank)
        adjusted[place] = lowest
    return adjusted
