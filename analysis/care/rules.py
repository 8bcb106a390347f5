"""What in the answers of one interview is worth a look. Pure: each piece of evidence has its own figure and bound, and no score adds them up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.care.kinds import Kind
from analysis.care.pace import hurried, least_seconds
from analysis.quality.labels import Answer, letters
from llm.offline.text import folded, weight

VERSION = "care-rules@1"  # raise it when other things become evidence than before
PASTED_SHARE, PASTED_LETTERS = 0.8, 40
FASTEST_TYPING, TYPED_AT_LEAST = 20.0, 40  # characters a second; the fastest typists write about 15
AT_ONCE, AT_ONCE_WORDS = 1.5, 8.0  # seconds, words
REPEATED_LETTERS = 20
SCALES = 4


@dataclass(frozen=True)
class Evidence:
    """turn: its id; other: that of the turn it is like."""

    kind: Kind
    turn: int
    figure: float
    bound: float
    other: int | None = None


def of_interview(answers: Mapping[str, Sequence[Answer]], scales: Sequence[str]) -> list[Evidence]:
    """answers: by key of the question. scales: the keys of those that take a point on a scale."""
    every = sorted((each for group in answers.values() for each in group), key=lambda each: each.turn)
    return [*(found for each in every for found in of_answer(each)), *_repeated(every), *_same_point(answers, scales)]


def of_answer(answer: Answer) -> Iterator[Evidence]:
    care, text = answer.care, answer.text
    if care is None or answer.value is not None or not text:
        return
    seconds = care.visible_ms / 1000
    pasted = min(1.0, care.pasted / len(text))
    if pasted >= PASTED_SHARE and letters(text) >= PASTED_LETTERS:
        yield Evidence(Kind.PASTED, answer.turn, pasted, PASTED_SHARE)
    if care.typed >= TYPED_AT_LEAST and care.typed > FASTEST_TYPING * seconds:
        yield Evidence(Kind.TYPED_FAST, answer.turn, care.typed / max(seconds, 0.1), FASTEST_TYPING)
    elif hurried(answer.asked, text, care):
        yield Evidence(Kind.HURRIED, answer.turn, seconds, least_seconds(answer.asked, text, care))
    if seconds < AT_ONCE and weight(text) >= AT_ONCE_WORDS:
        yield Evidence(Kind.INSTANT, answer.turn, seconds, AT_ONCE)


def _repeated(answers: Sequence[Answer]) -> Iterator[Evidence]:
    first: dict[str, Answer] = {}
    for each in answers:
        if each.value is None and letters(each.text) >= REPEATED_LETTERS and (earlier := first.setdefault(folded(each.text), each)) is not each:
            yield Evidence(Kind.REPEATED, each.turn, 1.0, 1.0, earlier.turn)


def _same_point(answers: Mapping[str, Sequence[Answer]], scales: Sequence[str]) -> Iterator[Evidence]:
    given = [each for key in scales for each in answers.get(key, ()) if each.value is not None]
    if len(given) >= SCALES and len({str(each.value) for each in given}) == 1:
        yield Evidence(Kind.SAME_POINT, given[-1].turn, float(len(given)), float(SCALES))
