"""Draws shares on a world map: which outline gets which colour, and which countries have no outline."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

from analysis.aggregates import UNSTATED, Share
from analysis.wording import describe, whole_percent
from surveys.languages import country_name

CLASSES = 5


@dataclass(frozen=True)
class Shape:
    """A country as it is drawn: an outline (tenths of a map unit), a point where it is too small to see, or both."""

    name: str
    css: str
    title: str
    url: str
    d: str = ""
    x: str = ""
    y: str = ""


@dataclass(frozen=True)
class Key:
    """One colour of the legend: shares from `low` up to `high`, as whole per cent."""

    css: str
    low: str
    high: str


@dataclass(frozen=True)
class WorldMap:
    box: str
    shapes: tuple[Shape, ...]
    blank: tuple[str, ...]
    legend: tuple[Key, ...]
    not_drawn: tuple[str, ...]


@cache
def world() -> dict[str, Any]:
    geometry: dict[str, Any] = json.loads(Path(__file__).with_name("world.json").read_text())
    return geometry


@dataclass(frozen=True)
class Scale:
    """Five classes of equal width from nothing to the largest share, bounded at whole per cent."""

    step: int  # per cent

    @classmethod
    def of(cls, shares: list[Share]) -> "Scale":
        top = max((share.k * 100 / share.n for share in shares if share.n), default=0)
        return cls(max(1, ceil(top / CLASSES)))

    def css(self, share: Share | None) -> str:
        if share is None or not share.n or share.hidden:
            return "nodata"
        return f"c{min(CLASSES - 1, share.k * 100 // (share.n * self.step))}"

    def legend(self) -> tuple[Key, ...]:
        return tuple(Key(f"c{at}", str(at * self.step), whole_percent((at + 1) * self.step)) for at in range(CLASSES))


def draw(shares: Mapping[str, Share], *, link: Callable[[str], str], missing: str = "no interviews") -> WorldMap:
    """`shares` by ISO 3166-1 alpha-2 code; `link` makes the address that a country with people in it leads to."""
    geometry = world()
    scale = Scale.of(list(shares.values()))
    drawn = sorted(geometry["outlines"].keys() | geometry["points"].keys())
    # Points and countries that carry data come last, so that no neighbour covers them.
    drawn.sort(key=lambda code: (code in shares, code in geometry["points"]))
    return WorldMap(
        box=" ".join(str(edge) for edge in geometry["box"]),
        shapes=tuple(shape for code in drawn if (shape := _shape(code, shares.get(code), scale, link, geometry, missing))),
        blank=tuple(geometry["unassigned"]),
        legend=scale.legend(),
        not_drawn=tuple(country_name(code) for code in sorted(shares) if code != UNSTATED and code not in drawn),
    )


def _shape(code: str, share: Share | None, scale: Scale, link: Callable[[str], str], geometry: dict[str, Any], missing: str) -> Shape | None:
    has_data = share is not None and share.n > 0
    # A dot without data would only hide what lies around it.
    x, y = geometry["points"].get(code, ("", "")) if has_data else ("", "")
    d = geometry["outlines"].get(code, "")
    if not d and not x:
        return None
    title = f"{country_name(code)}: {describe(share) if share and has_data else missing}"
    return Shape(country_name(code), scale.css(share), title, link(code) if has_data else "", d, str(x), str(y))
