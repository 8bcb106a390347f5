"""A run from its plan to its end: which interviews it holds, when it pauses, resumes, stops, and whom it lets go."""

import uuid
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from analysis.backlog.records import OPEN, OPEN_RUNS, CodingRun, RunUnit
from analysis.lease import duration as lease_time
from analysis.models import InterviewAnalysis, StepResult
from analysis.privacy.masked import STEP as MASK
from analysis.publishing import current
from analysis.staleness import stale_steps
from analysis.steps import code, publish, quality, summarise, translate
from interviewer.models import Interview
from surveys import batching
from surveys.models import ConsentRecord, Participant, Survey

Mode, Status, State = CodingRun.Mode, CodingRun.Status, RunUnit.State
ASKING = (MASK, translate.NAME, summarise.NAME, code.NAME, quality.NAME)
CHUNK = 1000


class CannotRun(ValueError):
    """What was asked for is not possible; the text says why."""


def plan(
    survey: Survey,
    model: str,
    mode: str,
    *,
    budget: Decimal | None = None,
    by: User | None = None,
    limit: int | None = None,
    failed_too: bool = False,
) -> CodingRun:
    """A planned run over what is stale and may go this way; its interviews are held for it. Raises CannotRun."""
    if mode == Mode.BATCH and not survey.batches_allowed:
        raise CannotRun("The survey does not allow batches: its setting “code by batch” is off. What the consent text has to say stands beside it.")
    if CodingRun.objects.filter(survey=survey, status__in=OPEN_RUNS).exists():
        raise CannotRun("The survey has a run already: let it end, or stop it.")
    found = list(stale_steps(survey, model, failed_too=failed_too))
    if mode == Mode.BATCH:
        allowed = covered(survey, [interview for interview, _ in found])
        found = [each for each in found if each[0] in allowed]
    found = found[:limit]
    with transaction.atomic():
        run = CodingRun.objects.create(
            survey=survey, codebook=current(survey), model=model, prompt_version=code.FILE.version, mode=mode, budget_usd=budget, created_by=by
        )
        held = set(_hold([interview for interview, _ in found]))
        units = ((interview, step) for interview, steps in found if interview in held for step in _units(steps))
        RunUnit.objects.bulk_create((RunUnit(run=run, interview_id=interview, step=step) for interview, step in units), batch_size=CHUNK)
        CodingRun.objects.filter(pk=run.pk).update(interviews=len(held))
    run.refresh_from_db()
    return run


def covered(survey: Survey, interviews: Iterable[int]) -> set[int]:
    """Of these, the interviews that may go by batch: their participants have read so, or no participant is here to read."""
    wanted, allowed = batching.sentences(survey.batches_consent), set[int]()
    elsewhere = Q(participant__origin__in=(Participant.Origin.IMPORTED, Participant.Origin.SIMULATED))
    for chunk in chunks(list(interviews)):
        rows = Interview.objects.filter(pk__in=chunk)
        allowed |= set(rows.filter(elsewhere).values_list("pk", flat=True))
        read = ConsentRecord.objects.filter(given=True, participant__interview__in=chunk).values_list("participant__interview", "text")
        allowed |= {pk for pk, text in read if batching.covers(text, wanted)}
    return allowed


def start(run: CodingRun) -> bool:
    return _move(run, (Status.PLANNED, Status.PAUSED), Status.RUNNING)


def pause(run: CodingRun, reason: str = "") -> bool:
    """Nothing more is submitted; what was is finished."""
    return _move(run, (Status.RUNNING,), Status.PAUSED, reason)


def stop(run: CodingRun, reason: str = "") -> bool:
    """For good: batches under way are cancelled, what they have answered is kept."""
    return _move(run, OPEN_RUNS, Status.STOPPED, reason)


def claim(run_id: int) -> tuple[CodingRun, str] | None:
    """The run, and the right to handle its batches; None while another process has it."""
    now, owner = timezone.now(), uuid.uuid4().hex
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    if not CodingRun.objects.filter(free, pk=run_id).update(lease_owner=owner, lease_until=now + lease_time()):
        return None
    return CodingRun.objects.select_related("survey").get(pk=run_id), owner


def renew(run: CodingRun, owner: str) -> bool:
    """Whether it is still ours."""
    return bool(CodingRun.objects.filter(pk=run.pk, lease_owner=owner).update(lease_until=timezone.now() + lease_time()))


def let_go(run: CodingRun, owner: str) -> None:
    CodingRun.objects.filter(pk=run.pk, lease_owner=owner).update(lease_owner="", lease_until=None)


def end_if_over(run: CodingRun) -> bool:
    """Where nothing is left to be done: a stopped run's leftovers are listed, and whoever is still held is let go."""
    units = RunUnit.objects.filter(run=run)
    if units.filter(state__in=(State.SENT, State.ANSWERED)).exists():
        return False
    run.refresh_from_db()
    if run.status == Status.STOPPED:
        units.filter(state__in=OPEN).update(state=State.UNPROCESSABLE, reason="The run was stopped.")
    elif run.status == Status.PLANNED or units.filter(state__in=OPEN).exists():
        return False
    _release(run)
    CodingRun.objects.filter(pk=run.pk, status__in=(Status.RUNNING, Status.PAUSED)).update(status=Status.DONE, reason="")
    CodingRun.objects.filter(pk=run.pk, ended_at=None).update(ended_at=timezone.now())
    return True


def chunks(ids: list[int]) -> Iterator[list[int]]:
    for begin in range(0, len(ids), CHUNK):
        yield ids[begin : begin + CHUNK]


def _move(run: CodingRun, before: Iterable[str], after: str, reason: str = "") -> bool:
    moved = CodingRun.objects.filter(pk=run.pk, status__in=list(before)).update(status=after, reason=reason)
    run.refresh_from_db()
    return bool(moved)


def _units(steps: tuple[str, ...]) -> tuple[str, ...]:
    """Those that ask a model; where none does, one for whatever is stale."""
    return tuple(step for step in ASKING if step in steps) or (publish.NAME,)


def _hold(ids: list[int]) -> list[int]:
    """Those that nobody is at work on."""
    analyses, held = InterviewAnalysis.objects, list[int]()
    for chunk in chunks(ids):
        analyses.bulk_create((InterviewAnalysis(interview_id=each) for each in chunk), ignore_conflicts=True)
        free = ~Q(status=InterviewAnalysis.Status.RUNNING) | Q(lease_until__lt=timezone.now())
        fields: dict[str, Any] = {"lease_owner": "", "lease_until": None, "step": "", "error": "", "attempts": 0}
        analyses.filter(free, interview__in=chunk).exclude(status=InterviewAnalysis.Status.HELD).update(
            status=InterviewAnalysis.Status.HELD, **fields
        )
        held += analyses.filter(interview__in=chunk, status=InterviewAnalysis.Status.HELD).values_list("interview_id", flat=True)
    return held


def _release(run: CodingRun) -> None:
    """Results that were there before are there still; an interview that has none waits for somebody to ask for it, not for the sweep."""
    held = InterviewAnalysis.objects.filter(status=InterviewAnalysis.Status.HELD, interview__run_units__run=run)
    ids = list(held.values_list("interview_id", flat=True).distinct())
    for chunk in chunks(ids):
        analysed = StepResult.objects.filter(interview__in=chunk, step=publish.NAME).values("interview")
        mine = InterviewAnalysis.objects.filter(interview__in=chunk, status=InterviewAnalysis.Status.HELD)
        mine.filter(interview__in=analysed).update(status=InterviewAnalysis.Status.DONE)
        mine.exclude(interview__in=analysed).update(status=InterviewAnalysis.Status.FAILED, error=f"stopped: run {run.pk} ended before its turn")
