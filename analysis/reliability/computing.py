"""Agreement on a dimension and its codes, and by language and country; kept until anything it rests on changes."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.core.cache import cache

from analysis.agreement import MINIMUM, Result, TooFew, Undefined, cohen_kappa, gwet_ac, krippendorff_alpha, percent_agreement
from analysis.codebook import Dimension, Shape
from analysis.material import digest
from analysis.prevalence import known
from analysis.reliability import overlap
from analysis.reliability.comparing import Between, By, Unit, level, ratings, units, weighted
from analysis.reliability.overlap import Overlap
from analysis.sampling.records import CodingSample

KEPT = 24 * 3600  # seconds
SETS = "it rests on how many values there could be, and sets of codes are too many"
T = TypeVar("T")


@dataclass(frozen=True)
class Figures:
    """kappa: None where more than two people coded, each some of the units, or of whole sets of codes. differ: units coded differently."""

    n: int
    differ: int
    percent: Result
    kappa: Result | None
    alpha: Result
    ac1: Result


@dataclass(frozen=True)
class Table:
    """codes: '' the dimension as a whole. groups: of one code, or the whole."""

    n: int
    weighted: bool
    level: str
    codes: Mapping[str, Figures]
    groups: Mapping[By, Mapping[str, Figures]]
    overlap: Overlap | None


def kept(key: str, make: Callable[[], T]) -> T:
    name = f"analysis.reliability.{digest(key)}"
    found: T | None = cache.get(name)
    if found is None:
        found = make()
        cache.set(name, found, KEPT)
    return found


def table(sample: CodingSample, dimension: Dimension, between: Between, code: str = "") -> Table:
    """Every code of the dimension; by language and country for `code`, or the whole where it is ''."""

    key = f"{known.fingerprint(sample)} {dimension.key} {between}"

    def make() -> Table:
        rows = units(sample, dimension.key, between)
        return computed(key, rows, dimension, code, overlap.of(sample, rows, dimension.key, between, code))

    return kept(f"{key} {code}", make)


def computed(key: str, rows: Sequence[Unit], dimension: Dimension, code: str, marked: Overlap | None) -> Table:
    """key: of what the rows rest on; the figures of all codes are the same whichever code is looked at."""
    return Table(
        n=len(rows),
        weighted=weighted(rows),
        level=level(dimension, "").value,
        codes=kept(f"{key}, codes", lambda: {each: figures(rows, dimension, each) for each in ("", *dimension.code_keys)}),
        groups={by: by_group(rows, dimension, code, by) for by in By},
        overlap=marked,
    )


def by_group(rows: Sequence[Unit], dimension: Dimension, code: str, by: By) -> dict[str, Figures]:
    """Most units first."""
    members: dict[str, list[Unit]] = defaultdict(list)
    for row in rows:
        members[row.group(by)].append(row)
    return {name: figures(own, dimension, code) for name, own in sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))}


def figures(rows: Sequence[Unit], dimension: Dimension, code: str) -> Figures:
    differ = sum(row.differs(code) for row in rows)
    if len(rows) < MINIMUM:
        few = TooFew(len(rows), MINIMUM)
        return Figures(len(rows), differ, few, few, few, few)
    given = ratings(rows, dimension, code)
    sets = dimension.shape is Shape.MULTIPLE and not code
    return Figures(
        n=given.n,
        differ=differ,
        percent=percent_agreement(given),
        kappa=None if sets or len(given.coders) > 2 else cohen_kappa(given),
        alpha=krippendorff_alpha(given, level(dimension, code)),
        ac1=Undefined(given.n, SETS) if sets else gwet_ac(given),
    )
