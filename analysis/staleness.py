"""Which of a survey's interviews have results that are missing or out of date, found in a few queries for a thousand of them."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from analysis.material import MASK_FIELDS, Basis, basis_of, masks_hash, people_hash
from analysis.models import CodebookVersion, Coding, InterviewAnalysis, StepResult
from analysis.privacy.records import Mask
from analysis.steps import STEPS, detect_language
from interviewer.models import Interview, Turn
from surveys.models import Participant, Survey

CHUNK = 1000
Stale = Iterator[tuple[int, tuple[str, ...]]]
Status = InterviewAnalysis.Status


@dataclass
class _Known:
    """What is on record of one interview's results."""

    fingerprints: dict[str, str] = field(default_factory=dict)
    transcript: str = ""
    languages: str = ""
    turns: tuple[int, int] = (0, 0)  # how many, and the newest id: turns are only ever added


def finished() -> QuerySet[Interview]:
    """The interviews that are over and in which the participant said something. Previews are not among them."""
    said = Turn.objects.filter(interview=OuterRef("pk"), role=Turn.Role.PARTICIPANT)
    over = Interview.objects.exclude(participant__origin=Participant.Origin.PREVIEW)
    return over.filter(Exists(said), status__in=(Interview.Status.COMPLETED, Interview.Status.ENDED))


def stale(survey: Survey, model: str, *, failed_too: bool = False) -> Iterator[int]:
    """Ids of the finished interviews for which a step has to run under this model; without those that are being worked on, or have failed."""
    return (interview_id for interview_id, _ in stale_steps(survey, model, failed_too=failed_too))


def stale_steps(survey: Survey, model: str, *, failed_too: bool = False) -> Iterator[tuple[int, tuple[str, ...]]]:
    """As `stale`, with the names of the steps; none where only somebody has to look whether anything is stale."""
    codebook = CodebookVersion.objects.filter(survey=survey).order_by("-number").values_list("pk", "sha256").first()
    last = 0
    while chunk := list(finished().filter(participant__survey=survey, pk__gt=last).order_by("pk").select_related("participant")[:CHUNK]):
        last = chunk[-1].pk
        yield from _stale_of(chunk, survey, codebook, model, failed_too)


def _stale_of(chunk: list[Interview], survey: Survey, codebook: tuple[int, str] | None, model: str, failed_too: bool) -> Stale:
    ids = [interview.pk for interview in chunk]
    known, turns = _known(ids), _turns(ids)
    basis_by = _bases(chunk, survey, codebook, known)
    status = dict(InterviewAnalysis.objects.filter(interview__in=ids).values_list("interview_id", "status"))
    at_work = Q(status=Status.RUNNING, lease_until__gte=timezone.now()) | Q(status=Status.HELD)
    busy = set(InterviewAnalysis.objects.filter(at_work, interview__in=ids).values_list("interview_id", flat=True))
    for interview in chunk:
        if interview.pk in busy or (status.get(interview.pk) == Status.FAILED and not failed_too):
            continue
        mine = known.get(interview.pk, _Known())
        told_more = mine.turns != turns[interview.pk]
        steps = tuple(step.name for step in STEPS if told_more or mine.fingerprints.get(step.name) != step.fingerprint(basis_by[interview.pk], model))
        if steps or status.get(interview.pk) != Status.DONE:
            yield interview.pk, steps


def bases(survey: Survey, interviews: Collection[int]) -> dict[int, Basis]:
    """What decides whether results of these interviews are fresh, by interview."""
    codebook = CodebookVersion.objects.filter(survey=survey).order_by("-number").values_list("pk", "sha256").first()
    return _bases(list(Interview.objects.filter(pk__in=interviews).select_related("participant")), survey, codebook, _known(list(interviews)))


def _bases(chunk: list[Interview], survey: Survey, codebook: tuple[int, str] | None, known: dict[int, _Known]) -> dict[int, Basis]:
    ids = [interview.pk for interview in chunk]
    people, masks = _people(ids), _masks(ids)
    return {
        each.pk: _basis(each, survey, codebook, known.get(each.pk, _Known()), people.get(each.pk, ""), masks_hash(masks[each.pk])) for each in chunk
    }


def _known(ids: list[int]) -> dict[int, _Known]:
    found: dict[int, _Known] = {}
    rows = StepResult.objects.filter(interview__in=ids).values_list("interview_id", "step", "fingerprint", "made_from")
    for interview_id, step, fingerprint, made_from in rows:
        known = found.setdefault(interview_id, _Known())
        known.fingerprints[step] = fingerprint
        if step == detect_language.NAME:
            known.transcript, known.languages = made_from["transcript"], made_from["languages"]
            known.turns = (made_from["turns"], made_from["last_turn"])
    return found


def _turns(ids: list[int]) -> dict[int, tuple[int, int]]:
    rows = Turn.objects.filter(interview__in=ids).order_by().values("interview_id").annotate(count=Count("pk"), newest=Max("pk"))
    return {row["interview_id"]: (row["count"], row["newest"]) for row in rows}


def _people(ids: list[int]) -> dict[int, str]:
    codings = Coding.objects.filter(interview__in=ids, coder__user__isnull=False)
    rows: Any = codings.order_by().values("interview_id").annotate(count=Count("pk"), newest=Max("pk"))
    return {row["interview_id"]: people_hash(row["newest"], row["count"]) for row in rows}


def _masks(ids: list[int]) -> dict[int, list[Any]]:
    rows: dict[int, list[Any]] = defaultdict(list)
    for interview, *mask in Mask.objects.filter(turn__interview__in=ids).values_list("turn__interview_id", *MASK_FIELDS):
        rows[interview].append(mask)
    return rows


def _basis(interview: Interview, survey: Survey, codebook: tuple[int, str] | None, known: _Known, people: str, masks: str) -> Basis:
    return basis_of(
        interview,
        survey,
        codebook,
        transcript_hash=known.transcript,
        languages_hash=known.languages,
        people_hash=people,
        masks_hash=masks,
    )
