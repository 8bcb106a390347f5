"""Sends what is due. Constraints and conditional UPDATEs decide who sends it: however many workers try, a step is one mail."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, zip_longest

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from surveys.guide import Guide
from surveys.invitations import letters, verdicts
from surveys.invitations.due import Due, due, plan_of, reachable, standstill
from surveys.invitations.models import Contact, InvitationPlan, Mailing, MailMinute
from surveys.invitations.verdicts import Verdict
from surveys.models import Survey

logger = logging.getLogger(__name__)
Outcome = Mailing.Outcome
LOST = timedelta(minutes=20)  # longer than a task may run: who took the mail up is no more


@dataclass(frozen=True)
class Attempt:
    contact: Contact
    step: int
    verdict: Verdict


@dataclass(frozen=True)
class _Waiting:
    survey: Survey
    plan: InvitationPlan
    guide: Guide
    which: Due


def send_due(survey: Survey | None = None) -> list[Attempt]:
    """One round over all surveys, or over one: as many mails as a minute allows."""
    if letters.not_set_up():
        return []
    now = timezone.now()
    Mailing.objects.filter(outcome=Outcome.SENDING, at__lt=now - LOST).update(outcome=Outcome.UNKNOWN, reason="worker-lost")
    MailMinute.objects.filter(minute__lt=now - timedelta(hours=1)).delete()
    surveys = [survey] if survey else Survey.objects.filter(status__in=(Survey.Status.PILOT, Survey.Status.OPEN), contacts__isnull=False).distinct()
    waiting = [found for each in surveys if (found := _waiting(each, plan_of(each), now))]
    return list(_sent(waiting)) if waiting else []


def _waiting(survey: Survey, plan: InvitationPlan, now: datetime) -> list[_Waiting]:
    version = None if standstill(survey, plan, now) else survey.current_version
    if version is None:
        return []
    guide = version.guide
    return [_Waiting(survey, plan, guide, each) for each in due(survey, plan, now, most=settings.INVITATIONS_PER_MINUTE)]


def _sent(waiting: list[list[_Waiting]]) -> Iterator[Attempt]:
    """Surveys take turns, so that a large one does not keep a small one waiting."""
    connection = get_connection()
    try:
        connection.open()
    except Exception as error:  # whatever it is, nothing was taken up, and the next round tries again
        logger.warning("No mail was sent: the e-mail server cannot be reached (%s).", type(error).__name__)
        return
    try:
        for each in filter(None, chain.from_iterable(zip_longest(*waiting))):
            if not _take_from_minute():
                return
            if (attempt := _attempt(each, connection)) is None:
                continue
            yield attempt
            if attempt.verdict.trouble:
                logger.warning("Sending stopped for now: %s.", attempt.verdict.reason)
                return
    finally:
        connection.close()


def _take_from_minute() -> bool:
    """Whether another mail may go out in this minute, all workers together."""
    minute = timezone.now().replace(second=0, microsecond=0)
    MailMinute.objects.get_or_create(minute=minute)
    return bool(MailMinute.objects.filter(minute=minute, taken__lt=settings.INVITATIONS_PER_MINUTE).update(taken=F("taken") + 1))


def _attempt(each: _Waiting, connection: BaseEmailBackend) -> Attempt | None:
    mailing = _take_up(each.which)
    if mailing is None:
        return None
    contact = reachable(each.survey).select_related("survey").filter(pk=each.which.contact_id).first()
    if contact is None:  # they opted out, or withdrew, since
        Mailing.objects.filter(pk=mailing.pk).delete()
        return None
    verdict = _delivered(mailing, contact, each, connection)
    return Attempt(contact, each.which.step, _record(mailing, verdict))


def _delivered(mailing: Mailing, contact: Contact, each: _Waiting, connection: BaseEmailBackend) -> Verdict:
    try:
        mail = letters.compose(contact, each.plan, each.guide, reminder=mailing.step > 0)
    except Exception:
        logger.exception("Mailing %s cannot be written", mailing.pk)
        return verdicts.UNWRITABLE
    Mailing.objects.filter(pk=mailing.pk).update(message_id=mail.extra_headers["Message-ID"])
    try:
        connection.send_messages([mail])
    except Exception as error:  # judged by kind; one mail that cannot be sent keeps no other from going
        return verdicts.judge(error)
    return verdicts.SENT


def _take_up(which: Due) -> Mailing | None:
    """The mail as ours to send; None where it is someone else's, or done."""
    now = timezone.now()
    try:
        with transaction.atomic():
            mailing, new = Mailing.objects.get_or_create(contact_id=which.contact_id, step=which.step, defaults={"at": now})
    except IntegrityError:  # the contact was deleted meanwhile
        return None
    if not new:
        again = Mailing.objects.filter(pk=mailing.pk, outcome=Outcome.LATER, next_at__lte=now)
        if not again.update(outcome=Outcome.SENDING, attempts=F("attempts") + 1, at=now, next_at=None):
            return None
        mailing.refresh_from_db()
    return mailing


def _record(mailing: Mailing, verdict: Verdict) -> Verdict:
    now = timezone.now()
    wait = verdicts.wait(mailing.attempts) if verdict.outcome == Outcome.LATER else None
    if verdict.outcome == Outcome.LATER and wait is None:
        verdict = Verdict(Outcome.FAILED, verdict.reason, trouble=verdict.trouble)
    next_at = now + wait if wait else None
    Mailing.objects.filter(pk=mailing.pk).update(outcome=verdict.outcome, reason=verdict.reason, at=now, next_at=next_at)
    if verdict.address_refused:
        Contact.objects.filter(pk=mailing.contact_id).update(refused_at=now)
    return verdict
