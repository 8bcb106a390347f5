"""What participants send, read as answers."""

from typing import Any
from uuid import UUID

import pytest

from interviewer.answers import Answer, Invalid, Message, read
from tests.guides import EVERY_KIND

ID = UUID(int=1)


def answer(key: str, text: str = "", value: Any = None) -> Answer:
    question = EVERY_KIND.question(key)
    return read(Message(ID, "answer", text, value), question, question.wordings["en"])


@pytest.mark.parametrize(
    ("key", "text", "value", "expected"),
    [
        ("last_cup", "  This\r\nmorning\x00 ", None, Answer("This\nmorning")),
        ("sort", "", "green", Answer("Green tea", "green")),
        ("sort", "black TEA", None, Answer("Black tea", "black")),
        ("places", "", ["cafe", "home", "cafe"], Answer("At home\nIn a café", ["home", "cafe"])),
        ("liking", "", 5, Answer("5", 5)),
        ("liking", "٤", None, Answer("4", 4)),
        ("cups", "", 2.5, Answer("2.5", 2.5)),
        ("cups", "3", None, Answer("3", 3)),
    ],
)
def test_answers_are_read_by_the_question(key: str, text: str, value: Any, expected: Answer) -> None:
    assert answer(key, text, value) == expected


@pytest.mark.parametrize(
    ("key", "text", "value", "code"),
    [
        ("last_cup", " \n\t ", None, "invalid"),
        ("last_cup", "a" * 10_001, None, "too_long"),
        ("sort", "", "red", "invalid"),
        ("sort", "", {"a": 1}, "invalid"),
        ("places", "", [], "invalid"),
        ("places", "", ["home", "moon"], "invalid"),
        ("liking", "", 6, "invalid"),
        ("liking", "", 2.5, "invalid"),
        ("liking", "", True, "invalid"),
        ("liking", "nan", None, "invalid"),
        ("liking", "many", None, "invalid"),
        ("cups", "", -1, "invalid"),
        ("cups", "", "1e400", "invalid"),
    ],
)
def test_what_is_no_answer_is_refused(key: str, text: str, value: Any, code: str) -> None:
    with pytest.raises(Invalid) as problem:
        answer(key, text, value)
    assert problem.value.code == code


def test_a_follow_up_takes_words() -> None:
    assert read(Message(ID, "answer", "because"), None, None) == Answer("because")
