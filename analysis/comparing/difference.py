"""The difference between two shares, its interval, and how likely it is by chance. Pure."""

from dataclasses import dataclass
from math import sqrt

from analysis.statistics import Interval, two_sided, wilson


@dataclass(frozen=True)
class Difference:
    """first - second, as shares. probability: of a difference as large if there were none."""

    value: float
    interval: Interval
    probability: float


def difference(k: int, n: int, other_k: int, other_n: int) -> Difference:
    """Between k of n and other_k of other_n, who are other people. Raises ValueError where either group is empty.

    The interval is Newcombe's hybrid score interval, without continuity correction: R. G. Newcombe (1998), Interval estimation for the difference
    between independent proportions, Statistics in Medicine 17, 873-890, method 10. The probability is that of the score test, with the pooled share.
    """
    if not n or not other_n:
        raise ValueError("a group without people has no share")
    p, q = k / n, other_k / other_n
    (low, high), (other_low, other_high) = wilson(k, n), wilson(other_k, other_n)
    below = sqrt((p - low) ** 2 + (other_high - q) ** 2)
    above = sqrt((high - p) ** 2 + (q - other_low) ** 2)
    pooled = (k + other_k) / (n + other_n)
    error = sqrt(pooled * (1 - pooled) * (1 / n + 1 / other_n))
    return Difference(p - q, Interval(p - q - below, p - q + above), two_sided((p - q) / error) if error else 1.0)
