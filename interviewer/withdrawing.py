"""A participant withdraws: their records are deleted in one transaction, and their open pages are told."""

import logging

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django.urls import reverse

from interviewer.models import Interview
from interviewer.signals import participant_withdrawn
from surveys.models import Participant
from surveys.withdrawal import erase

log = logging.getLogger(__name__)
NOT_BEGUN = "consented"


@transaction.atomic
def withdraw(participant: Participant) -> None:
    """Withdrawing twice is withdrawing once."""
    interview = Interview.objects.filter(participant=participant.pk).first()
    # Locks are taken in the order in which those who write take them: the analysis first, then the interview.
    participant_withdrawn.send(sender=Participant, survey_id=participant.survey_id, interview_id=interview.pk if interview else None)
    if not Participant.objects.select_for_update().filter(pk=participant.pk).exists():
        return
    interview = Interview.objects.select_for_update().filter(participant=participant.pk).first()
    erase(participant, status=interview.status if interview else NOT_BEGUN)
    if interview:
        interview_id, page = interview.pk, withdrawn_page(participant.language)
        transaction.on_commit(lambda: tell_open_pages(interview_id, page))


def group_of(interview_id: int) -> str:
    """The channel layer's name for the connections that hold an interview."""
    return f"interview.{interview_id}"


def withdrawn_page(language: str = "") -> str:
    return reverse("interviewer:withdrawn") + (f"?lang={language}" if language else "")


def tell_open_pages(interview_id: int, page: str) -> None:
    """That there is nothing more to say here, and what to read instead. A courtesy: a page that hears nothing finds out when it next speaks."""
    try:
        async_to_sync(get_channel_layer().group_send)(group_of(interview_id), {"type": "withdrawn", "next": page})
    except Exception:
        log.warning("channel layer: an open page was not told that its interview is over", exc_info=True)
