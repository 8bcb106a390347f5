"""Who works on an interview's analysis, decided by the database: a lease that its holder renews and that runs out with it."""

import random
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from analysis.models import InterviewAnalysis
from interviewer.models import Interview
from llm import ModelError

Status = InterviewAnalysis.Status
MAX_ATTEMPTS = 8
LONGEST_WAIT = 600.0  # seconds


@dataclass(frozen=True)
class Lease:
    interview_id: int
    owner: str


class LeaseLost(Exception):
    """Someone else has taken the interview over."""


def duration() -> timedelta:
    return timedelta(seconds=settings.ANALYSIS_LEASE_SECONDS)


def claim(interview_id: int, *, held: bool = False) -> Lease | None:
    """None while someone else holds it, and for one that failed until somebody asks for it again. held: whether one that a run holds is free."""
    now, owner = timezone.now(), uuid.uuid4().hex
    free = Q(status__in=(Status.WAITING, Status.DONE, *((Status.HELD,) if held else ()))) | Q(status=Status.RUNNING, lease_until__lt=now)
    changes = {"status": Status.RUNNING, "lease_owner": owner, "lease_until": now + duration(), "updated_at": now}
    if not Interview.objects.filter(pk=interview_id).exists():
        return None
    InterviewAnalysis.objects.get_or_create(interview_id=interview_id)
    taken = InterviewAnalysis.objects.filter(free, interview=interview_id).update(**changes)
    return Lease(interview_id, owner) if taken else None


def renew(lease: Lease, **changes: str) -> None:
    """Raises LeaseLost."""
    _update(lease, lease_until=timezone.now() + duration(), **changes)


def finish(lease: Lease) -> None:
    """Raises LeaseLost."""
    _update(lease, status=Status.DONE, step="", error="", attempts=0, lease_owner="", lease_until=None)


def put_back(lease: Lease) -> None:
    """Holds it for its run. Raises LeaseLost."""
    _update(lease, status=Status.HELD, step="", error="", attempts=0, lease_owner="", lease_until=None)


def fail(lease: Lease, error: Exception) -> float | None:
    """Notes the error; seconds until another attempt is due, or None where there is to be none. Raises LeaseLost."""
    attempts = 1 + InterviewAnalysis.objects.values_list("attempts", flat=True).get(interview=lease.interview_id)
    code = error.code if isinstance(error, ModelError) else type(error).__name__
    noted = {"error": f"{code}: {error}"[:2000].replace("\0", ""), "attempts": attempts, "lease_owner": ""}
    if not (isinstance(error, ModelError) and error.retry) or attempts >= MAX_ATTEMPTS:
        _update(lease, status=Status.FAILED, lease_until=None, **noted)
        return None
    wait = backoff(attempts) if error.after is None else min(error.after, LONGEST_WAIT)
    _update(lease, status=Status.WAITING, lease_until=timezone.now() + timedelta(seconds=wait) + duration(), **noted)
    return wait


def backoff(attempts: int) -> float:
    """Seconds to wait after that many failures: doubling from two, and spread so that many do not come back at once."""
    return min(LONGEST_WAIT, 2.0**attempts) * random.uniform(0.75, 1.25)  # noqa: S311 - no secret


def _update(lease: Lease, **changes: object) -> None:
    mine = InterviewAnalysis.objects.filter(interview=lease.interview_id, lease_owner=lease.owner, status=Status.RUNNING)
    if not mine.update(updated_at=timezone.now(), **changes):
        raise LeaseLost(f"analysis of interview {lease.interview_id}")
