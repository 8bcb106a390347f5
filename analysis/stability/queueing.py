"""Hands checks to the workers, and finds again those that were left behind."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from analysis.stability.records import StabilityCheck

QUEUED = timedelta(minutes=15)  # how long one that was handed over is left in the queue before it is handed over again
logger = logging.getLogger(__name__)
Status = StabilityCheck.Status


def hand_over(check_id: int) -> None:
    StabilityCheck.objects.filter(pk=check_id).exclude(status=Status.RUNNING).update(status=Status.WAITING, reason="", queued_at=None)
    transaction.on_commit(lambda: enqueue(check_id))


def enqueue(check_id: int) -> bool:
    """Whether it is in the queue; if not, the sweep tries again."""
    from analysis.tasks import check_stability  # tasks imports this module

    if not settings.REDIS_URL:
        return False
    try:
        check_stability.apply_async(args=[check_id], retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("The queue cannot be reached, check %s waits for the sweep: %s", check_id, error)
        return False
    StabilityCheck.objects.filter(pk=check_id).update(queued_at=timezone.now())
    return True


def sweep() -> int:
    """Hands over checks that wait, and those whose process died; how many."""
    now = timezone.now()
    forgotten = Q(status=Status.WAITING) & (Q(queued_at=None) | Q(queued_at__lt=now - QUEUED))
    dead = Q(status=Status.RUNNING, lease_until__lt=now)
    return sum(enqueue(pk) for pk in StabilityCheck.objects.filter(forgotten | dead).values_list("pk", flat=True))
