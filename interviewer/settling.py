"""How an interview ends for its participant: their outcome, and their place in the quotas while it lasts."""

from datetime import timedelta
from typing import Any

from channels.db import database_sync_to_async as in_database
from django.core.cache import cache
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from interviewer.models import Interview
from interviewer.moves import Ending
from interviewer.signals import interview_completed
from interviewer.withdrawing import tell_open_pages
from surveys import outcomes, quotas
from surveys.models import Participant
from surveys.recruitment import Result

FORGOTTEN = timedelta(days=2)  # after which a place that was never counted has long been given back
RENEWED_FOR = 60  # seconds in which further words of a participant renew nothing


@receiver(interview_completed)
def settle_when_completed(interview_id: int, **_: Any) -> None:
    if interview := Interview.objects.select_related("participant").filter(pk=interview_id).first():
        settle(interview)


def settle(interview: Interview) -> None:
    """Settling twice is settling once. The last pages do it too, for an interview whose server died between its end and this."""
    participant = interview.participant
    if outcomes.of(participant):
        return
    result = result_of(interview.status, interview.ended_because)
    if result != Result.COMPLETE:
        quotas.release(participant)
    elif not quotas.complete(participant):
        result = Result.TIMED_OUT
    outcomes.decide(participant, result)


def settle_finished() -> int:
    """Settles the interviews of late that nobody settled; how many that were."""
    here = (Participant.Origin.LIVE, Participant.Origin.PILOT)
    since = timezone.now() - FORGOTTEN
    finished = Interview.objects.exclude(status=Interview.Status.RUNNING).filter(participant__origin__in=here, completed_at__gte=since)
    left = list(finished.filter(participant__outcome=None).select_related("participant"))
    for interview in left:
        settle(interview)
    return len(left)


def result_of(status: str, ended_because: str) -> Result:
    if ended_because == Ending.OFF_TOPIC:
        return Result.LOW_QUALITY
    return Result.COMPLETE if status == Interview.Status.COMPLETED else Result.ENDED


def still_has_a_place(interview: Interview) -> bool:
    """Whether the interview may go on. Someone who was silent for too long may have lost their place; with one left, it is theirs again."""
    if interview.finished or quotas.keep(interview.participant_id):
        return True
    outcomes.decide(interview.participant, Result.TIMED_OUT)
    return False


async def stay(interview_id: int) -> None:
    """Keeps the place of someone who speaks; at most once a minute, beside the conversation."""
    if await cache.aadd(f"interviewer.stay.{interview_id}", True, RENEWED_FOR):
        await in_database(_stay)(interview_id)


def _stay(interview_id: int) -> None:
    interview = Interview.objects.select_related("participant").filter(pk=interview_id).first()
    if interview and not still_has_a_place(interview):
        tell_open_pages(interview_id, reverse("surveys:outcome", args=[interview.participant.token]))
