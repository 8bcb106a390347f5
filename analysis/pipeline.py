"""Takes interviews through the steps of the analysis: what is fresh is skipped, what fails is noted, nobody works on one twice at a time."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Literal

from asgiref.sync import sync_to_async
from django.conf import settings

from analysis import lease as leases
from analysis.lease import Lease, LeaseLost
from analysis.material import load
from analysis.models import InterviewAnalysis, StepResult
from analysis.step import Postponed
from analysis.steps import STEPS, detect_language, mask, translate
from llm import Model, ModelError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of one interview. 'later': another attempt is due in `after` seconds. 'busy': someone else has it, or it failed before.
    'held': its model is answered later.

    steps: those that were stale and have been run. postponed: those that could not be run yet.
    """

    interview_id: int
    status: Literal["done", "failed", "later", "busy", "held"]
    steps: tuple[str, ...] = ()
    error: str = ""
    after: float = 0.0
    postponed: tuple[str, ...] = ()


async def analyse(interview_id: int, model: Model, *, held: bool = False) -> Outcome:
    """Runs the stale steps of one interview. Never raises for what goes wrong with it: that is noted and returned. held: of a run's."""
    lease = await sync_to_async(leases.claim)(interview_id, held=held)
    if lease is None:
        return Outcome(interview_id, "busy")
    ran: list[str] = []
    try:
        async with _kept(lease):
            if postponed := await _run_stale(lease, model, ran):
                await sync_to_async(leases.put_back)(lease)
                return Outcome(interview_id, "held", tuple(ran), postponed=tuple(sorted(postponed)))
            await sync_to_async(leases.finish)(lease)
    except LeaseLost:
        return Outcome(interview_id, "busy", tuple(ran))
    except Exception as error:
        return await _failed(lease, error, tuple(ran))
    return Outcome(interview_id, "done", tuple(ran))


async def analyse_many(
    ids: Iterable[int],
    *,
    model: Model,
    concurrency: int = 0,
    on_done: Callable[[Outcome], object] = lambda outcome: None,
    patient: bool = False,
) -> list[Outcome]:
    """`concurrency` interviews at a time (0: as suits the model); on_done hears of each as it ends.

    patient: waits for attempts that are due later, and makes them.
    """
    waiting, outcomes = iter(ids), list[Outcome]()

    async def work() -> None:
        for interview_id in waiting:
            outcome = await analyse(interview_id, model)
            while patient and outcome.status == "later":
                await asyncio.sleep(outcome.after)
                outcome = await analyse(interview_id, model)
            outcomes.append(outcome)
            on_done(outcome)

    async with asyncio.TaskGroup() as group:
        for _ in range(concurrency or at_once(model)):
            group.create_task(work())
    return outcomes


def at_once(model: Model) -> int:
    """How many interviews one process should have under way: waiting for a server costs nothing, the offline model works on this machine."""
    return 1 if model.name == "offline" else int(settings.LLM["max_concurrency"])


def again(interview_ids: Iterable[int]) -> int:
    """Lets failed and finished analyses be taken up anew; how many there were. One that is running, or held for a run, is left alone."""
    at_work = (InterviewAnalysis.Status.RUNNING, InterviewAnalysis.Status.HELD)
    rows = InterviewAnalysis.objects.filter(interview__in=list(interview_ids)).exclude(status__in=at_work)
    return rows.update(status=InterviewAnalysis.Status.WAITING, attempts=0, error="", step="", lease_owner="", lease_until=None)


async def _run_stale(lease: Lease, model: Model, ran: list[str]) -> set[str]:
    """The steps that were postponed, and those that need them."""
    postponed: set[str] = set()
    material = await sync_to_async(load)(lease.interview_id)
    made = await sync_to_async(_fingerprints)(lease.interview_id)
    for step in STEPS:
        if made.get(step.name) == step.fingerprint(material.basis, model.name):
            continue
        if postponed.intersection(step.needs(material.basis)):
            postponed.add(step.name)
            continue
        await sync_to_async(leases.renew)(lease, step=step.name)
        try:
            await step.run(material, model)
        except Postponed:
            postponed.add(step.name)
            continue
        ran.append(step.name)
        coded_from = translate.STEP if material.basis.from_translation else None
        if step in (detect_language.STEP, mask.STEP, coded_from):  # the later steps read what they found
            material = await sync_to_async(load)(lease.interview_id)
    return postponed


def _fingerprints(interview_id: int) -> dict[str, str]:
    return dict(StepResult.objects.filter(interview=interview_id).values_list("step", "fingerprint"))


async def _failed(lease: Lease, error: Exception, ran: tuple[str, ...]) -> Outcome:
    expected = isinstance(error, ModelError)
    logger.warning("Analysis of interview %s: %s", lease.interview_id, error, exc_info=None if expected else error)
    try:
        after = await sync_to_async(leases.fail)(lease, error)
    except (LeaseLost, InterviewAnalysis.DoesNotExist):
        return Outcome(lease.interview_id, "busy", ran)
    reason = error.code if isinstance(error, ModelError) else type(error).__name__
    if after is None:
        return Outcome(lease.interview_id, "failed", ran, reason)
    return Outcome(lease.interview_id, "later", ran, reason, after)


@asynccontextmanager
async def _kept(lease: Lease) -> AsyncIterator[None]:
    """Renews the lease in the background for as long as the work takes."""
    keeper = asyncio.create_task(_renew_for_ever(lease))
    try:
        yield
    finally:
        keeper.cancel()
        with suppress(asyncio.CancelledError, LeaseLost):
            await keeper


async def _renew_for_ever(lease: Lease) -> None:
    while True:
        await asyncio.sleep(leases.duration().total_seconds() / 3)
        await sync_to_async(leases.renew)(lease)
