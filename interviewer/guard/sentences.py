"""Sentences and questions in any script: where a sentence ends, and how many questions a text puts."""

import re

# Question marks of the scripts that have one of their own: Latin and most others, Arabic, full-width, Greek, Armenian, Ethiopic.
QUESTION_MARKS = "?؟？⁇\u037e՞፧"
_MARKS = re.compile(f"[{QUESTION_MARKS}!]*[{QUESTION_MARKS}][{QUESTION_MARKS}!！]*")
_GREEK_MARKS = re.compile(f"[{QUESTION_MARKS};!]*[{QUESTION_MARKS};][{QUESTION_MARKS};!]*")
# Japanese may leave the mark out: a sentence that ends in か asks, but for "I see".
_JAPANESE_MARKS = re.compile(f"(?<!そうです)(?<!そうなんです)(?<!そうでした)か[。．]|[{QUESTION_MARKS}!]*[{QUESTION_MARKS}][{QUESTION_MARKS}!！]*")

_SENTENCE_END = re.compile(r"[.!?。！？؟।॥;՞፧…]+[\"'”’»」』)]*(?=\s|$)|[。！？]+[」』”]*|\n+")


def questions(text: str, language: str = "") -> int:
    """How many questions a text puts; a run of marks ("?!", "??") is one."""
    marks = {"el": _GREEK_MARKS, "ja": _JAPANESE_MARKS}.get(language.split("-")[0], _MARKS)
    return len(marks.findall(text))


def whole_sentences(text: str, start: int = 0) -> int:
    """The length of the part of `text` that ends with its last finished sentence; `start` if none is finished after it.

    A mark at the very end of the text may still be followed by another, so it ends a sentence only when something follows it.
    """
    ends = [match.end() for match in _SENTENCE_END.finditer(text, start) if match.end() < len(text)]
    return ends[-1] if ends else start


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where each sentence stands, without the blanks around it: (start, end) in code points, in order."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    starts = [0, *ends]
    parts = ((start, text[start:end]) for start, end in zip(starts, [*ends, len(text)], strict=True))
    return tuple((start + len(part) - len(part.lstrip()), start + len(part.rstrip())) for start, part in parts if part.strip())
