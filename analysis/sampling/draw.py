"""Which units are drawn: every unit has a number that follows from the seed alone, and of each stratum the smallest are taken.

So a draw can be made again, a larger one holds the smaller, and each is a simple random sample of its stratum: permanent random numbers,
E. Ohlsson (1995), Coordination of samples using permanent random numbers, in Business Survey Methods, 153-169.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def number(seed: int, *what: object) -> int:
    """64 bits of SHA-256: uniform, the same on every machine."""
    return int.from_bytes(sha256(":".join(map(str, (seed, *what))).encode()).digest()[:8])


def draw(frame: Mapping[int, str], given: Mapping[str, int], seed: int) -> dict[int, float]:
    """The interviews drawn, each with its probability. frame: interview → stratum; given: stratum → how many of it."""
    members: dict[str, list[int]] = defaultdict(list)
    for interview, stratum in frame.items():
        members[stratum].append(interview)
    drawn: dict[int, float] = {}
    for stratum, interviews in sorted(members.items()):
        n = min(given.get(stratum, 0), len(interviews))
        first = sorted(interviews, key=lambda interview: number(seed, interview))[:n]
        drawn |= {interview: n / len(interviews) for interview in first}
    return drawn


def shuffled(items: Iterable[T], seed: int, *what: object) -> list[T]:
    return sorted(items, key=lambda item: number(seed, *what, item))


def shared_out(
    strata: Mapping[int, str], coders: Sequence[int], *, double: float, seed: int, loads: Mapping[int, int] | None = None
) -> dict[int, tuple[int, ...]]:
    """Unit → who codes it, one or two. strata: unit → stratum. double: the share coded by two, spread evenly over the strata.

    Nobody gets more than one unit more than another, and each pair of coders meets as often as any other, as nearly as numbers allow.
    loads: what coders have already.
    """
    load = {coder: (loads or {}).get(coder, 0) for coder in coders}
    met: dict[tuple[int, int], int] = defaultdict(int)
    units = sorted(strata, key=lambda unit: (strata[unit], number(seed, "share", unit)))
    start = number(seed, "start") / 2**64
    shared: dict[int, tuple[int, ...]] = {}
    for at, unit in enumerate(units):
        doubled = len(coders) > 1 and int((at + 1) * double + start) > int(at * double + start)
        one = min(coders, key=lambda coder: (load[coder], number(seed, "coder", unit, coder)))
        who = (one, _partner(one, coders, load, met, number(seed, "pair", unit))) if doubled else (one,)
        for coder in who:
            load[coder] += 1
        shared[unit] = who
    return shared


def _partner(one: int, coders: Sequence[int], load: Mapping[int, int], met: dict[tuple[int, int], int], tie: int) -> int:
    def pair(other: int) -> tuple[int, int]:
        return min(one, other), max(one, other)

    other = min((each for each in coders if each != one), key=lambda each: (load[each], met[pair(each)], number(tie, each)))
    met[pair(other)] += 1
    return other
