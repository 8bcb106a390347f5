"""Withdrawal: everything that is kept of a participant goes, and only the fact of it stays."""

from collections.abc import Iterable

from django.db import models, transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from surveys import outcomes, quotas, receipts
from surveys.invitations.models import Contact
from surveys.models import Frozen, Participant, Survey
from surveys.recruitment import Result


class HasWithdrawn(RuntimeError):
    """Raised on an attempt to take someone in again who has withdrawn."""


class Withdrawal(Frozen):
    """That someone withdrew. Nothing in it points to the person: of the time, only the day."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="withdrawals")
    on = models.DateField(auto_now_add=True)
    origin = models.CharField(max_length=10, choices=Participant.Origin)
    status = models.CharField(max_length=10, help_text="How far the interview had come; 'consented' where it had not begun.")

    def __str__(self) -> str:
        return f"withdrawn, {self.on}"


class WithdrawnId(models.Model):
    """An external id, or an address in small letters, under which nobody is taken in again.

    Only who has both the id and the program's secret key can tell whose it was.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    result = models.CharField(max_length=12, choices=Result, default=Result.WITHDRAWN, help_text="So that the panel's link goes on leading there.")

    def __str__(self) -> str:
        return self.digest[:8]


def by_receipt(code: str) -> Participant | None:
    """Whose receipt code this is, however it was typed. None for a code that was not given out, or whose holder has withdrawn."""
    found = Participant.objects.select_related("survey", "consent")
    return found.filter(consent__receipt=hashed).first() if (hashed := receipts.fingerprint(code)) else None


@transaction.atomic
def erase(participant: Participant, *, status: str) -> None:
    """Deletes the participant with all that hangs on them; what model calls cost stays, without the person.

    status: how far their interview had come.
    """
    if participant.origin != Participant.Origin.PREVIEW:  # a researcher trying out how to withdraw has not withdrawn
        Withdrawal.objects.create(survey_id=participant.survey_id, origin=participant.origin, status=status)
    if participant.external_id:
        result = outcomes.decide(participant, Result.WITHDRAWN)
        WithdrawnId.objects.get_or_create(pk=_digest(participant.survey_id, participant.external_id), defaults={"result": result})
    _erase_contacts(participant)
    quotas.release(participant)
    participant.delete()


def _erase_contacts(participant: Participant) -> None:
    """Of the address they were invited at only the digest stays, so that no new upload invites them again."""
    theirs = Q(participant=participant) | Q(external_id=participant.external_id) & ~Q(external_id="")
    for contact in Contact.objects.filter(theirs, survey=participant.survey_id):
        if contact.email_key:
            WithdrawnId.objects.get_or_create(pk=_digest(contact.survey_id, contact.email_key))
        contact.delete()


def withdrawn_among(survey_id: int, external_ids: Iterable[str]) -> set[str]:
    """Those of the ids, or of the e-mail addresses, whose holders have withdrawn from the survey."""
    digests = {_digest(survey_id, external_id): external_id for external_id in external_ids if external_id}
    return {digests[digest] for digest in WithdrawnId.objects.filter(pk__in=digests).values_list("pk", flat=True)}


def result_of(survey_id: int, external_id: str) -> str | None:
    """How it had ended for someone who has withdrawn; None for everyone else."""
    return WithdrawnId.objects.filter(pk=_digest(survey_id, external_id)).values_list("result", flat=True).first()


def keep_out(survey_id: int, external_id: str) -> None:
    """Raises HasWithdrawn."""
    if withdrawn_among(survey_id, [external_id]):
        raise HasWithdrawn(f"{external_id} has withdrawn from survey {survey_id}.")


def _digest(survey_id: int, external_id: str) -> str:
    """HMAC-SHA256, hex."""
    return salted_hmac("surveys.withdrawn", f"{survey_id}:{external_id}", algorithm="sha256").hexdigest()
