"""The probe ledger as a table: every question of every interview, so that each later figure has its "asked of n"."""

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Any

from django.db.models import Count, QuerySet

from analysis.export.cells import Type
from analysis.export.columns import Column, Scope
from interviewer.ledger import entries
from interviewer.models import Interview, Turn
from interviewer.policy import Route
from interviewer.records import guide_of
from interviewer.stock import PROBES
from surveys.guide import ProfileField
from surveys.models import Participant

BATCH = 500
PROFILE = tuple(field.value for field in ProfileField)
TURN = ("interview_id", "role", "move", "question_key", "discussed", "allowed", "probe_kind", "covered", "value")
COLUMNS = (
    Column("interview_id", Type.INTEGER, "The interview; joins to interviews.csv."),
    Column("question", Type.TEXT, "The question's key."),
    Column(
        "state",
        Type.TEXT,
        "How it was left: 'answered', 'refused', 'skipped', 'unanswered' (put, and nothing said to it), 'covered' (answered before it was put), "
        "'not_reached', or 'not_applicable' (its condition did not hold, or its arm leaves it out).",
    ),
    Column("probe_offered", Type.INTEGER, "Turns at which a follow-up on it was allowed; 0 for interviews from before this was noted."),
    *(Column(f"probes_{kind}", Type.INTEGER, f"Follow-ups put on it: {kind}.") for kind in PROBES),
    Column("clarified", Type.INTEGER, "How often it was explained."),
    Column("returned", Type.INTEGER, "How often the interviewer came back to it from something else."),
    Column("exhausted", Type.BOOLEAN, "Whether the interviewer went on because there was no more to say."),
)


def rows(scope: Scope) -> Iterator[Sequence[Any]]:
    held = (
        _held(scope)
        .order_by("pk")
        .values_list("pk", "guide_version", "order", *(f"participant__{field}" for field in PROFILE))
        .iterator(chunk_size=2000)
    )
    while batch := list(islice(held, BATCH)):
        turns = _turns([row[0] for row in batch])
        for interview, version, order, *profile in batch:
            yield from _rows(interview, version, turns.get(interview, []), Route(tuple(order), dict(zip(PROFILE, profile, strict=True))))


def count(scope: Scope) -> int:
    held = _held(scope).order_by().values_list("guide_version").annotate(n=Count("pk"))
    return sum(n * len(guide_of(version).questions) for version, n in held)


def _rows(interview: int, version: int, turns: Sequence[Turn], route: Route) -> Iterator[Sequence[Any]]:
    for entry in entries(guide_of(version), turns, route):
        kinds = [(entry.probes or {}).get(kind, 0) for kind in PROBES]
        yield interview, entry.question, entry.state.value, entry.offered, *kinds, entry.clarified, entry.returned, entry.exhausted


def _held(scope: Scope) -> QuerySet[Interview]:
    """Imported interviews are left out: nobody was asked anything here."""
    origins = scope.origins - {Participant.Origin.IMPORTED.value}
    return Interview.objects.filter(participant__survey=scope.survey, participant__origin__in=origins, set_aside=None)


def _turns(interviews: list[int]) -> dict[int, list[Turn]]:
    turns = Turn.objects.filter(interview__in=interviews, repeats=None).order_by("interview_id", "number").only(*TURN)
    return {interview: list(of) for interview, of in groupby(turns, key=lambda turn: turn.interview_id)}
