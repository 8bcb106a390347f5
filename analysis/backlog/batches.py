"""A run's batches: on record before they are sent, found again when their id was never stored, and collected so that nothing counts twice."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from analysis.backlog import rules
from analysis.backlog.records import CodingRun, RunBatch, RunUnit
from analysis.backlog.taking import Ready, price, spend
from llm import Batch, BatchModel, ModelError, Prompt, Reply, Request
from surveys.accounting import record_call

logger = logging.getLogger(__name__)
State, BatchState = RunUnit.State, RunBatch.State
Result = Reply | ModelError
STORED_AT_ONCE = 200
CLOCKS = timedelta(minutes=5)  # how far ours and the server's may differ


async def send(run: CodingRun, model: BatchModel, ready: Sequence[Ready]) -> str:
    """Hands them over as one batch; why that was not possible, or ''."""
    batch = await sync_to_async(_put_on_record)(run, ready)
    requests = [Request(rules.request_id(run.marker, batch.pk, each.unit.pk, each.asked.sha), each.asked.prompt, each.asked.schema) for each in ready]
    try:
        made = await model.submit(requests)
    except ModelError as error:
        logger.warning("Run %s: a batch of %s could not be sent: %s", run.pk, len(requests), error)
        if error.code in rules.CERTAIN:
            await sync_to_async(_take_back)(batch)
        return rules.reason_of(error)
    await sync_to_async(RunBatch.objects.filter(pk=batch.pk).update)(state=BatchState.SENT, batch_id=made.id)
    return ""


async def find_again(run: CodingRun, batch: RunBatch, model: BatchModel) -> None:
    """One that may or may not have arrived. While a batch is at work nobody can see whose it is, so that is awaited: nothing is paid twice."""
    known = await sync_to_async(lambda: set(RunBatch.objects.exclude(batch_id="").values_list("batch_id", flat=True)))()
    found = rules.candidates(await model.recent(batch.created_at - CLOCKS), requests=batch.requests, known=known)
    ours = [each for each in found if each.ended and await _is_ours(run, batch, each, model)]
    if ours:
        await sync_to_async(RunBatch.objects.filter(pk=batch.pk).update)(state=BatchState.SENT, batch_id=ours[0].id)
    elif all(each.ended for each in found) and timezone.now() > batch.created_at + timedelta(seconds=settings.LLM["batch_arrives"]):
        await sync_to_async(_take_back)(batch)


async def _is_ours(run: CodingRun, batch: RunBatch, candidate: Batch, model: BatchModel) -> bool:
    results = model.collect(candidate.id)
    try:
        async for custom_id, _ in results:
            return rules.is_ours(custom_id, run.marker, batch.pk)
    finally:
        await results.aclose()
    return False


async def collect(run: CodingRun, batch: RunBatch, model: BatchModel) -> None:
    """Stores what came, also where it breaks off: what is stored is passed over the next time. Raises ModelError."""
    pending: list[tuple[str, Result]] = []
    orphans: list[Result] = []
    lines = 0
    async for custom_id, result in model.collect(batch.batch_id):
        lines += 1
        pending.append((custom_id, result))
        if len(pending) == STORED_AT_ONCE:
            orphans += await sync_to_async(_store)(run, pending)
            pending = []
    orphans += await sync_to_async(_store)(run, pending)
    if lines < batch.requests and batch.downloads + 1 < rules.MOST_DOWNLOADS:
        await sync_to_async(RunBatch.objects.filter(pk=batch.pk).update)(downloads=batch.downloads + 1)
        return
    await sync_to_async(_close)(run, batch, orphans)


@transaction.atomic
def _put_on_record(run: CodingRun, ready: Sequence[Ready]) -> RunBatch:
    batch = RunBatch.objects.create(run=run, requests=len(ready))
    asked: dict[int, dict[str, str]] = defaultdict(dict)
    units = {each.unit.pk: each.unit for each in ready}
    for each in ready:
        asked[each.unit.pk][each.asked.sha] = each.asked.prompt.version
    for pk, unit in units.items():
        unit.state, unit.batch, unit.reason, unit.asked = State.SENT, batch, "", asked[pk]
        unit.custom_id, unit.attempts = f"{run.marker}-{batch.pk}-{pk}", unit.attempts + 1
    RunUnit.objects.bulk_update(units.values(), ("state", "batch", "reason", "asked", "custom_id", "attempts"), batch_size=500)
    return batch


@transaction.atomic
def _take_back(batch: RunBatch) -> None:
    RunBatch.objects.filter(pk=batch.pk).update(state=BatchState.LOST)
    units = list(RunUnit.objects.filter(batch=batch, state=State.SENT))
    for unit in units:
        unit.state, unit.batch, unit.asked, unit.attempts = State.WAITING, None, {}, max(0, unit.attempts - 1)
    RunUnit.objects.bulk_update(units, ("state", "batch", "asked", "attempts"), batch_size=500)


@transaction.atomic
def _store(run: CodingRun, results: Sequence[tuple[str, Result]]) -> list[Result]:
    """Each once, with what it cost. Those whose unit is gone, their participant having withdrawn, are handed back."""
    keys = {custom_id: rules.read_id(custom_id) for custom_id, _ in results}
    wanted = [key[0] for key in keys.values() if key]
    units = {unit.pk: unit for unit in RunUnit.objects.select_for_update(of=("self",)).select_related("interview").filter(pk__in=wanted, run=run)}
    orphans: list[Result] = []
    changed: set[int] = set()
    for custom_id, result in results:
        pk, sha = keys[custom_id] or (0, "")
        unit = units.get(pk)
        if unit is None:
            orphans.append(result)
        elif sha in unit.asked and sha not in unit.replies:
            unit.replies[sha] = _kept(run, unit, unit.asked[sha], result)
            changed.add(pk)
    RunUnit.objects.bulk_update([units[pk] for pk in changed], ("replies",), batch_size=500)
    return orphans


def _kept(run: CodingRun, unit: RunUnit, version: str, result: Result) -> dict[str, Any]:
    call = _account(run, unit.interview.participant_id, unit.step, version, result)
    if isinstance(result, ModelError):
        return {"error": rules.reason_of(result), "again": result.retry, "call": call}
    struck = unit.state == State.UNPROCESSABLE  # what was made of words that have gone is not kept
    return {"text": "" if struck else result.text, "model": result.model, "call": call}


def _account(run: CodingRun, participant_id: int | None, step: str, version: str, result: Result) -> int:
    spend(run.pk, price(result.model, result.usage))
    return int(record_call(run.survey_id, participant_id, step, Prompt(step, version, "", ()), result).pk)


@transaction.atomic
def _close(run: CodingRun, batch: RunBatch, orphans: Sequence[Result]) -> None:
    """Says of each unit whether it was answered, is tried again, or is given up."""
    if not RunBatch.objects.filter(pk=batch.pk, state=BatchState.SENT).update(state=BatchState.COLLECTED):
        return
    for result in orphans:
        _account(run, None, "withdrawn", "", result)
    units = list(RunUnit.objects.select_for_update().filter(batch=batch, state=State.SENT))
    for unit in units:
        _judge(unit)
    RunUnit.objects.bulk_update(units, ("state", "reason", "replies"), batch_size=500)


def _judge(unit: RunUnit) -> None:
    missing = [sha for sha in unit.asked if sha not in unit.replies]
    errors = [reply for reply in unit.replies.values() if "error" in reply]
    unit.replies = {sha: reply for sha, reply in unit.replies.items() if "error" not in reply}
    unit.state, unit.reason = State.ANSWERED, ""
    if missing or errors:
        again = all(reply["again"] for reply in errors) and unit.attempts < rules.MAX_ATTEMPTS
        unit.state = State.FAILED if again else State.UNPROCESSABLE
        unit.reason = errors[0]["error"] if errors else "missing: the batch's results do not hold it"
