"""Moves a live run on: one loop in each process with many interviews under way, until the time is up, the budget is spent or nothing is left."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable

from asgiref.sync import async_to_sync, sync_to_async
from django.utils import timezone

from analysis import pipeline
from analysis.backlog import budget, planning
from analysis.backlog.records import CodingRun, RunUnit
from analysis.backlog.rules import MAX_ATTEMPTS
from analysis.backlog.taking import take_live
from analysis.lease import duration
from analysis.models import InterviewAnalysis
from llm import Model, model_for

State, Status = RunUnit.State, CodingRun.Status
PORTION = 2_000  # interviews looked up at once
LOOK = 2.0  # seconds between looks at the run: whether it is paused, or its budget spent
SLICE = 60.0  # seconds of a task; then another process may have the worker


class _Worker:
    def __init__(self, run: CodingRun, model: Model, until: float) -> None:
        self.run, self.model, self.until = run, model, until
        self.waiting: deque[int] = deque()
        self.seen: set[int] = set()
        self.over = self.moved = False

    async def work(self) -> None:
        watch = asyncio.create_task(self._watch())
        try:
            await self._fill()
            while self.waiting and not self.over:
                await asyncio.gather(*(self._take_one_after_another() for _ in range(pipeline.at_once(self.model))))
                await self._fill()
        finally:
            watch.cancel()
        await sync_to_async(planning.end_if_over)(self.run)

    async def _take_one_after_another(self) -> None:
        while self.waiting and not self.over and time.monotonic() < self.until:
            interview = self.waiting.popleft()
            outcome = await take_live(self.run, interview, self.model)
            if outcome.status != "busy":
                self.moved = True

    async def _fill(self) -> None:
        """In no order, so that two processes seldom reach for the same interview. What is due later, a later task takes."""
        found = [each for each in await sync_to_async(_due)(self.run) if each not in self.seen]
        self.seen.update(found)
        random.shuffle(found)
        self.waiting.extend(found if time.monotonic() < self.until else ())

    async def _watch(self) -> None:
        while not self.over:
            if trouble := await sync_to_async(budget.why_not)(self.run):
                await sync_to_async(planning.pause)(self.run, trouble)
            self.over = self.run.status != Status.RUNNING
            await asyncio.sleep(LOOK)


def _due(run: CodingRun) -> list[int]:
    """Without those whose next attempt is due later."""
    units = RunUnit.objects.filter(run=run, state__in=(State.WAITING, State.FAILED))
    units.filter(attempts__gte=MAX_ATTEMPTS).update(state=State.UNPROCESSABLE)
    not_yet = {"interview__analysis__status": InterviewAnalysis.Status.WAITING, "interview__analysis__lease_until__gt": timezone.now() + duration()}
    return list(units.exclude(**not_yet).order_by("interview").values_list("interview", flat=True).distinct()[:PORTION])


def tend(run_id: int, *, seconds: float = SLICE, model_of: Callable[[str], Model] | None = None) -> bool:
    """Whether anything moved. Any number of processes may do so at once."""
    run = CodingRun.objects.select_related("survey").get(pk=run_id)
    if run.status != Status.RUNNING:
        planning.end_if_over(run)
        return False
    model = (model_of or (lambda name: model_for("analyst", name)))(run.model)
    worker = _Worker(run, model, time.monotonic() + seconds)
    async_to_sync(worker.work)()
    return worker.moved
