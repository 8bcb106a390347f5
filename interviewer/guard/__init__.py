"""Is this a fair thing to say to a participant? Pure checks, made before the participant sees the words.

The words that the checks look for stand in `interviewer/guard_words/`, one file a language. A language without a file is held to
length, question marks and script alone.
"""

from enum import StrEnum

from interviewer.guard import checks
from interviewer.guard.language import is_foreign
from interviewer.guard.leaks import leaks
from interviewer.guard.quotations import without_quotations
from interviewer.guard.sentences import questions, whole_sentences
from interviewer.guard.text import folded
from interviewer.guard.words import words_of
from interviewer.moves import GOES_ON, SUMS_UP, Move

__all__ = ["Flaw", "flaws", "is_too_long", "questions", "whole_sentences"]

LONGEST_CHARACTERS = dict.fromkeys(SUMS_UP, 2400) | {Move.CLARIFY: 600}
LONGEST_OTHERWISE = 400


class Flaw(StrEnum):
    """Why words are not said. MOVE and EMPTY are found by who knows the moves allowed and the whole reply."""

    MOVE = "move"
    EMPTY = "empty"
    LONG = "long"
    COMPOUND = "compound"
    LEADING = "leading"
    PRAISE = "praise"
    THEME = "theme"
    LANGUAGE = "language"
    LEAK = "leak"


def flaws(text: str, move: Move, *, language: str, heard: str = "", put: str = "", secret: str = "", whole: bool = True) -> tuple[Flaw, ...]:
    """What is wrong with the words, in the order of Flaw.

    heard: all that the participant has said. put: what the participant has read, the guide's words among it. secret: the model's
    instructions. whole: whether these are all the words, or the sentences so far. A move that a guide question follows may not ask
    one itself. Words quoted from the participant are the participant's.
    """
    words = words_of(language)
    own = without_quotations(text, whole=whole)
    said = folded(own, language)
    compound = checks.compound(without_quotations(text, whole=whole, of=heard), words, allowed=_questions_allowed(move))
    found = {
        Flaw.LONG: is_too_long(text, move),
        Flaw.COMPOUND: compound,
        Flaw.LEADING: checks.leading(said, words, courtesy=move is Move.CLARIFY),
        Flaw.PRAISE: checks.praise(said, words, heard),
        Flaw.THEME: move is Move.PROBE and checks.new_theme(text, words, f"{heard}\n{put}"),
        Flaw.LANGUAGE: is_foreign(own, language, known=f"{heard}\n{put}"),
        Flaw.LEAK: leaks(text, language, secret=secret, known=f"{heard}\n{put}"),
    }
    return tuple(flaw for flaw, is_there in found.items() if is_there)


def is_too_long(text: str, move: Move) -> bool:
    return len(text) > LONGEST_CHARACTERS.get(move, LONGEST_OTHERWISE)


def _questions_allowed(move: Move) -> int:
    return 0 if move in (*GOES_ON, Move.ALREADY_ANSWERED) else 1
