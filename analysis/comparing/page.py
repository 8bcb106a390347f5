"""What the page says of two groups: theme by theme the difference, and which differences are more than chance."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from analysis import wording
from analysis.aggregates import NOTHING, Counts, Share
from analysis.codebook import Dimension
from analysis.comparing.difference import Difference, difference
from analysis.comparing.groups import Group
from analysis.statistics import benjamini_hochberg

FALSE_DISCOVERIES = 0.05


@dataclass(frozen=True)
class Row:
    """A theme. Places are in thousandths of the chart's width, 500 being no difference. marked: not by chance, as far as can be told."""

    label: str
    first: str
    second: str
    difference: str
    interval: str
    adjusted: str
    marked: bool
    low: int = 0
    high: int = 0
    at: int = 0


@dataclass(frozen=True)
class Compared:
    title: str
    n: int
    other_n: int
    rows: tuple[Row, ...]


def compare(
    dimensions: Collection[Dimension], counted: Mapping[str, Counts], others: Mapping[str, Counts], first: Group, second: Group
) -> tuple[Compared, ...]:
    """Marks are given out over all themes of the page at once."""
    pairs = {
        (dimension.key, code): (
            counted.get(dimension.key, NOTHING).share(code, first.value),
            others.get(dimension.key, NOTHING).share(code, second.value),
        )
        for dimension in dimensions
        for code in dimension.code_keys
    }
    found = {key: difference(a.k, a.n, b.k, b.n) for key, (a, b) in pairs.items() if a.n and b.n and not a.hidden and not b.hidden}
    adjusted = dict(zip(found, benjamini_hochberg([each.probability for each in found.values()]), strict=True))
    return tuple(
        Compared(
            title=dimension.title,
            n=counted.get(dimension.key, NOTHING).people.get(first.value, 0),
            other_n=others.get(dimension.key, NOTHING).people.get(second.value, 0),
            rows=tuple(
                _row(dimension.label(code), *pairs[key], found.get(key), adjusted.get(key))
                for code in dimension.code_keys
                for key in [(dimension.key, code)]
            ),
        )
        for dimension in dimensions
    )


def _row(label: str, first: Share, second: Share, found: Difference | None, adjusted: float | None) -> Row:
    if found is None or adjusted is None:
        return Row(label, _share(first), _share(second), "–", "–", "–", marked=False)
    low, high = found.interval
    return Row(
        label=label,
        first=_share(first),
        second=_share(second),
        difference=_points(found.value),
        interval=f"{_points(low)} to {_points(high)}",
        adjusted="< 0.001" if adjusted < 0.001 else f"{adjusted:.3f}",
        marked=adjusted <= FALSE_DISCOVERIES,
        low=_place(low),
        high=_place(high),
        at=_place(found.value),
    )


def _share(share: Share) -> str:
    return wording.HIDDEN if share.hidden else f"{wording.percent(share.share, share.n)} ({share.k})"


def _points(value: float) -> str:
    """0.123 → '+12'; percentage points."""
    whole = round(value * 100)
    return f"+{whole}" if whole > 0 else f"−{-whole}" if whole < 0 else "0"


def _place(value: float) -> int:
    return round(500 + value * 500)
