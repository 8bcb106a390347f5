"""Finds a quote in the text it is said to come from: as it stands, or as it stands but for typography."""

import unicodedata
from functools import lru_cache

QUOTES = {ord(character): "'" for character in '‘’‚‛ʼ′`´“”„‟«»‹›″"＂＇「」『』'}
DASHES = {ord(character): "-" for character in "‐‑‒–—―−"}
PLAIN = QUOTES | DASHES
ELLIPSES = (" ", "…", "...", "[…]", "[...]", "(…)", "(...)")


def locate(quote: str, text: str) -> tuple[int, int] | None:
    """(start, end) of the quote in `text`, in code points, end exclusive; None where the text does not hold it.

    Tolerated: runs of white space, the style of quotation marks and dashes, case, Unicode normalisation, an ellipsis or quotation marks
    at the ends. The first place counts.
    """
    quote = quote.strip()
    if not _bare(quote):
        return None
    if (start := text.find(quote)) >= 0:
        return start, start + len(quote)
    folded, places = _folded(text)
    for wanted in dict.fromkeys((_folded(quote)[0].strip(), _folded(_bare(quote))[0].strip())):
        if any(map(str.isalnum, wanted)) and (start := folded.find(wanted)) >= 0:
            return places[start][0], places[start + len(wanted) - 1][1]
    return None


def _bare(quote: str) -> str:
    """Without the ellipses and quotation marks around it."""
    before = None
    while quote != before:
        before = quote
        for mark in ELLIPSES:
            quote = quote.removeprefix(mark).removesuffix(mark)
        if quote and ord(quote[0]) in QUOTES:
            quote = quote[1:]
        if quote and ord(quote[-1]) in QUOTES:
            quote = quote[:-1]
    return quote


@lru_cache(maxsize=64)
def _folded(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text with its typography levelled, and for each character of it the (start, end) it comes from."""
    characters: list[str] = []
    places: list[tuple[int, int]] = []
    for start, end in _clusters(text):
        level = unicodedata.normalize("NFKC", text[start:end]).casefold().translate(PLAIN)
        level = unicodedata.normalize("NFC", level).replace("…", "...")
        for character in level:
            if unicodedata.category(character) == "Cf":  # joiners and direction marks, which cannot be seen
                continue
            if character.isspace():
                if characters and characters[-1] == " ":
                    places[-1] = (places[-1][0], end)
                    continue
                character = " "
            characters.append(character)
            places.append((start, end))
    return "".join(characters), places


def _clusters(text: str) -> list[tuple[int, int]]:
    """Spans of a character with the marks and joined letters that normalisation may fuse with it."""
    spans: list[tuple[int, int]] = []
    for position, character in enumerate(text):
        fuses = spans and (unicodedata.combining(character) or _is_joining_jamo(character))
        if fuses:
            spans[-1] = (spans[-1][0], position + 1)
        else:
            spans.append((position, position + 1))
    return spans


def _is_joining_jamo(character: str) -> bool:
    return "\u1160" <= character <= "\u11ff"
