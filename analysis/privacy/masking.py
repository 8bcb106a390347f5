"""A text with what identifies people replaced by labels, and the way between places in it and in the original. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What is masked. Where two overlap, the earlier here names the whole."""

    EMAIL = "e-mail"
    LINK = "link"
    ACCOUNT = "account"
    CARD = "card"
    ID = "id"
    PHONE = "phone"
    HANDLE = "handle"
    ADDRESS = "address"
    NAME = "name"
    OTHER = "masked"

    @property
    def label(self) -> str:
        return f"[{self.value}]"


ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True)
class Hidden:
    """Code points `start` up to, not including, `end` of the original text."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class Place:
    """A mask in the text shown: where its label stands, and what it hides."""

    start: int
    end: int
    hidden: Hidden


@dataclass(frozen=True)
class Shown:
    """original with `hidden`, which are in order and apart, replaced by labels."""

    original: str
    hidden: tuple[Hidden, ...] = ()

    @cached_property
    def places(self) -> tuple[Place, ...]:
        found: list[Place] = []
        moved = 0
        for each in self.hidden:
            start = each.start + moved
            end = start + len(each.kind.label)
            found.append(Place(start, end, each))
            moved = end - each.end
        return tuple(found)

    @cached_property
    def text(self) -> str:
        parts: list[str] = []
        done = 0
        for each in self.hidden:
            parts += (self.original[done : each.start], each.kind.label)
            done = each.end
        return "".join((*parts, self.original[done:]))

    def to_shown(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of the original stands in the text shown. One that begins or ends inside a mask takes in the whole label."""
        return self._shown(start, is_end=False), self._shown(end, is_end=True)

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """What a span of the text shown stands for. One that begins or ends inside a label takes in all that it hides."""
        return self._original(start, is_end=False), self._original(end, is_end=True)

    def part(self, start: int, end: int) -> str:
        """A span of the original as it is shown."""
        return self.text[slice(*self.to_shown(start, end))]

    def _shown(self, position: int, *, is_end: bool) -> int:
        moved = 0
        for place in self.places:
            if position <= place.hidden.start:
                break
            if position < place.hidden.end:
                return place.end if is_end else place.start
            moved = place.end - place.hidden.end
        return position + moved

    def _original(self, position: int, *, is_end: bool) -> int:
        moved = 0
        for place in self.places:
            if position <= place.start:
                break
            if position < place.end:
                return place.hidden.end if is_end else place.hidden.start
            moved = place.hidden.end - place.end
        return position + moved


def joined(found: Iterable[Hidden], length: int) -> tuple[Hidden, ...]:
    """In order and apart: what overlaps is one mask, and what lies outside the text is none."""
    kept: list[Hidden] = []
    inside = [each for each in found if 0 <= each.start < each.end <= length]
    for each in sorted(inside, key=lambda each: (each.start, each.end)):
        if kept and each.start < kept[-1].end:
            last = kept.pop()
            each = Hidden(last.start, max(last.end, each.end), min(last.kind, each.kind, key=ORDER.__getitem__))
        kept.append(each)
    return tuple(kept)
