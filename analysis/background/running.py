"""Carries a work out: each interview that waits, a few at once, then what is made of them all. Whatever stops it, it goes on where it was."""

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.db.models import Q
from django.utils import timezone

from analysis.background.records import Piece, Status, Work
from analysis.lease import LONGEST_WAIT, MAX_ATTEMPTS, LeaseLost, backoff, duration
from analysis.pipeline import at_once
from llm import Model, ModelError
from surveys import budget
from surveys.models import Survey

logger = logging.getLogger(__name__)
OF_ONE_INTERVIEW = ("malformed", "refused", "truncated")  # a reply that fails for one need not fail for the next
SPENT = "The survey's budget is spent."
LONGEST_TURN = 600.0  # seconds, below the time limit of a task: then it goes to the end of the queue


@dataclass(frozen=True)
class Kind:
    """How a sort of work is done. read: one interview; must be safe to repeat. finish: what is made of them all; likewise."""

    name: str
    records: type[Work]
    survey_of: Callable[[Any], Survey]
    read: Callable[[Any, Any, Model], Awaitable[None]]
    finish: Callable[[Any, Model, Callable[[], Awaitable[None]]], Awaitable[None]]


class BudgetSpent(Exception):
    """The survey's calls to language models have cost what they may."""


class TurnOver(Exception):
    """It has run for long enough at a stretch."""


def waiting(work: Any) -> list[Piece]:
    return list(work.pieces.filter(status=Piece.Status.WAITING).order_by("pk"))


async def carry_out(kind: Kind, key: int, model: Model) -> float | None:
    """Seconds until another attempt is due, None where there is to be none. Never raises for what goes wrong: that is noted."""
    owner, until = uuid.uuid4().hex, time.monotonic() + LONGEST_TURN
    work = await sync_to_async(_claim)(kind, key, owner, model)
    if work is None:
        return None
    try:
        async with _kept(kind, key, owner):
            await _read_all(kind, work, owner, until, model)
            await kind.finish(work, model, lambda: _may_go_on(kind, work, owner, until))
        await sync_to_async(_update)(kind, key, owner, status=Status.DONE, reason="", attempts=0, lease_until=None, finished_at=timezone.now())
    except LeaseLost:
        return None
    except Exception as error:
        with suppress(LeaseLost):
            return await sync_to_async(_stopped)(kind, work, owner, error)
    return None


def _claim(kind: Kind, key: int, owner: str, model: Model) -> Any:
    free = Q(status=Status.WAITING) | Q(status=Status.RUNNING, lease_until__lt=timezone.now())
    changes = {"status": Status.RUNNING, "lease_owner": owner, "lease_until": timezone.now() + duration(), "reason": "", "model": model.name}
    taken = kind.records._default_manager.filter(free, pk=key).update(**changes)
    return kind.records._default_manager.get(pk=key) if taken else None


async def _read_all(kind: Kind, work: Any, owner: str, until: float, model: Model) -> None:
    """`at_once` interviews at a time; the first trouble that is not one interview's ends it, and is raised."""
    pieces = iter(await sync_to_async(waiting)(work))
    troubles: list[Exception] = []

    async def worker() -> None:
        for piece in pieces:
            if troubles:
                return
            try:
                await _may_go_on(kind, work, owner, until)
                await _read(kind, work, piece, model)
            except Exception as trouble:
                troubles.append(trouble)

    await asyncio.gather(*(worker() for _ in range(at_once(model))))
    if troubles:
        raise troubles[0]


async def _read(kind: Kind, work: Any, piece: Any, model: Model) -> None:
    try:
        await kind.read(work, piece, model)
    except ModelError as error:
        if error.code not in OF_ONE_INTERVIEW:
            raise
        failed = type(piece).objects.filter(pk=piece.pk)
        await sync_to_async(failed.update)(status=Piece.Status.FAILED, reason=error.code)
    except LeaseLost as struck:
        logger.info("%s", struck)  # it stays waiting, and is read at the next attempt


async def _may_go_on(kind: Kind, work: Any, owner: str, until: float) -> None:
    """Raises LeaseLost where a researcher has stopped it or another worker has it, BudgetSpent, TurnOver."""
    if time.monotonic() > until:
        raise TurnOver
    await sync_to_async(_update)(kind, work.pk, owner, lease_until=timezone.now() + duration())
    if await sync_to_async(budget.exhausted)(await sync_to_async(kind.survey_of)(work)):
        raise BudgetSpent(SPENT)


def _stopped(kind: Kind, work: Any, owner: str, error: Exception) -> float | None:
    if isinstance(error, BudgetSpent):
        _update(kind, work.pk, owner, status=Status.PAUSED, reason=str(error), lease_until=None)
        return None
    if isinstance(error, TurnOver):
        _update(kind, work.pk, owner, status=Status.WAITING, attempts=0, lease_until=timezone.now() + duration())
        return 0.0
    attempts = work.attempts + 1
    expected = isinstance(error, ModelError)
    logger.warning("%s %s: %s", kind.name, work.pk, error, exc_info=None if expected else error)
    reason = f"{error.code}: {error}" if isinstance(error, ModelError) else f"{type(error).__name__}: see the server's log"
    noted = {"reason": reason[:500].replace("\0", ""), "attempts": attempts}
    if not (isinstance(error, ModelError) and error.retry) or attempts >= MAX_ATTEMPTS:
        _update(kind, work.pk, owner, status=Status.FAILED, lease_until=None, **noted)
        return None
    wait = backoff(attempts) if error.after is None else min(error.after, LONGEST_WAIT)
    _update(kind, work.pk, owner, status=Status.WAITING, lease_until=timezone.now() + duration(), **noted)
    return wait


def _update(kind: Kind, key: int, owner: str, **changes: Any) -> None:
    mine = kind.records._default_manager.filter(pk=key, lease_owner=owner, status=Status.RUNNING)
    if not mine.update(**changes):
        raise LeaseLost(f"{kind.name} {key}")


@asynccontextmanager
async def _kept(kind: Kind, key: int, owner: str) -> AsyncIterator[None]:
    """Renews the lease in the background, however long one call takes."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(duration().total_seconds() / 3)
            await sync_to_async(_update)(kind, key, owner, lease_until=timezone.now() + duration())

    keeper = asyncio.create_task(renew())
    try:
        yield
    finally:
        keeper.cancel()
        with suppress(asyncio.CancelledError, LeaseLost):
            await keeper
