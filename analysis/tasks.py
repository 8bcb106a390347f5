"""The Celery tasks of the analysis: keys in, delegate, retry."""

import time
from typing import Any

from asgiref.sync import async_to_sync
from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings

from analysis import pipeline, queueing
from analysis.background import handing
from analysis.background import running as background
from analysis.background.kinds import KINDS
from analysis.backlog import live, tending
from analysis.backlog.records import CodingRun
from analysis.drafts import previewing
from analysis.exporting import running as exporting
from analysis.pipeline import Outcome
from analysis.stability import queueing as stability
from analysis.stability import running
from analysis.stability.records import StabilityCheck
from interviewer.models import Interview
from llm import ModelError, model_for
from llm.choose import offline_model
from surveys.models import Participant

MOST_RETRIES = 8
LONGEST_EXPORT = 4 * 3600  # seconds; one file is one task
LONGEST = 300.0  # seconds that one task works on a preview


@shared_task(bind=True, acks_late=True, max_retries=None)
def analyse(self: Any, interview_ids: list[int]) -> None:
    """Tries again, when they are due, those the model could not be asked about; the pipeline counts the attempts."""
    outcomes = _analyse(interview_ids)
    if later := [outcome for outcome in outcomes if outcome.status == "later"]:
        raise self.retry(args=[[outcome.interview_id for outcome in later]], countdown=max(outcome.after for outcome in later))


def _analyse(interview_ids: list[int]) -> list[Outcome]:
    """Nobody should pay by surprise for the words of people who do not exist: simulated interviews are analysed offline unless `analyse` is run."""
    invented = set(Interview.objects.filter(pk__in=interview_ids, participant__origin=Participant.Origin.SIMULATED).values_list("pk", flat=True))
    run = async_to_sync(pipeline.analyse_many)
    real = [each for each in interview_ids if each not in invented]
    return run(real, model=model_for("analyst")) + run(sorted(invented), model=offline_model())


@shared_task(bind=True, acks_late=True, max_retries=MOST_RETRIES)
def preview(self: Any, preview_id: int) -> None:
    """Goes on with a preview of a draft codebook, and hands it over again in good time. What has been tried is not tried twice."""
    mine = previewing.claim(preview_id)
    if mine is None:
        return
    model = offline_model() if previewing.simulated(mine) else model_for("analyst")
    until = time.monotonic() + LONGEST
    try:
        while time.monotonic() < until:
            if previewing.is_spent(mine):
                previewing.stop(preview_id, previewing.SPENT)
                return
            if not previewing.some_left(mine, model):
                return
    except ModelError as error:
        if error.retry and self.request.retries < MOST_RETRIES:
            previewing.wait(mine)
            raise self.retry(countdown=min(error.after or 2.0**self.request.retries * 5, 120.0)) from error
        previewing.stop(preview_id, str(error))
        return
    previewing.resume(mine)


@shared_task(bind=True, acks_late=True, max_retries=None)
def carry_out(self: Any, name: str, key: int) -> None:
    """Work that a researcher has begun. Safe to run again: what is done is not done twice."""
    after = async_to_sync(background.carry_out)(KINDS[name], key, model_for("analyst"))
    if after is not None:
        raise self.retry(args=[name, key], countdown=after)


@shared_task
def sweep() -> int:
    stability.sweep()
    return queueing.sweep() + handing.sweep() + exporting.sweep()


@shared_task(acks_late=True, time_limit=LONGEST_EXPORT)
def make_export(job_id: int) -> None:
    exporting.run(job_id)


@shared_task(acks_late=True)
def check_stability(check_id: int) -> None:
    """A portion at a time, so that no task runs long."""
    check = StabilityCheck.objects.select_related("survey").filter(pk=check_id).first()
    if check and running.go_on(check):
        stability.enqueue(check_id)


@shared_task
def tend_runs() -> int:
    """Hands every run that has something to be done to the workers; how many that were."""
    runs = list(CodingRun.objects.filter(ended_at=None).exclude(status=CodingRun.Status.PLANNED))
    for run in runs:
        for _ in range(settings.ANALYSIS_RUN_TASKS if run.mode == CodingRun.Mode.LIVE else 1):
            tend_run.apply_async(args=[run.pk], expires=settings.ANALYSIS_TEND_SECONDS)  # the next round brings another
    return len(runs)


@shared_task
def tend_run(run_id: int) -> None:
    """Harmless however often it runs."""
    by_batch = CodingRun.objects.filter(pk=run_id, mode=CodingRun.Mode.BATCH).exists()
    (tending.tend if by_batch else live.tend)(run_id)


@worker_ready.connect
def _sweep_at_once(**_: Any) -> None:
    """A worker that starts looks for what was left behind, rather than wait for the clock."""
    sweep.delay()
    tend_runs.delay()
