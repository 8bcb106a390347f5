"""The table of what was drawn for people to code: with strata and probabilities, so that others can weight it."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from analysis.export.cells import Type
from analysis.export.columns import Column, Scope
from analysis.models import Coding
from analysis.sampling.records import HumanCoding

CHUNK = 2000
COLUMNS = (
    Column("interview_id", Type.INTEGER, "The interview; joins to interviews.csv."),
    Column("sample", Type.TEXT, "The sample's name."),
    Column("seed", Type.INTEGER, "What the draw followed from."),
    Column("codebook_version", Type.INTEGER, "The version of the survey's codebook that the sample is coded with."),
    Column("stratum", Type.TEXT, "The stratum it was drawn from."),
    Column("probability", Type.NUMBER, "Its probability of being drawn; 1 / probability is its weight."),
    Column("dimension", Type.TEXT, "What is coded, by its key in the codebook."),
    Column("coder", Type.TEXT, "The person's user name."),
    Column("adjudicates", Type.BOOLEAN, "Whether this decides where coders differ."),
    Column("status", Type.TEXT, "Where it stands: 'draft' (to be coded), 'done' or 'skipped'."),
    Column("codes", Type.JSON, "The codes given, by their keys; empty unless it is done."),
    Column("finished_at", Type.TIME, "When it was done or skipped (UTC)."),
)


def found(scope: Scope) -> QuerySet[HumanCoding]:
    return HumanCoding.objects.filter(
        unit__sample__survey=scope.survey, unit__interview__participant__origin__in=scope.origins, unit__interview__set_aside=None
    )


def rows(scope: Scope) -> Iterator[tuple[Any, ...]]:
    given: dict[int | None, list[str]] = {}
    codings = Coding.objects.filter(human__unit__sample__survey=scope.survey).order_by("human", "code")
    for human, code in codings.values_list("human_id", "code").iterator(chunk_size=CHUNK):
        given.setdefault(human, []).append(code)
    fields = (
        "unit__interview_id",
        "unit__sample__name",
        "unit__sample__seed",
        "unit__sample__codebook__number",
        "unit__stratum",
        "unit__probability",
    )
    ordered = found(scope).order_by("unit__sample", "unit__interview", "dimension", "adjudicates", "coder")
    told = ordered.values_list(*fields, "dimension", "coder__username", "adjudicates", "status", "pk", "finished_at")
    for *head, pk, finished in told.iterator(chunk_size=CHUNK):
        yield *head, given.get(pk), finished
