"""Where marks begin and end in a text: overlapping spans cut into pieces that follow one another."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Span:
    """Code points `start` up to, not including, `end` of a text, and what they are evidence of."""

    start: int
    end: int
    label: str
    anchor: str = ""


@dataclass(frozen=True)
class Piece:
    """A stretch of text. `spans` cover it; `ending` are those that end with it."""

    text: str
    spans: tuple[Span, ...] = ()
    ending: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Excerpt:
    """A span with the words around it."""

    before: str
    quote: str
    after: str


def pieces(text: str, spans: Sequence[Span]) -> tuple[Piece, ...]:
    """The text cut wherever a span begins or ends; joined, the pieces are the text. Spans outside the text are left out."""
    inside = [span for span in spans if 0 <= span.start < span.end <= len(text)]
    cuts = sorted({0, len(text)} | {span.start for span in inside} | {span.end for span in inside})
    return tuple(
        Piece(
            text[start:end],
            tuple(span for span in inside if span.start <= start and end <= span.end),
            tuple(span for span in inside if span.end == end),
        )
        for start, end in pairwise(cuts)
    )


def excerpt(text: str, start: int, end: int, around: int = 220) -> Excerpt:
    """At most `around` code points on each side of the span, cut at a blank where there is one, with … where words are left out."""
    before, after = text[max(0, start - around) : start], text[end : end + around]
    if start > around:
        before = "…" + (before.partition(" ")[2] or before)
    if end + around < len(text):
        after = (after.rpartition(" ")[0] or after) + "…"
    return Excerpt(before, text[start:end], after)
