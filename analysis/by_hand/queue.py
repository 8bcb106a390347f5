"""Whose turn which answer is: a coder's queue, their progress, and the answers on which coders differ."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, F, Q, QuerySet

from analysis.by_hand.reading import Given, given
from analysis.by_hand.rules import RECENT, Progress, pace
from analysis.by_hand.saving import dimension_of
from analysis.models import BY_THE_CHOSEN_MODEL, Coding
from analysis.sampling.draw import number
from analysis.sampling.labels import labels
from analysis.sampling.records import CodingSample, HumanCoding, SampledUnit
from surveys.models import Survey

Status = HumanCoding.Status
WITH_UNIT = ("coder", "unit__sample__survey", "unit__sample__codebook")


def live() -> QuerySet[HumanCoding]:
    """Without the interviews that were set aside since they were drawn."""
    return HumanCoding.objects.filter(unit__interview__set_aside__isnull=True)


def queue(sample: CodingSample, coder: User, *, adjudicates: bool = False) -> QuerySet[HumanCoding]:
    return live().filter(unit__sample=sample, coder=coder, adjudicates=adjudicates).order_by("position", "pk")


def following(sample: CodingSample, coder: User, after: HumanCoding | None = None) -> HumanCoding | None:
    """The next answer to be coded: the first after this one, else the first of all."""
    waiting = queue(sample, coder).filter(status=Status.DRAFT)
    return (waiting.filter(position__gt=after.position).first() if after else None) or waiting.first()


def neighbours(human: HumanCoding) -> tuple[int | None, int | None]:
    """What stands before and after it in its coder's queue."""
    mine = list(queue(human.unit.sample, human.coder, adjudicates=human.adjudicates).values_list("pk", flat=True))
    at = mine.index(human.pk) if human.pk in mine else -1
    return (mine[at - 1] if at > 0 else None), (mine[at + 1] if 0 <= at < len(mine) - 1 else None)


def progress(sample: CodingSample, coder: User, *, adjudicates: bool = False) -> Progress:
    mine = queue(sample, coder, adjudicates=adjudicates)
    counts = mine.aggregate(of=Count("pk"), done=Count("pk", filter=~Q(status=Status.DRAFT)), skipped=Count("pk", filter=Q(status=Status.SKIPPED)))
    done = mine.filter(status=Status.DONE, started_at__isnull=False).order_by("-finished_at").annotate(took=F("finished_at") - F("started_at"))
    took = list(done.values_list("took", flat=True)[: 2 * RECENT])[::-1]
    of = counts["of"] if not adjudicates else counts["of"] + len(disputed(sample))
    return Progress(counts["done"], of, counts["skipped"], pace(took))


@dataclass(frozen=True)
class Work:
    """A sample in which a coder has something to do."""

    sample: CodingSample
    progress: Progress


def work_of(coder: User, survey: Survey | None = None) -> list[Work]:
    samples = (
        CodingSample.objects.filter(units__human_codings__coder=coder, units__human_codings__adjudicates=False).distinct().select_related("survey")
    )
    return [Work(sample, progress(sample, coder)) for sample in (samples.filter(survey=survey) if survey else samples)]


def disputed(sample: CodingSample) -> list[tuple[int, str]]:
    """(interview, dimension) where coders differ and nobody has begun to decide."""
    taken = set(HumanCoding.objects.filter(unit__sample=sample, adjudicates=True).values_list("unit__interview_id", "dimension"))
    found = [(row.interview_id, key) for key in sample.dimensions for row in labels(sample, key) if row.disputed]
    return [each for each in found if each not in taken]


def claim(sample: CodingSample, adjudicator: User) -> HumanCoding | None:
    """The next difference to decide: one begun, else a new one, else one that somebody else opened and never touched."""
    begun = queue(sample, adjudicator, adjudicates=True).filter(status=Status.DRAFT).first()
    if begun:
        return begun
    for interview, dimension in disputed(sample):
        unit = SampledUnit.objects.get(sample=sample, interview=interview)
        position = HumanCoding.objects.filter(unit__sample=sample, adjudicates=True).count()
        row, new = HumanCoding.objects.get_or_create(
            unit=unit, dimension=dimension, adjudicates=True, defaults={"coder": adjudicator, "position": position}
        )
        if new:
            return row
    left = live().filter(unit__sample=sample, adjudicates=True, status=Status.DRAFT, revision=0)
    untouched = left.first()
    if untouched and left.filter(pk=untouched.pk).update(coder=adjudicator):
        return HumanCoding.objects.get(pk=untouched.pk)
    return None


def sides(decision: HumanCoding) -> tuple[Given, ...]:
    """The codings to decide between, in an order that tells nothing; with names once it is decided."""
    rows = HumanCoding.objects.filter(unit=decision.unit_id, dimension=decision.dimension, adjudicates=False, status=Status.DONE)
    shown = decision.status == Status.DONE
    ordered = sorted(rows.select_related("coder"), key=lambda row: number(decision.unit.sample.seed, "side", row.pk))
    dimension = dimension_of(decision)
    return tuple(given(row.coder.get_username() if shown else "", row.codings.prefetch_related("quotes"), dimension, row.note) for row in ordered)


def of_model(human: HumanCoding) -> Given | None:
    """What the model gave, for a coder who has finished and asked; None where it has not coded the answer under this codebook version."""
    codings: Any = Coding.objects.filter(
        BY_THE_CHOSEN_MODEL, interview=human.unit.interview_id, codebook=human.unit.sample.codebook_id, dimension=human.dimension
    )
    rows = list(codings.select_related("coder").prefetch_related("quotes"))
    return given(str(rows[0].coder), rows, dimension_of(human)) if rows else None
