"""A named researcher learns that a participant may need help: an alert is stored with the turn that offered it, and an e-mail says so."""

import logging
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from interviewer.models import Turn
from interviewer.safety.concern import Concern, stricter
from interviewer.safety.models import SafetyAlert

log = logging.getLogger(__name__)
FoundBy = SafetyAlert.FoundBy
LEFT_BEHIND, GIVEN_UP = timedelta(minutes=10), timedelta(days=7)


class Raised(NamedTuple):
    concern: Concern
    found_by: FoundBy


def raised(words: Concern, model: Concern) -> Raised:
    """The stricter of the two judgements counts."""
    found_by = FoundBy.WORDS if model is Concern.NONE else FoundBy.MODEL if words is Concern.NONE else FoundBy.BOTH
    return Raised(stricter(words, model), found_by)


def raise_alert(turn: Turn, told: Raised) -> None:
    """Inside the transaction that stores the turn."""
    alert = SafetyAlert.objects.create(interview_id=turn.interview_id, turn=turn, concern=told.concern, found_by=told.found_by)
    transaction.on_commit(lambda: enqueue(alert.pk))


def enqueue(alert_id: int) -> bool:
    """Whether the e-mail is in the queue. A broker that cannot be reached is no error of the participant's: the sweep looks again."""
    from interviewer.tasks import tell_contact  # tasks imports this module

    if not settings.REDIS_URL:
        return False
    try:
        tell_contact.delay(alert_id)
    except OperationalError:
        log.warning("safety alert %s: the broker cannot be reached", alert_id)
        return False
    return True


def left_behind() -> list[int]:
    """Alerts that their contact should have been told of and was not."""
    if not settings.EMAIL_URL:
        return []
    now = timezone.now()
    due = SafetyAlert.objects.filter(told_at=None, seen_at=None, at__lt=now - LEFT_BEHIND, at__gt=now - GIVEN_UP)
    return list(due.filter(interview__participant__survey__safety_contact__email__gt="").values_list("pk", flat=True))


def tell_contact(alert_id: int) -> bool:
    """Whether the contact was told now: that there is an alert, and where; nothing of what was said. Raises OSError where no mail can be sent."""
    alert = SafetyAlert.objects.filter(pk=alert_id, told_at=None).select_related("interview__participant__survey__safety_contact").first()
    if alert is None:
        return False
    survey = alert.interview.participant.survey
    contact = survey.safety_contact
    if contact is None or not contact.email or not settings.EMAIL_URL:
        return False
    page = f"{settings.PUBLIC_URL}{reverse('admin:interviewer_safetyalert_change', args=[alert.pk])}"
    send_mail(
        f"Safety alert in “{survey.title}”",
        f"A participant may be in distress or danger. They were shown where help is found, and decide themselves whether to go on.\n\n{page}\n\n"
        "This message holds nothing of what was said. You receive it as the safety contact of this survey.\n",
        None,
        [contact.email],
    )
    SafetyAlert.objects.filter(pk=alert.pk).update(told_at=timezone.now())
    return True
