"""Reading what a participant sent: words for an open question, a checked value for a closed one. Pure."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from interviewer import stock
from interviewer.measured import Measured
from surveys.guide import Kind, Question, Wording

LONGEST = 10_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Message:
    """What the participant's page sent: an answer, a skip, or the end."""

    id: UUID
    move: str
    text: str = ""
    value: Any = None
    care: Measured | None = None


@dataclass(frozen=True)
class Answer:
    text: str
    value: Any = None


class Invalid(ValueError):
    def __init__(self, code: str, sentence: Promise, **values: object) -> None:
        super().__init__(code)
        self.code, self.sentence, self.values = code, sentence, values


def clean(text: str) -> str:
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def read(message: Message, question: Question | None, wording: Wording | None) -> Answer:
    """The answer that `message` gives to `question` (None: a follow-up, which takes words). Raises Invalid."""
    text = clean(message.text)
    if len(text) > LONGEST:
        raise Invalid("too_long", stock.TOO_LONG, limit=LONGEST)
    if question is None or wording is None or question.kind is Kind.OPEN:
        if not text:
            raise Invalid("invalid", stock.EMPTY)
        return Answer(text)
    given = text if message.value is None else message.value
    return _READERS[question.kind](given, question, wording)


def _single(given: Any, question: Question, wording: Wording) -> Answer:
    value = _option(given, question, wording)
    return Answer(_label(value, question, wording), value)


def _multiple(given: Any, question: Question, wording: Wording) -> Answer:
    chosen = given if isinstance(given, list) else [given]
    values = {_option(each, question, wording) for each in chosen[:100]}
    if not values:
        raise Invalid("invalid", stock.CHOOSE)
    ordered = [value for value in question.options if value in values]
    return Answer("\n".join(_label(value, question, wording) for value in ordered), ordered)


def _scale(given: Any, question: Question, wording: Wording) -> Answer:
    number = _number(given)
    if number is None or number != int(number) or not _within(number, question):
        raise Invalid("invalid", stock.WHOLE_NUMBER, minimum=question.minimum, maximum=question.maximum)
    return Answer(str(int(number)), int(number))


def _any_number(given: Any, question: Question, wording: Wording) -> Answer:
    number = _number(given)
    if number is None:
        raise Invalid("invalid", stock.NUMBER)
    if not _within(number, question):
        raise Invalid("invalid", stock.OUT_OF_RANGE)
    value = int(number) if number == int(number) else number
    return Answer(str(value), value)


_READERS = {Kind.SINGLE: _single, Kind.MULTIPLE: _multiple, Kind.SCALE: _scale, Kind.NUMBER: _any_number}


def _option(given: Any, question: Question, wording: Wording) -> str:
    if given in question.options:
        return str(given)
    for value, label in zip(question.options, wording.options, strict=True):
        if isinstance(given, str) and given.casefold() in (label.casefold(), value.casefold()):
            return value
    raise Invalid("invalid", stock.CHOOSE)


def _label(value: str, question: Question, wording: Wording) -> str:
    return wording.options[question.options.index(value)]


def _number(given: Any) -> float | None:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    try:
        number = float(given)  # reads the digits of every script
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1e15 else None


def _within(number: float, question: Question) -> bool:
    low, high = question.minimum, question.maximum
    return (low is None or number >= low) and (high is None or number <= high)
