"""A text without what stands in quotation marks, in the marks of any language."""

import unicodedata

_CLOSED_BY = {"“": "”", "„": "“”", "‚": "‘’", "«": "»", "»": "«", "‹": "›", "›": "‹", "「": "」", "『": "』", "‘": "’", "”": "”"}
_SAME = "\"'＂"
_APOSTROPHES = "'’‘"


def without_quotations(text: str, *, whole: bool = True, of: str | None = None) -> str:
    """`text` with each quotation replaced by its marks.

    whole: a mark that is never closed opens nothing; in a text still arriving it opens a quotation that goes on to the end.
    of: leave out only quotations of these words.
    """
    found = _quotations(text, whole=whole)
    source = _plain(of) if of is not None and found else None
    kept, start = [], 0
    for opened, closed in found:
        if source is None or _plain(text[opened + 1 : closed]) in source:
            kept.append(text[start : opened + 1])
            start = closed
    return "".join([*kept, text[start:]])


def _quotations(text: str, *, whole: bool) -> list[tuple[int, int]]:
    """(opening mark, closing mark) of the outermost quotations, as positions; what is quoted stands between."""
    found: list[tuple[int, int]] = []
    open_marks: list[tuple[int, str]] = []
    for position, mark in enumerate(text):
        if open_marks and mark in open_marks[-1][1] and not _is_apostrophe(text, position):
            opened, _ = open_marks.pop()
            if not open_marks:
                found.append((opened, position))
        elif _opens(text, position):
            open_marks.append((position, _CLOSED_BY.get(mark, mark)))
    if open_marks and not whole:
        found.append((open_marks[0][0], len(text)))
    return found


def _opens(text: str, position: int) -> bool:
    mark = text[position]
    if mark in _SAME or mark in "‘”":
        return not text[position - 1 : position].isalnum() and text[position + 1 : position + 2].strip() != ""
    return mark in _CLOSED_BY


def _is_apostrophe(text: str, position: int) -> bool:
    return text[position] in _APOSTROPHES and text[position + 1 : position + 2].isalnum()


def _plain(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())
