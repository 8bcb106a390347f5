"""Words, sentences and quotation in any script: what the offline model needs to handle text it does not understand."""

import re
import unicodedata
from collections.abc import Iterator

# Scripts written without spaces between words: Han, Kana, Thai, Lao, Burmese, Khmer.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")
_WORD = re.compile(f"[^\\s{_UNSPACED}]+")
_CLOSERS = "\"'”’»)\\]」』"
_SENTENCE = re.compile(f"[^\\n]+?(?:[.!?…]+[{_CLOSERS}]*(?=\\s|$)|[。！？｡।॥؟۔]+[{_CLOSERS}]*|(?=\\n)|$)")
_CLAUSE = re.compile(r".+?(?:[,;:،؛、，；：]+|\s–|\s-|$)")
_PIECE = re.compile(f"[{_UNSPACED}]{{1,3}}[^\\w\\s]*\\s*|[^\\s{_UNSPACED}]+\\s*|\\s+")
_LETTER = re.compile(r"[^\W\d_]")
_ARABIC_FORMS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ـ": None} | {chr(mark): None for mark in range(0x064B, 0x0653)})
_DRUMMED = re.compile(r"(.{1,4})\1{4,}.{0,3}")
_SHORTEST_GIBBERISH = 6  # characters
LONGEST_SENTENCE = 300  # characters; what is longer is cut at commas

_MARKS = {
    "de": "„“", "cs": "„“", "pl": "„”", "hu": "„”", "ro": "„”",
    "es": "«»", "it": "«»", "ar": "«»", "fa": "«»", "ru": "«»", "uk": "«»", "el": "«»", "nb": "«»", "fr": "«»",
    "ja": "「」", "zh-hant": "「」", "sv": "””", "fi": "””",
}  # fmt: skip


def weight(text: str) -> float:
    """Length in words; two letters of a script without spaces count as one word."""
    return len(_WORD.findall(text)) + len(_UNSPACED_LETTER.findall(text)) / 2


def has_words(text: str) -> bool:
    return _LETTER.search(text) is not None


def sentences(text: str) -> list[str]:
    """Exact, trimmed substrings of `text`, in order, that hold at least one letter."""
    found = (part for match in _SENTENCE.finditer(text) for part in _short_enough(match.group().strip()))
    return [part for part in found if has_words(part)]


def _short_enough(sentence: str) -> Iterator[str]:
    """Cuts at commas into parts of at most LONGEST_SENTENCE characters where there are commas to cut at."""
    if len(sentence) <= LONGEST_SENTENCE:
        yield sentence
        return
    start = end = 0
    for clause in _CLAUSE.finditer(sentence):
        if clause.end() - start > LONGEST_SENTENCE and end > start:
            yield sentence[start:end].strip()
            start = end
        end = clause.end()
    yield sentence[start:].strip()


def folded(text: str) -> str:
    """For comparison: one case, no punctuation, Arabic letters in one form, a space at both ends."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_ARABIC_FORMS)
    kept = "".join(" " if unicodedata.category(letter)[0] in "PSZC" else letter for letter in plain)
    return f" {' '.join(kept.split())} "


def is_unspaced(text: str) -> bool:
    return _UNSPACED_LETTER.search(text) is not None


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words, with an ellipsis where something was cut."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    if text[limit - 1] != " " and " " in head and not is_unspaced(head):
        head = head[: head.rindex(" ")]
    return head.rstrip(" ,;:،、，") + "…"


def quoted(text: str, language: str) -> str:
    """`text` in the quotation marks of `language`."""
    base = language.split("-")[0]
    marks = _MARKS.get(language) or _MARKS.get(base) or "“”"
    space = "\u00a0" if base == "fr" else ""
    return f"{marks[0]}{space}{text}{space}{marks[1]}"


def is_question(text: str) -> bool:
    return text.rstrip(" \n\"'”’»)」").endswith(("?", "؟", "？", "⁇", "\u037e"))


def is_gibberish(text: str) -> bool:
    """Nothing that could be words: no letters at all in something long, one letter or one beat drummed over and over."""
    plain = "".join(text.split())
    if len(plain) < _SHORTEST_GIBBERISH:
        return False
    return (not has_words(plain) and not any(letter.isdigit() for letter in plain)) or _DRUMMED.fullmatch(plain.casefold()) is not None


def growing(text: str) -> Iterator[str]:
    """`text` as it is being said: longer by a word, or by up to three letters where words have no spaces, each time."""
    said = ""
    for piece in _PIECE.findall(text):
        said += piece
        yield said
