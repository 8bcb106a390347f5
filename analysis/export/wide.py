"""One row an interview, as statistics programs want it: profile, closed answers, and a variable a code."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from analysis.codebook import Dimension, Shape
from analysis.export import cells
from analysis.export.cells import Type
from analysis.export.columns import Scope
from analysis.export.interviews import COLUMNS
from analysis.export.nested import Fields, Told, told
from interviewer.models import Turn
from surveys.guide import Kind, Question
from surveys.models import Survey

LEFT_OUT = ("browser_languages", "question_order", "summary", "summary_model", "analysis_status", "analysis_step", "corrections", "language_changes")
PROFILE = tuple(column for column in COLUMNS if column.name not in LEFT_OUT)
NO_YES = ((0, "No"), (1, "Yes"))
GIVEN = ((0, "Not given"), (1, "Given"))
CHOSEN = ((0, "Not chosen"), (1, "Chosen"))
LONGEST_NAME = 64
RESERVED = frozenset(["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"])
Value = float | str | datetime | None
Labels = tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Variable:
    """name: valid in SPSS and unique. labels: what its numbers mean."""

    name: str
    label: str
    type: Type
    labels: Labels = ()
    ordered: bool = False


@dataclass(frozen=True)
class Asked:
    """A closed question as its guide versions have it, the newest first."""

    question: Question
    options: tuple[str, ...]
    text: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Wide:
    variables: tuple[Variable, ...]
    questions: tuple[Asked, ...]
    dimensions: tuple[Dimension, ...]

    def rows(self, scope: Scope) -> Iterator[list[Value]]:
        for each in told(scope):
            yield [*_profile(each.interview), *self._answers(each), *self._codes(each)]

    def _answers(self, each: Told) -> Iterator[Value]:
        given = {turn["question"]: turn["value"] for turn in each.turns if turn["role"] == Turn.Role.PARTICIPANT and turn["value"] is not None}
        for asked in self.questions:
            yield from _answer(asked, given.get(asked.question.key))

    def _codes(self, each: Told) -> Iterator[Value]:
        """Only what the findings count. Who was not coded in a dimension is missing in all of it; 'none' is a code like any other."""
        given: dict[str, set[str]] = {}
        for coding in each.codings:
            if coding["counted"]:
                given.setdefault(coding["dimension"], set()).add(coding["code"])
        for dimension in self.dimensions:
            found = given.get(dimension.key)
            if dimension.shape is Shape.ORDINAL:
                yield next((number for number, key in enumerate(dimension.code_keys, start=1) if found and key in found), None)
            else:
                yield from (None if found is None else int(key in found) for key in dimension.code_keys)


def wide(scope: Scope) -> Wide:
    found = scope.survey.codebooks.all()
    version = (found if scope.codebook is None else found.filter(number=scope.codebook)).first()
    dimensions = version.document.dimensions if version else ()
    questions = _questions(scope.survey)
    variables = [
        *_of_profile(),
        *(each for asked in questions for each in _of_question(asked)),
        *(each for one in dimensions for each in _of_codes(one)),
    ]
    return Wide(tuple(_named(variables)), questions, dimensions)


def _questions(survey: Survey) -> tuple[Asked, ...]:
    found: dict[str, Asked] = {}
    for version in survey.versions.order_by("-number"):
        for question in version.guide.questions:
            if question.kind is Kind.OPEN:
                continue
            wording = question.wordings.get(survey.analysis_language) or next(iter(question.wordings.values()))
            asked = found.setdefault(question.key, Asked(question, (), wording.text, ()))
            fresh = [place for place, option in enumerate(question.options) if option not in asked.options]
            options, labels = (tuple(each[place] for place in fresh) for each in (question.options, wording.options))
            found[question.key] = Asked(asked.question, asked.options + options, asked.text, asked.labels + labels)
    return tuple(found.values())


def _of_profile() -> Iterator[Variable]:
    for column in PROFILE:
        labels = NO_YES if column.type is Type.BOOLEAN else ()
        yield Variable(column.name, column.meaning, Type.TEXT if column.type is Type.JSON else column.type, labels)


def _of_question(asked: Asked) -> Iterator[Variable]:
    name, kind = f"q_{asked.question.key}", asked.question.kind
    numbered = tuple(enumerate(asked.labels, start=1))
    if kind is Kind.SINGLE:
        yield Variable(name, asked.text, Type.INTEGER, numbered)
    elif kind is Kind.MULTIPLE:
        yield from (Variable(f"{name}_{number}", f"{label}: {asked.text}", Type.INTEGER, CHOSEN) for number, label in numbered)
    else:
        yield Variable(name, asked.text, Type.NUMBER, _points(asked), ordered=kind is Kind.SCALE)


def _points(asked: Asked) -> Labels:
    """A scale's ends have words, what lies between them its number."""
    question = asked.question
    if question.kind is not Kind.SCALE or question.minimum is None or question.maximum is None:
        return ()
    wording = next(each for each in question.wordings.values() if each.text == asked.text)
    ends = {question.minimum: wording.low, question.maximum: wording.high}
    return tuple((point, ends.get(point) or str(point)) for point in range(question.minimum, question.maximum + 1))


def _of_codes(dimension: Dimension) -> Iterator[Variable]:
    name = f"c_{dimension.key}"
    if dimension.shape is Shape.ORDINAL:
        labels = tuple((number, code.label) for number, code in enumerate(dimension.codes, start=1))
        yield Variable(name, dimension.title, Type.INTEGER, labels, ordered=True)
    else:
        yield from (Variable(f"{name}_{code.key}", f"{dimension.title}: {code.label}", Type.INTEGER, GIVEN) for code in dimension.codes)


def _named(variables: Sequence[Variable]) -> Iterator[Variable]:
    taken: set[str] = set(RESERVED)
    for each in variables:
        base = re.sub("[^A-Za-z0-9_]", "_", each.name)
        tries = (base[:LONGEST_NAME], *(f"{base[: LONGEST_NAME - 5]}_{number}" for number in range(2, 10_000)))
        name = next(name for name in tries if name.lower() not in taken)
        taken.add(name.lower())
        yield Variable(name, each.label, each.type, each.labels, each.ordered)


def _profile(interview: Fields) -> Iterator[Value]:
    for column in PROFILE:
        value = interview[column.name]
        if column.type is Type.JSON:
            yield cells.write(value, Type.JSON) if value else None
        else:
            yield int(value) if isinstance(value, bool) else value


def _answer(asked: Asked, value: Any) -> Iterator[Value]:
    """What does not fit the question as it is now, as an answer given when it was of another kind, is missing."""
    kind = asked.question.kind
    if kind is Kind.SINGLE:
        yield asked.options.index(value) + 1 if isinstance(value, str) and value in asked.options else None
    elif kind is Kind.MULTIPLE:
        yield from (int(option in value) if isinstance(value, list) else None for option in asked.options)
    else:
        yield value if isinstance(value, int | float) and not isinstance(value, bool) else None
