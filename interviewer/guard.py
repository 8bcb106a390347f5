"""Is this a fair thing to say to a participant? Pure checks, made before the participant sees the words."""

import re
from enum import StrEnum

from interviewer.reply import Move

# Question marks of the scripts that have one of their own: Latin and most others, Arabic, full-width, Greek, Armenian, Ethiopic.
QUESTION_MARKS = "?؟？;՞፧"
LONGEST_CHARACTERS = {Move.SUMMARISE: 2400, Move.CLARIFY: 600}
LONGEST_OTHERWISE = 400

_SENTENCE_END = re.compile(r"[.!?。！？؟।॥;՞፧…]+[\"'”’»」』)]*(?=\s|$)|[。！？]+[」』”]*|\n+")


class Flaw(StrEnum):
    EMPTY = "empty"
    LONG = "long"
    COMPOUND = "compound"


def flaws(text: str, move: Move) -> tuple[Flaw, ...]:
    """What is wrong with the words so far. A move that a guide question follows may not ask one itself."""
    found = []
    if len(text) > LONGEST_CHARACTERS.get(move, LONGEST_OTHERWISE):
        found.append(Flaw.LONG)
    if questions(text) > (0 if move in (Move.ASK, Move.ALREADY_ANSWERED) else 1):
        found.append(Flaw.COMPOUND)
    return tuple(found)


def questions(text: str) -> int:
    """How many questions a text puts; a run of marks ("?!", "??") is one."""
    return len(re.findall(f"[{QUESTION_MARKS}]+", text))


def whole_sentences(text: str) -> int:
    """The length of the part of `text` that ends with its last finished sentence; 0 if none is finished.

    A mark at the very end of the text may still be followed by another, so it ends a sentence only when something follows it.
    """
    ends = [match.end() for match in _SENTENCE_END.finditer(text) if match.end() < len(text)]
    return ends[-1] if ends else 0
