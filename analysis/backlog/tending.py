"""Moves a run by batch on, as far as it goes now: collects, makes use of the replies, sends what is next. Killed, it is taken up again."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from asgiref.sync import async_to_sync, sync_to_async

from analysis.backlog import batches, budget, planning
from analysis.backlog.records import CodingRun, RunBatch, RunUnit
from analysis.backlog.rules import MOST_BYTES, MOST_REQUESTS
from analysis.backlog.taking import Ready, take
from analysis.lease import duration as lease_time
from llm import BatchModel, ModelError, batches_for

logger = logging.getLogger(__name__)
State, Status, BatchState = RunUnit.State, CodingRun.Status, RunBatch.State
AT_ONCE = 4  # interviews: what takes time is the database; one, where each counts towards a budget


@dataclass
class _Tender:
    run: CodingRun
    owner: str
    model: BatchModel
    until: float
    moved: bool = False
    lost: bool = False

    async def tend(self) -> None:
        keeper = asyncio.create_task(self._keep())
        try:
            await self._batches()
            await self._interviews()
            await sync_to_async(planning.end_if_over)(self.run)
        finally:
            keeper.cancel()

    async def _batches(self) -> None:
        for batch in await sync_to_async(_under_way)(self.run):
            if self.lost:
                return
            try:
                await self._batch(batch)
            except ModelError as error:
                logger.warning("Run %s, %s: %s", self.run.pk, batch, error)

    async def _batch(self, batch: RunBatch) -> None:
        if batch.state == BatchState.SENDING:
            await batches.find_again(self.run, batch, self.model)
            return
        known = await self.model.poll(batch.batch_id)
        if self.run.status == Status.STOPPED and not known.ended:
            known = await self.model.cancel(batch.batch_id)
        if known.ended:
            await batches.collect(self.run, batch, self.model)
            self.moved = True

    async def _interviews(self) -> None:
        """Those with replies to make use of, and while the run goes on those that have still to be asked about."""
        sending = self.run.status == Status.RUNNING
        room = await sync_to_async(budget.room)(self.run) if sending else 0
        answered, to_ask = await sync_to_async(_due)(self.run)
        waiting = iter([*answered, *(to_ask if sending and room != 0 else ())])
        packet = _Packet(MOST_REQUESTS if room is None else min(room, MOST_REQUESTS))

        async def work() -> None:
            for interview in waiting:
                if self.lost or (interview in to_ask and (packet.full or time.monotonic() > self.until)):
                    return
                packet.add(await take(self.run, interview))
                self.moved = True

        await asyncio.gather(*(work() for _ in range(AT_ONCE if room is None else 1)))
        await sync_to_async(self.run.refresh_from_db)()
        if packet.ready and room != 0 and self.run.status == Status.RUNNING and not self.lost:
            if trouble := await batches.send(self.run, self.model, packet.ready):
                await sync_to_async(planning.pause)(self.run, trouble)
        elif sending and room == 0 and to_ask:
            await sync_to_async(planning.pause)(self.run, await sync_to_async(budget.why_not)(self.run))

    async def _keep(self) -> None:
        while not self.lost:
            await asyncio.sleep(lease_time().total_seconds() / 3)
            self.lost = not await sync_to_async(planning.renew)(self.run, self.owner)


class _Packet:
    """Requests gathered for one batch; those of one interview go together."""

    def __init__(self, most: int) -> None:
        self.most, self.ready, self.bytes = most, list[Ready](), 0

    @property
    def full(self) -> bool:
        return len(self.ready) >= self.most or self.bytes >= MOST_BYTES

    def add(self, ready: list[Ready]) -> None:
        self.ready += ready
        for each in ready:
            prompt = each.asked.prompt
            self.bytes += len(prompt.system.encode()) + sum(len(message.text.encode()) for message in prompt.messages)


def _under_way(run: CodingRun) -> list[RunBatch]:
    return list(RunBatch.objects.filter(run=run, state__in=(BatchState.SENDING, BatchState.SENT)).order_by("pk"))


def _due(run: CodingRun) -> tuple[list[int], dict[int, None]]:
    """Interviews nothing of which is under way: those with replies to make use of, and those that have only to be asked about."""
    units = RunUnit.objects.filter(run=run)
    under_way = set(units.filter(state=State.SENT).values_list("interview", flat=True))
    answered = dict.fromkeys(units.filter(state=State.ANSWERED).order_by("interview").values_list("interview", flat=True))
    to_ask = units.filter(state__in=(State.WAITING, State.FAILED)).order_by("interview").values_list("interview", flat=True)
    rest = dict.fromkeys(interview for interview in to_ask if interview not in answered and interview not in under_way)
    return [interview for interview in answered if interview not in under_way], rest


def tend(run_id: int, *, seconds: float = 300.0, model_of: Callable[[str], BatchModel] | None = None) -> bool:
    """Whether anything moved. False also where another process has the run."""
    if (claimed := planning.claim(run_id)) is None:
        return False
    run, owner = claimed
    try:
        model = (model_of or (lambda name: batches_for("analyst", name)))(run.model)
        tender = _Tender(run, owner, model, time.monotonic() + seconds)
        async_to_sync(tender.tend)()
        return tender.moved
    finally:
        planning.let_go(run, owner)
