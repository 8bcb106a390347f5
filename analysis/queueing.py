"""Hands interviews to the workers. What cannot be handed over is found again by the sweep: the records, not the queue, say what is to be done."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from analysis.backlog.records import OPEN, OPEN_RUNS, RunUnit
from analysis.models import InterviewAnalysis
from analysis.staleness import finished
from interviewer.models import Interview
from surveys.models import Participant

logger = logging.getLogger(__name__)
Status = InterviewAnalysis.Status
CHUNK = 20  # interviews a task; they are analysed at once, well within the time limit of a task
SWEEP = 500
QUEUED = timedelta(minutes=15)  # how long one that was handed over is left in the queue before it is handed over again


def hand_over(interview_ids: Iterable[int]) -> None:
    """Marks them as waiting and, once that is committed, puts them in the queue. Previews are not analysed."""
    previews = set(Interview.objects.filter(participant__origin=Participant.Origin.PREVIEW).values_list("pk", flat=True))
    ids = [each for each in interview_ids if each not in previews]
    mark_waiting(ids)
    transaction.on_commit(lambda: enqueue(ids))


def mark_waiting(ids: list[int]) -> None:
    for start in range(0, len(ids), 1000):
        chunk = ids[start : start + 1000]
        InterviewAnalysis.objects.bulk_create((InterviewAnalysis(interview_id=each) for each in chunk), ignore_conflicts=True)
        done = InterviewAnalysis.objects.filter(interview__in=chunk, status=Status.DONE)
        done.update(status=Status.WAITING, lease_until=None, updated_at=timezone.now())


def enqueue(ids: Iterable[int]) -> bool:
    """Whether they are in the queue. A broker that cannot be reached is no error of the caller's."""
    from analysis.tasks import analyse  # tasks imports this module

    if not settings.REDIS_URL:
        return False
    waiting = iter(ids)
    while chunk := list(islice(waiting, CHUNK)):
        try:
            analyse.apply_async(args=[chunk], retry=False)
        except (OperationalError, OSError) as error:
            logger.warning("The queue cannot be reached, %s interviews wait for the sweep: %s", len(chunk), error)
            return False
        queued = InterviewAnalysis.objects.filter(interview__in=chunk, status=Status.WAITING)
        queued.update(lease_until=timezone.now() + QUEUED)
    return True


def forget_queue() -> None:
    """Nothing is in the queue any more, its Redis being a new one: what waits may be handed over at once."""
    InterviewAnalysis.objects.filter(status=Status.WAITING).update(lease_until=None)


def sweep() -> int:
    """Hands over what was left behind; how many interviews that were. Harmless however often it runs."""
    missing = list(finished().filter(analysis=None).order_by("pk").values_list("pk", flat=True)[:SWEEP])
    mark_waiting(missing)
    left = Q(status=Status.WAITING, lease_until=None) | Q(status__in=(Status.WAITING, Status.RUNNING), lease_until__lt=timezone.now())
    of_a_run = RunUnit.objects.filter(interview=OuterRef("interview"), state__in=OPEN, run__status__in=OPEN_RUNS)
    ids = list(InterviewAnalysis.objects.filter(~Exists(of_a_run), left).order_by("pk").values_list("interview_id", flat=True)[:SWEEP])
    # A worker that died left its interviews running: the queue takes waiting ones.
    dead = InterviewAnalysis.objects.filter(interview__in=ids, status=Status.RUNNING, lease_until__lt=timezone.now())
    dead.update(status=Status.WAITING, lease_owner="", lease_until=None)
    return len(ids) if enqueue(ids) else 0
