"""What no interviewer has to say: pieces of its instructions, addresses that nobody named, code."""

import re
import unicodedata
from functools import lru_cache

from interviewer.guard.text import folded, is_unspaced

IN_A_ROW = 7  # words shared with the instructions
IN_A_ROW_UNSPACED = 24  # characters, in scripts without spaces
WHOLE_SENTENCE = 4  # words; fewer are anybody's
_DOMAINS = "com|org|net|info|io|ai|app|dev|edu|gov|me|co|ly|link|site|online|xyz|[a-z]{2}/"
_ADDRESS = re.compile(rf"(?:https?|ftp)://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\w{{2,}}|(?<![\w@.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:{_DOMAINS})(?!\w)\S*")
_CODE = re.compile(r"```|</?[a-z][^<>]*>|[{}]|=>|==|\w\(\)|\b[a-z]+_[a-z_]+\b")
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)|\n\s*[-#]|\n\s*\n")
_MARKS = frozenset(".,!?¿¡")


def leaks(text: str, language: str, *, secret: str, known: str) -> bool:
    """Whether the text holds such a thing. known: what the participant has said and read; to repeat that gives nothing away."""
    said, theirs = _plain(text), _plain(known)
    if any(hit.group().rstrip(".,!?") not in theirs for found in (_ADDRESS, _CODE) for hit in found.finditer(said)):
        return True
    return not (_pieces(secret, language) - _pieces(known, language)).isdisjoint(_pieces(text, language))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=64)
def _pieces(text: str, language: str) -> frozenset[tuple[str, ...]]:
    """Its sentences, all its runs of so many words and, in a script without spaces, of so many characters."""
    words = _words(text)
    runs = {tuple(words[start : start + IN_A_ROW]) for start in range(len(words) - IN_A_ROW + 1)}
    sentences = (tuple(_words(sentence)) for sentence in _SENTENCE_END.split(text))
    letters = folded(text, language) if is_unspaced(language) else ""
    unspaced = {(letters[start : start + IN_A_ROW_UNSPACED],) for start in range(len(letters) - IN_A_ROW_UNSPACED + 1)}
    return frozenset(runs | unspaced | {sentence for sentence in sentences if len(sentence) >= WHOLE_SENTENCE})


def _words(text: str) -> list[str]:
    return [word for word in folded(text, "").split() if word not in _MARKS]
