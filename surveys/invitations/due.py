"""Whom which mail is due to now: the invitation, a reminder, or another attempt."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation

from surveys import entry
from surveys.invitations.models import INVITATION, Contact, InvitationPlan, Mailing
from surveys.models import Survey

Outcome = Mailing.Outcome


@dataclass(frozen=True)
class Due:
    contact_id: int
    step: int


def plan_of(survey: Survey) -> InvitationPlan:
    """The survey's plan; one with the defaults where none is on record yet."""
    return InvitationPlan.objects.filter(survey=survey).first() or InvitationPlan(survey=survey)


def reachable(survey: Survey) -> QuerySet[Contact]:
    """Those who may be sent something: their address takes mail, it has not ended for them yet, and they have neither declined nor opted out."""
    going = Q(declined_at=None, opted_out_at=None, revoked_at=None, refused_at=None, participant__outcome=None)
    return Contact.objects.filter(going, survey=survey).exclude(email_key="")


def standstill(survey: Survey, plan: InvitationPlan, now: datetime) -> str:
    """Why nothing is sent now, or ""."""
    if survey.status == Survey.Status.DRAFT:
        return "The survey is a draft."
    if survey.current_version is None:
        return "The survey's guide is not published."
    if stop := entry.obstacle(survey, staff=False):
        with translation.override("en"):
            return f"{stop.title}."
    if plan.paused:
        return "Sending is paused."
    if plan.not_before and now < plan.not_before:
        return f"Sending begins at {plan.not_before:%Y-%m-%d %H:%M} UTC."
    if plan.not_after and now > plan.not_after:
        return f"Sending ended at {plan.not_after:%Y-%m-%d %H:%M} UTC."
    return ""


def due(survey: Survey, plan: InvitationPlan, now: datetime, *, most: int | None = None) -> list[Due]:
    """Other attempts first, then reminders, then invitations."""
    contacts = reachable(survey).exclude(queued_at=None)
    later = Mailing.objects.filter(contact=OuterRef("contact"), step__gt=OuterRef("step"))
    mailings = Mailing.objects.filter(contact__in=contacts).order_by("pk")
    again = mailings.filter(outcome=Outcome.LATER, next_at__lte=now)
    answered_by_nobody = mailings.filter(
        ~Exists(later), outcome__in=(Outcome.SENT, Outcome.UNKNOWN), at__lte=now - timedelta(days=plan.days_between), step__lt=plan.reminders
    )
    found = chain(
        (Due(*pair) for pair in again.values_list("contact_id", "step")[:most]),
        (Due(contact, step + 1) for contact, step in answered_by_nobody.values_list("contact_id", "step")[:most]),
        (Due(pk, INVITATION) for pk in contacts.filter(mailings=None).order_by("pk").values_list("pk", flat=True)[:most]),
    )
    return list(islice(found, most))


def not_released(survey: Survey) -> QuerySet[Contact]:
    """Those whom an invitation could go to and nobody has let go."""
    return reachable(survey).filter(queued_at=None)


def release(survey: Survey, now: datetime, *, up_to: int) -> int:
    """Lets go the invitations of the contacts up to this key: those the researcher was shown. How many that were."""
    return not_released(survey).filter(pk__lte=up_to).update(queued_at=now)
