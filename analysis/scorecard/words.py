"""Words of content in any script, and how alike two texts are. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from interviewer.guard.text import folded
from interviewer.guard.words import words_of

_HAN_OR_KATAKANA = "\u30a0-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_HANGUL = "\uac00-\ud7a3"
_HIRAGANA = "\u3040-\u309f"
_PIECE = re.compile(f"[{_HAN_OR_KATAKANA}]+|[{_SPACELESS}]+|[{_HANGUL}]+|[^\\s.,!?{_HAN_OR_KATAKANA}{_SPACELESS}{_HANGUL}{_HIRAGANA}]+")
_SHORT_WORDS = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "yi"})  # scripts that leave vowels out
# Letters. Cut there, words of most languages meet whatever their endings: P. McNamee and J. Mayfield (2004), Information Retrieval 7, 73-97.
STEM = 5


def content(text: str, language: str) -> Iterator[str]:
    """The stems of the words with content, in order: their first letters.

    Han and Katakana give runs of two letters, Thai and its like of four; Korean words give their beginning.
    """
    stopwords = words_of(language).stopwords
    shortest = 3 if language.split("-")[0] in _SHORT_WORDS else 4
    for piece in _PIECE.findall(folded(text, "")):
        if re.match(f"[{_HAN_OR_KATAKANA}]", piece):
            yield from _runs(piece, 2)
        elif re.match(f"[{_SPACELESS}]", piece):
            yield from _runs(piece, 4)
        elif re.match(f"[{_HANGUL}]", piece):
            yield from [piece[:2]] if len(piece) > 1 else []
        elif len(piece) >= shortest and piece not in stopwords and not piece.isdigit():
            yield piece[:STEM]


def vocabulary(texts: Iterable[str], language: str) -> frozenset[str]:
    return frozenset(stem for text in texts for stem in content(text, language))


def _runs(piece: str, size: int) -> Iterator[str]:
    yield from (piece[start : start + size] for start in range(max(1, len(piece) - size + 1)))


def trigrams(text: str) -> Counter[str]:
    plain = f" {folded(text, '')} "
    return Counter(plain[start : start + 3] for start in range(len(plain) - 2))


def alike(one: Counter[str], other: Counter[str], least: float) -> bool:
    """Whether Dice's coefficient of two texts' three-letter runs is `least` or more."""
    total = one.total() + other.total()
    if not total or 2 * min(one.total(), other.total()) < least * total:  # lengths alone say no
        return False
    return 2 * (one & other).total() >= least * total
