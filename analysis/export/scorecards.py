"""The table of scorecards: each measure of each interview, with what it is a share of."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from analysis.export.cells import Type
from analysis.export.columns import Column, Scope
from analysis.scorecard.figures import scored
from analysis.scorecard.measures import MEASURES, Score, Unit
from analysis.scorecard.records import Scorecard


def _columns() -> Iterator[Column]:
    for measure in MEASURES:
        if measure.unit is Unit.SHARE:
            yield Column(measure.key, Type.NUMBER, f"{measure.definition} From 0 to 1; empty where there were none.")
            yield Column(f"{measure.key}_of", Type.NUMBER, f"What {measure.key} is a share of: {measure.of}.")
        else:
            yield Column(measure.key, Type.NUMBER, measure.definition)


COLUMNS = (
    Column("interview_id", Type.INTEGER, "The interview; joins to interviews.csv."),
    Column("arm", Type.TEXT, "The arm of the experiment it was assigned to; empty where the guide has no arms."),
    Column("model", Type.TEXT, "The language model that worded most of the interviewer's turns; empty where none did."),
    Column("prompt_version", Type.TEXT, "The version of the prompt it was given."),
    *_columns(),
)


def found(scope: Scope) -> QuerySet[Scorecard]:
    return scored(scope.survey, scope.origins).filter(interview__set_aside=None)


def rows(scope: Scope) -> Iterator[Sequence[Any]]:
    fields = [f"{measure.key}_{end}" for measure in MEASURES for end in Score._fields]
    kept = found(scope).order_by("pk").values_list("pk", "interview__arm", "model", "prompt_version", *fields)
    for interview, arm, model, prompt_version, *values in kept.iterator(chunk_size=2000):
        scores = [Score(*values[place : place + 2]) for place in range(0, len(values), 2)]
        yield interview, arm, model, prompt_version, *_cells(scores)


def _cells(scores: Sequence[Score]) -> Iterator[float | None]:
    for measure, score in zip(MEASURES, scores, strict=True):
        yield score.value
        if measure.unit is Unit.SHARE:
            yield score.of
