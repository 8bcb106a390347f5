"""What a person may give to one answer, and how far through their work they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Annotated

from pydantic import Field

from analysis.codebook import NONE, Dimension, Shape
from surveys.guide import Frozen

# What the page does itself: back, skip, note, translation, definitions, help.
COMMANDS = "zsntd?"
HOT = "123456789" + "".join(letter for letter in "abcdefghijklmnopqrstuvwxyz" if letter not in COMMANDS)
RECENT = 20
BREAK = timedelta(minutes=10)  # whoever takes longer has done something else meanwhile
MOST_NOTE = 5000


class Wrong(ValueError):
    """What was given breaks a rule; the text says which."""


class Marked(Frozen):
    """Words attached to a code: code points of a turn's text, end exclusive."""

    code: str
    turn: int
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]


class Draft(Frozen):
    """The codes given to one answer, and the words that show them."""

    codes: tuple[str, ...] = ()
    quotes: tuple[Marked, ...] = ()
    note: Annotated[str, Field(max_length=MOST_NOTE)] = ""


def checked(draft: Draft, dimension: Dimension, texts: Mapping[int, str]) -> Draft:
    """In the codebook's order, nothing twice. texts: the participant's turns by id. Raises Wrong."""
    given = set(draft.codes)
    if unknown := given - set(dimension.code_keys):
        raise Wrong(f"The codebook has no code {', '.join(sorted(unknown))} here.")
    if dimension.shape is not Shape.MULTIPLE and len(given) > 1:
        raise Wrong("This dimension takes one code.")
    if NONE in given and len(given) > 1 and dimension.shape is not Shape.ORDINAL:
        raise Wrong("“None” stands alone.")
    for quote in draft.quotes:
        _check(quote, given, texts)
    codes = tuple(key for key in dimension.code_keys if key in given)
    quotes = sorted(set(draft.quotes), key=lambda quote: (codes.index(quote.code), quote.turn, quote.start, quote.end))
    return Draft(codes=codes, quotes=tuple(quotes), note=draft.note)


def _check(quote: Marked, given: set[str], texts: Mapping[int, str]) -> None:
    if quote.code not in given or quote.code == NONE:
        raise Wrong("Words were attached to a code that was not given.")
    text = texts.get(quote.turn, "")
    if not quote.start < quote.end <= len(text) or not text[quote.start : quote.end].strip():
        raise Wrong("The words attached are not the participant's.")


def hot_keys(dimension: Dimension) -> dict[str, str]:
    """Code → the key that gives it: 0 for 'none', then digits, then letters; a code beyond them has none."""
    rest = [key for key in dimension.code_keys if key != NONE]
    keys = dict(zip(rest, HOT, strict=False))
    return keys | ({NONE: "0"} if NONE in dimension.code_keys else {})


@dataclass(frozen=True)
class Progress:
    """done counts what was skipped too. pace: seconds an answer, None while nobody can say."""

    done: int
    of: int
    skipped: int
    pace: float | None

    @property
    def left(self) -> int:
        return self.of - self.done

    @property
    def minutes_left(self) -> int | None:
        return None if self.pace is None else max(1, round(self.left * self.pace / 60)) if self.left else 0


def pace(took: Sequence[timedelta]) -> float | None:
    """Seconds an answer: the median of the last ones, without breaks. took: in the order they were finished."""
    known = [each.total_seconds() for each in took if each < BREAK][-RECENT:]
    return median(known) if known else None
