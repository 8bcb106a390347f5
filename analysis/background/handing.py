"""Hands work to the workers; stops it and lets it go on. What the queue loses, the sweep finds."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from analysis.background.records import Piece, Status, Work

logger = logging.getLogger(__name__)
QUEUED = timedelta(minutes=15)


def hand_over(name: str, work: Work) -> None:
    """Puts it in the queue once this is committed."""
    key = work.pk
    transaction.on_commit(lambda: enqueue(name, type(work), key))


def enqueue(name: str, records: type[Work], key: int) -> None:
    from analysis.tasks import carry_out  # tasks imports this module

    rows = records._default_manager.filter(pk=key, status=Status.WAITING)
    try:
        if not settings.REDIS_URL:
            raise OperationalError("there is no queue: start the program with its worker")
        rows.update(lease_until=timezone.now() + QUEUED)
        carry_out.apply_async(args=[name, key], retry=False)
    except (OperationalError, OSError) as error:
        rows.update(reason=f"The queue cannot be reached: {error}"[:500], lease_until=None)


def stop(work: Work) -> None:
    """Whoever works on it ends with the interview under way."""
    going = type(work)._default_manager.filter(pk=work.pk, status__in=(Status.WAITING, Status.RUNNING))
    going.update(status=Status.PAUSED, reason="Stopped by the researcher.", lease_owner="", lease_until=None)


def go_on(name: str, work: Work) -> None:
    """Also from a failure: the interviews that failed are read again."""
    rows = type(work)._default_manager.filter(pk=work.pk, status__in=(Status.PAUSED, Status.FAILED, Status.DONE))
    if rows.update(status=Status.WAITING, reason="", attempts=0, lease_owner="", lease_until=None):
        pieces = work.pieces  # type: ignore[attr-defined]  # each sort of work has its own
        pieces.filter(status=Piece.Status.FAILED).update(status=Piece.Status.WAITING, reason="")
        hand_over(name, work)


def sweep() -> int:
    """Hands over what was left behind; how many that was."""
    from analysis.background.kinds import KINDS  # which import this package

    n, now = 0, timezone.now()
    for kind in KINDS.values():
        left = Q(status=Status.WAITING, lease_until=None) | Q(status__in=(Status.WAITING, Status.RUNNING), lease_until__lt=now)
        for key in kind.records._default_manager.filter(left).values_list("pk", flat=True)[:100]:
            kind.records._default_manager.filter(pk=key, status=Status.RUNNING, lease_until__lt=now).update(status=Status.WAITING, lease_owner="")
            enqueue(kind.name, kind.records, key)
            n += 1
    return n
