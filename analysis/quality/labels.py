"""How a question was answered, by rule: what was put, what was said to it, how long that is, how fast it came. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from unicodedata import category

from analysis.care.pace import hurried
from analysis.quality.phrases import holds
from interviewer.measured import Measured
from llm.offline.lexicon import declines
from llm.offline.text import is_question, sentences, weight

VERSION = "quality-rules@1"  # raise it when an answer would get another label than before
FEWEST_WORDS, FEWEST_LETTERS = 5.0, 20  # an answer below both is minimal
_COUNTS_TWICE = ("\u1100", "\u11ff"), ("\u3040", "\u30ff"), ("\u3400", "\u9fff"), ("\uac00", "\ud7a3")  # a letter that says as much as two


class Label(StrEnum):
    SUBSTANTIVE = "substantive"
    MINIMAL = "minimal"
    REFUSED = "refused"
    RUSHED = "rushed"
    CONFUSED = "confused"
    NOT_REACHED = "not_reached"
    NOT_ASKED = "not_asked"
    COVERED = "covered"


MEANINGS = {
    Label.SUBSTANTIVE: "Says something that answers the question.",
    Label.MINIMAL: "A word or two, or that the person does not know.",
    Label.REFUSED: "Left unanswered, struck out, or declined in words.",
    Label.RUSHED: "Minimal, and sent faster than reading the question and typing the answer take.",
    Label.CONFUSED: "The person did not understand the question, or asked back.",
    Label.NOT_REACHED: "The interview ended before there was an answer.",
    Label.NOT_ASKED: "The guide's conditions left the question out.",
    Label.COVERED: "Left out because it had been answered earlier.",
}
PUT = (Label.SUBSTANTIVE, Label.MINIMAL, Label.REFUSED, Label.RUSHED, Label.CONFUSED)  # "asked of n" counts these
_BEST = (Label.SUBSTANTIVE, Label.RUSHED, Label.MINIMAL, Label.CONFUSED, Label.REFUSED)  # the label of several answers to one question


@dataclass(frozen=True)
class Answer:
    """One turn of the participant's. move: 'answer', 'skip' or 'end'; asked: the words it answers."""

    turn: int
    text: str
    language: str = ""
    move: str = "answer"
    value: Any = None
    asked: str = ""
    struck: bool = False
    care: Measured | None = None


@dataclass(frozen=True)
class Labelled:
    """turn: the id of the one the label rests on, its whole text being the quote; None where it rests on no words."""

    label: Label
    reason: str
    turn: int | None = None
    start: int = 0
    end: int = 0


def letters(text: str) -> int:
    """Letters and digits; one of Han, Kana or Hangul counts twice."""
    return sum(1 + any(low <= each <= high for low, high in _COUNTS_TWICE) for each in text if category(each)[0] in "LN")


def of_answer(answer: Answer) -> Labelled:
    text = answer.text.strip()
    if answer.value is not None:
        return _resting(Label.SUBSTANTIVE, "Chose an answer.", answer)
    if not text:
        return Labelled(Label.REFUSED, "Struck out by the participant." if answer.struck else "Left unanswered.")
    if holds(text, answer.language, "confused") or _asks_back(text):
        return _resting(Label.CONFUSED, "Says that the question is not clear, or asks back.", answer)
    if holds(text, answer.language, "refuses"):
        return _resting(Label.REFUSED, "Declines to answer.", answer)
    if declines(text, answer.language) or (weight(text) < FEWEST_WORDS and letters(text) < FEWEST_LETTERS):
        if answer.care and hurried(answer.asked, text, answer.care):
            return _resting(Label.RUSHED, "A minimal answer, sent faster than reading and typing take.", answer)
        return _resting(Label.MINIMAL, f"{weight(text):g} words, {letters(text)} letters, or does not know.", answer)
    return _resting(Label.SUBSTANTIVE, f"{weight(text):g} words.", answer)


def _asks_back(text: str) -> bool:
    found = sentences(text)
    return bool(found) and all(map(is_question, found))


def of_question(answers: Sequence[Answer], *, refusal_accepted: bool = False) -> Labelled:
    """Of a question that was put: the best of the answers to it and to its follow-ups; where the interviewer took it for refused, no less is."""
    given = [answer for answer in answers if answer.move not in ("end", "choose")]
    if not given:
        return Labelled(Label.NOT_REACHED, "The interview ended before an answer.")
    best = min((of_answer(answer) for answer in given), key=lambda each: _BEST.index(each.label))
    if refusal_accepted and best.label is not Label.SUBSTANTIVE:
        return replace(best, label=Label.REFUSED, reason="The interviewer took it for refused, and went on.")
    return best


def _resting(label: Label, reason: str, answer: Answer) -> Labelled:
    start = len(answer.text) - len(answer.text.lstrip())
    return Labelled(label, reason, answer.turn, start, start + len(answer.text.strip()))


class Overall(StrEnum):
    COMPLETE = "complete"
    THIN = "thin"
    DROPPED_OUT = "dropped_out"
    MINIMAL = "minimal"


OVERALL_MEANINGS = {
    Overall.COMPLETE: "Went to the end; at least half of the open questions put have a substantive answer.",
    Overall.THIN: "Went to the end; fewer than half of them have one, but some do.",
    Overall.DROPPED_OUT: "Ended early, after at least one substantive answer: an earnest person who left.",
    Overall.MINIMAL: "No substantive answer to an open question.",
}


def of_interview(open_questions: Sequence[Label], *, completed: bool) -> Overall:
    """open_questions: the labels of the guide's open questions; where it has none, those of all."""
    put = [label for label in open_questions if label in PUT]
    substantive = put.count(Label.SUBSTANTIVE)
    if not substantive:
        return Overall.MINIMAL
    if not completed:
        return Overall.DROPPED_OUT
    return Overall.COMPLETE if 2 * substantive >= len(put) else Overall.THIN
