"""What becomes of a contact: the link opened, the consent text answered, the link revoked."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from surveys.entry import ConsentForm, record_consent
from surveys.invitations.models import Contact, Mailing
from surveys.models import Participant


def opened(contact: Contact) -> None:
    Contact.objects.filter(pk=contact.pk, opened_at=None).update(opened_at=timezone.now())


@transaction.atomic
def answered(contact: Contact, form: ConsentForm, *, given: bool, browser_languages: str) -> Participant:
    """The participant this contact is. Who has agreed stays who they are, on whatever device and however often they answer."""
    mine = Contact.objects.select_for_update(of=("self",)).select_related("survey", "participant__consent").get(pk=contact.pk)
    if mine.takes_part and mine.participant:
        return mine.participant
    participant = record_consent(mine.survey, form, given=given, browser_languages=browser_languages)
    if given and mine.external_id and not Participant.objects.filter(survey=mine.survey, external_id=mine.external_id).exists():
        participant.external_id = mine.external_id
        participant.save(update_fields=["external_id"])
    mine.participant, mine.declined_at = participant, None if given else timezone.now()
    mine.save(update_fields=["participant", "declined_at"])
    return participant


def revoke(contacts: Iterable[int]) -> int:
    """Their links open nothing any more. Interviews that have begun can go on by their own links."""
    return Contact.objects.filter(pk__in=contacts, revoked_at=None).update(revoked_at=timezone.now())


def restore(contacts: Iterable[int]) -> int:
    return Contact.objects.filter(pk__in=contacts).exclude(revoked_at=None).update(revoked_at=None)


@transaction.atomic
def try_again(contacts: Iterable[int]) -> int:
    """Mails that failed for good are due again: the researcher has put right what was wrong."""
    ids = list(contacts)
    count, _ = Mailing.objects.filter(contact__in=ids, outcome=Mailing.Outcome.FAILED).delete()
    Contact.objects.filter(pk__in=ids).update(refused_at=None)
    return count
