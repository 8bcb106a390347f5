"""Groups of interviews side by side: how each measure differs from a reference group's, and which differences are hardly chance. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot

from analysis.scorecard.figures import Figure, Figures
from analysis.scorecard.measures import MEASURES
from analysis.statistics import Interval, benjamini_hochberg, t_quantile, two_sided

DISCOVERY = 0.05  # of the differences marked, at most this share is so by chance
_Z = t_quantile(10**9)


@dataclass(frozen=True)
class Difference:
    """Group minus reference. probability: of one so far from 0, were there none. marked: after Benjamini and Hochberg over all of the table."""

    value: float
    interval: Interval
    probability: float
    marked: bool = False


def difference(group: Figure, reference: Figure) -> Difference | None:
    """None where either has too few interviews.

    The interval is made of the two intervals: G. Y. Zou and A. Donner (2008), Statistics in Medicine 27, 1693-1702. The probability is
    the one at which it would just touch 0.
    """
    if group.value is None or reference.value is None or group.interval is None or reference.interval is None:
        return None
    value, mine, theirs = group.value - reference.value, group.interval, reference.interval
    down = hypot(group.value - mine.low, theirs.high - reference.value)
    up = hypot(mine.high - group.value, reference.value - theirs.low)
    towards_zero = down if value > 0 else up
    probability = two_sided(value / towards_zero * _Z) if towards_zero else float(value == 0)
    return Difference(value, Interval(value - down, value + up), probability)


def differences(groups: Mapping[str, Figures], reference: str) -> dict[tuple[str, str], Difference]:
    """(group, measure) → difference from the reference group."""
    found = {
        (name, measure.key): made
        for name, figures in groups.items()
        if name != reference
        for measure in MEASURES
        if (made := difference(figures[measure.key], groups[reference][measure.key]))
    }
    adjusted = benjamini_hochberg([each.probability for each in found.values()])
    return {
        place: Difference(each.value, each.interval, each.probability, marked=q <= DISCOVERY)
        for (place, each), q in zip(found.items(), adjusted, strict=True)
    }
