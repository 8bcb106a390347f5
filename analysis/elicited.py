"""Whether the interviewer had named a thing before the participant did. Pure: words against words, by rule."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from analysis.codebook import Dimension

SPONTANEOUS, PROMPTED, UNTOLD = "spontaneous", "prompted", ""
SHORTEST = 3
LONGER = 3  # letters that a form of a word may have more than another: job, jobs; child, children
_WORD = re.compile(r"[^\W\d_]+")
_COMMON = frozenset(
    _WORD.findall(
        "about all and any are for from has have how into its more most not one other others out over own part people person than that the their "
        "them they things this too very what when which who why with without you your"
    )
)


@dataclass(frozen=True)
class Put:
    """A turn, by its key, in the codebook's language; `text` is None where it was said in another and is not translated."""

    turn: int
    by_participant: bool
    text: str | None


def naming_words(dimension: Dimension, code: str) -> frozenset[str]:
    """The words of a code's label that tell it from the dimension's other codes, and are not what the dimension is about."""
    of_others = [dimension.title, *(each.label for each in dimension.codes if each.key != code)]
    shared = frozenset().union(*map(_words, of_others))
    return frozenset(word for word in _words(dimension.label(code)) if not _meets({word}, shared))


def elicited(words: frozenset[str], evidence: Collection[int], turns: Sequence[Put]) -> str:
    """`evidence`: the turns that show the code. Prompted: before the first of them the interviewer had named it, and the participant had not."""
    if not words or not evidence:
        return UNTOLD
    before = list(takewhile(lambda turn: turn.turn not in evidence, turns))
    first = next((turn for turn in before if turn.text is not None and _meets(words, _words(turn.text))), None)
    if first is not None:
        return SPONTANEOUS if first.by_participant else PROMPTED
    asked = [turn for turn in before if not turn.by_participant]
    return UNTOLD if any(turn.text is None for turn in asked) else SPONTANEOUS


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(text.casefold()) if len(word) >= SHORTEST and word not in _COMMON)


def _meets(words: Iterable[str], others: Iterable[str]) -> bool:
    return any(_same(word, other) for word in words for other in others)


def _same(word: str, other: str) -> bool:
    """Whether they are forms of one word, as far as their beginnings tell."""
    short, long = sorted((word, other), key=len)
    return long.startswith(short) and len(long) - len(short) <= LONGER
