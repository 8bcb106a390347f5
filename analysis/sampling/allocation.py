"""How a sample's units are spread over its strata."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import heapify, heappop, heapreplace
from math import sqrt

REST = "the rest"  # no code, language or country is written so
LEAST = 2  # of a stratum: with one unit its variance could not be estimated


class Method(StrEnum):
    """Proportional: as many as the stratum is large. Equal: as many of each. Neyman: more where the answer is least certain."""

    PROPORTIONAL = "proportional"
    EQUAL = "equal"
    NEYMAN = "neyman"


@dataclass(frozen=True)
class Stratum:
    """size: interviews in it. spread: the standard deviation expected of what is estimated. domain: the group that is reported on its own."""

    name: str
    size: int
    spread: float
    domain: str = ""


WEIGHTS: Mapping[Method, Callable[[Stratum], float]] = {
    Method.PROPORTIONAL: lambda stratum: float(stratum.size),
    Method.EQUAL: lambda stratum: 1.0,
    Method.NEYMAN: lambda stratum: stratum.size * stratum.spread,
}


def allocate(n: int, strata: Sequence[Stratum], method: Method, *, drawn: Mapping[str, int] | None = None) -> dict[str, int]:
    """Units of each stratum: at least two (or all there are, or as many as were drawn before), at most all, n together where that can be.

    Each further unit goes to the stratum with the greatest weight / sqrt(k (k + 1)), k being what it has. For Neyman's weights that is the exact
    optimum in whole numbers: T. Wright (2012), The equivalence of Neyman optimum allocation for sampling and equal proportions for apportioning
    the U.S. House of Representatives, The American Statistician 66, 217-224. A larger n never takes a unit from a stratum.
    """
    given = {each.name: max(min(LEAST, each.size), min((drawn or {}).get(each.name, 0), each.size)) for each in strata}
    waiting = [(*_due(each, given[each.name], method), at) for at, each in enumerate(strata) if given[each.name] < each.size]
    heapify(waiting)
    for _ in range(n - sum(given.values())):
        if not waiting:
            break
        stratum = strata[waiting[0][-1]]
        given[stratum.name] += 1
        if given[stratum.name] < stratum.size:
            heapreplace(waiting, (*_due(stratum, given[stratum.name], method), waiting[0][-1]))
        else:
            heappop(waiting)
    return given


def _due(stratum: Stratum, has: int, method: Method) -> tuple[float, float]:
    """Smallest first; strata of weight 0 come when no other has room, the largest of them first."""
    return -WEIGHTS[method](stratum) / sqrt(has * (has + 1)), -stratum.size / (has + 1)


def collapsed(sizes: Mapping[tuple[str, ...], int], smallest: int, *, keep: int = 0) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Where each cell goes. Those smaller than `smallest` join others that differ in the last part alone, then in the last two, and so on.

    The first `keep` parts are never given up: what remains small there stays small.
    """
    into = {cell: cell for cell in sizes}
    small = {cell for cell, size in sizes.items() if size < smallest and len(cell) > keep}
    for depth in range(max(map(len, sizes), default=0) - 1, keep - 1, -1):
        together: Counter[tuple[str, ...]] = Counter()
        for cell in small:
            together[cell[:depth]] += sizes[cell]
        for cell in small:
            into[cell] = (*cell[:depth], REST)
        small = {cell for cell in small if together[cell[:depth]] < smallest}
    return into
