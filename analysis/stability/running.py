"""Plans a check, and codes what is missing of it: again wherever it stopped, one process at a time, as long as the budget lasts."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from analysis.coding import schema, settle
from analysis.lease import LeaseLost
from analysis.material import Material, document_of, load
from analysis.models import CodebookVersion
from analysis.pipeline import at_once
from analysis.sampling import frame
from analysis.sampling.draw import draw
from analysis.stability.comparable import left_out, worded
from analysis.stability.forecast import PURPOSE, Forecast, forecast
from analysis.stability.records import RunCoding, StabilityCheck, StabilityRun, StabilityUnit
from analysis.stability.wordings import BOTH_WAYS, Wording, prompt
from analysis.step import unstruck
from interviewer.models import Interview
from llm import Model, ModelError, model_for
from surveys import budget
from surveys.accounting import record_call
from surveys.models import Survey

Status = StabilityCheck.Status
LEASE = timedelta(minutes=16)  # longer than a task may take
PORTION = 200  # codings a task
Job = tuple[StabilityRun, int]


class Refused(ValueError):
    """What was asked cannot be done; the text says why."""


def runs_of(models: Sequence[str], wordings: Sequence[Wording], repeats: int, *, both_ways: bool = False) -> list[tuple[str, Wording]]:
    """`repeats` runs of the first model with the first wording; then one run of each other wording, both ways of coding, and each other model."""
    first = [(models[0], wordings[0])] * repeats
    others = [*wordings[1:], *(BOTH_WAYS if both_ways else ())]
    return first + [(models[0], each) for each in others] + [(each, wordings[0]) for each in models[1:]]


def drawn(survey: Survey, size: int, seed: int) -> tuple[list[int], int]:
    """Interviews, each with the same chance, and how many they were drawn from."""
    pool = list(frame.eligible(survey).order_by("pk").values_list("pk", flat=True))
    return sorted(draw(dict.fromkeys(pool, ""), {"": size}, seed)), len(pool)


def planned(survey: Survey, interviews: Sequence[int], runs: Sequence[tuple[str, Wording]]) -> Forecast:
    codable = len(interviews) - len(left_out(survey, interviews)) if both_ways(runs) else 0
    calls: dict[str, int] = {}
    for model, wording in runs:
        calls[model] = calls.get(model, 0) + (codable if wording in BOTH_WAYS else len(interviews))
    return forecast(survey, interviews, calls)


def both_ways(runs: Iterable[tuple[str, Wording]]) -> bool:
    return any(wording in BOTH_WAYS for _, wording in runs)


@transaction.atomic
def begin(survey: Survey, *, name: str, size: int, seed: int, runs: Sequence[tuple[str, Wording]], by: object = None) -> StabilityCheck:
    """Raises Refused: nothing to draw from, too few runs, nothing to be coded both ways, no room in the budget."""
    codebook = survey.codebooks.first()
    interviews, pool = drawn(survey, size, seed)
    if codebook is None or not interviews:
        raise Refused("There is no codebook, or no finished interview of a person to draw from.")
    if len(runs) < 2:
        raise Refused("A model is checked against itself in two runs at least.")
    if both_ways(runs) and len(reasons := left_out(survey, interviews)) == len(interviews):
        raise Refused(f"No interview that was drawn can be coded both ways: {worded(Counter(reasons.values()))}.")
    expected = planned(survey, interviews, runs)
    if expected.too_much:
        raise Refused(f"It would cost about ${expected.cost:.2f}, and ${expected.left:.2f} of the survey's budget are left.")
    return _written(survey, codebook, name, seed, pool, interviews, runs, by)


def _written(
    survey: Survey,
    codebook: CodebookVersion,
    name: str,
    seed: int,
    pool: int,
    interviews: Sequence[int],
    runs: Sequence[tuple[str, Wording]],
    by: object,
) -> StabilityCheck:
    check = StabilityCheck(survey=survey, codebook=codebook, name=name, seed=seed, drawn_from=pool)
    check.created_by = by  # type: ignore[assignment]  # a user, or nobody
    check.save()
    StabilityUnit.objects.bulk_create(StabilityUnit(stability_check=check, interview_id=each) for each in interviews)
    StabilityRun.objects.bulk_create(
        StabilityRun(stability_check=check, number=number, model=model, wording=wording) for number, (model, wording) in enumerate(runs, start=1)
    )
    return check


def missing(check: StabilityCheck) -> list[Job]:
    """Interview by interview, so that what is done is comparable wherever it stops."""
    done = set(RunCoding.objects.filter(run__stability_check=check).values_list("run_id", "interview_id"))
    units = check.units.filter(interview__set_aside__isnull=True).order_by("interview_id").values_list("interview_id", flat=True)
    runs = list(check.runs.all())
    return [(run, interview) for interview in units for run in runs if (run.pk, interview) not in done]


def claim(check: StabilityCheck) -> bool:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=timezone.now())
    mine = StabilityCheck.objects.filter(free, pk=check.pk).exclude(status=Status.DONE)
    return bool(mine.update(lease_until=timezone.now() + LEASE, status=Status.RUNNING, reason=""))


def go_on(check: StabilityCheck, *, portion: int | None = PORTION, on_done: Callable[[], object] = lambda: None) -> bool:
    """Codes what is missing, or a portion of it; whether anything is left to be done. Nothing, where another process is at it."""
    if not claim(check):
        return False
    check = StabilityCheck.objects.select_related("survey").get(pk=check.pk)
    jobs = missing(check)
    reason = "it was broken off"
    try:
        reason = async_to_sync(_code)(check, jobs[:portion], on_done)
    finally:
        left = bool(missing(check))
        status = Status.STOPPED if reason else Status.WAITING if left else Status.DONE
        StabilityCheck.objects.filter(pk=check.pk).update(status=status, reason=reason[:500], lease_until=None)
    return left and not reason


async def _code(check: StabilityCheck, jobs: Sequence[Job], on_done: Callable[[], object]) -> str:
    """Why it stopped before its end, or ''."""
    models = {run.model: model_for("analyst", run.model) for run, _ in jobs}
    waiting, stopped = iter(jobs), list[str]()

    async def work() -> None:
        for run, interview in waiting:
            if stopped:
                return
            if await sync_to_async(budget.exhausted)(check.survey):
                stopped.append("the survey's budget is spent")
                return
            if reason := await _one(check, run, interview, models):
                stopped.append(reason)
            on_done()

    async with asyncio.TaskGroup() as group:
        for _ in range(max(map(at_once, models.values()), default=1)):
            group.create_task(work())
    return stopped[0] if stopped else ""


async def _one(check: StabilityCheck, run: StabilityRun, interview: int, models: Mapping[str, Model]) -> str:
    """Why the check has to wait, or ''. What fails for good is kept as a failure."""
    model = models[run.model]
    try:
        material, reason = await sync_to_async(_material)(check, interview, Wording(run.wording))
    except Interview.DoesNotExist:  # withdrawn meanwhile
        return ""
    asked = prompt(material.as_coded, Wording(run.wording))
    row = RunCoding(run=run, interview_id=interview, prompt_version=asked.version, error=reason)
    if not reason and material.words and material.coded_dimensions:
        try:
            completion = await model.extract(asked, schema(material.coded_dimensions))
        except ModelError as error:
            await sync_to_async(record_call)(check.survey_id, material.basis.participant_id, PURPOSE, asked, error)
            if error.retry:
                return f"the model could not be asked: {error.code}"
            row.error = error.code
        else:
            await sync_to_async(record_call)(check.survey_id, material.basis.participant_id, PURPOSE, asked, completion)
            settled = settle(completion.value, material.coded_dimensions, material.as_coded.words)
            row.model = completion.model
            row.codes = {
                each.key: sorted(given.code for given in settled.codings if given.dimension == each.key) for each in material.coded_dimensions
            }
    await sync_to_async(_keep)(material, row)
    return ""


def _material(check: StabilityCheck, interview: int, wording: Wording) -> tuple[Material, str]:
    """And why it is left out of the run, or ''."""
    either = wording in BOTH_WAYS
    material = replace(load(interview, code_from=wording.value if either else ""), codebook=document_of(check.codebook_id))
    return material, left_out(check.survey, [interview]).get(interview, "") if either else ""


def _keep(material: Material, row: RunCoding) -> None:
    """Nothing of words that were struck while the model read them."""
    try:
        with unstruck(material):
            if Interview.objects.filter(pk=row.interview_id).exists():
                RunCoding.objects.bulk_create([row], ignore_conflicts=True)
    except LeaseLost:
        return
