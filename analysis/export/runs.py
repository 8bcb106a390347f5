"""The table of runs: every unit of every run with where it stands, and why."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from analysis.backlog.records import RunUnit
from analysis.export.cells import Type
from analysis.export.columns import Column, Scope

CHUNK = 2000
COLUMNS = (
    Column("run", Type.INTEGER, "The run, by its number."),
    Column("mode", Type.TEXT, "How it is processed: 'live' or 'batch'."),
    Column("interview_id", Type.INTEGER, "The interview; joins to interviews.csv."),
    Column("step", Type.TEXT, "The step of the analysis."),
    Column("state", Type.TEXT, "One of 'waiting', 'sent', 'answered', 'failed' (to be tried again), 'done' or 'unprocessable'."),
    Column("reason", Type.TEXT, "Why it failed or is unprocessable."),
    Column("attempts", Type.INTEGER, "How often it was sent."),
    Column("batch", Type.TEXT, "The batch it went with last, by its server's id."),
    Column("request", Type.TEXT, "What the ids of its requests there begin with."),
)
FIELDS = ("run_id", "run__mode", "interview_id", "step", "state", "reason", "attempts", "batch__batch_id", "custom_id")


def found(scope: Scope) -> "QuerySet[RunUnit]":
    return RunUnit.objects.filter(run__survey=scope.survey, interview__participant__origin__in=scope.origins)


def rows(scope: Scope) -> Iterator[tuple[Any, ...]]:
    yield from found(scope).order_by("run", "interview", "pk").values_list(*FIELDS).iterator(chunk_size=CHUNK)
