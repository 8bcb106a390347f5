"""How far two shares differ that were found in the same interviews."""

from math import sqrt

from analysis.statistics import Interval, wilson

METHOD = "hybrid score interval of a paired difference, Newcombe 1998, method 10"


def paired_difference(both: int, first: int, second: int, neither: int) -> tuple[float, Interval]:
    """The share of the first way less that of the second, with its 95 % interval. Counts: interviews with the code in both, in one alone, in neither.

    R. G. Newcombe (1998), Improved confidence intervals for the difference between binomial proportions based on paired data, Statistics in Medicine
    17, 2635-2650, method 10: Wilson's intervals of the two shares, joined with their correlation, which is corrected for continuity.
    Raises ValueError where there is no interview, or fewer than none.
    """
    n = both + first + second + neither
    if n == 0 or min(both, first, second, neither) < 0:
        raise ValueError("a difference is of one interview or more")
    p, q = (both + first) / n, (both + second) / n
    phi, of_p, of_q = correlation(both, first, second, neither), wilson(both + first, n), wilson(both + second, n)
    below, above = _joined(p - of_p.low, of_q.high - q, phi), _joined(of_p.high - p, q - of_q.low, phi)
    difference = (first - second) / n
    return difference, Interval(max(-1.0, difference - below), min(1.0, difference + above))


def correlation(both: int, first: int, second: int, neither: int) -> float:
    """Phi; a positive one is brought nearer to 0 by half an interview. 0 where one of the ways never, or always, gave the code."""
    n = both + first + second + neither
    margins = (both + first) * (second + neither) * (both + second) * (first + neither)
    cross = both * neither - first * second
    return (cross if cross < 0 else max(0.0, cross - n / 2)) / sqrt(margins) if margins else 0.0


def _joined(one: float, other: float, phi: float) -> float:
    return sqrt(max(0.0, one**2 - 2 * phi * one * other + other**2))
