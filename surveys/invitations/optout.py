"""No more e-mails: what a contact asks for, for one survey or for all, and what outlives the contact."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from surveys.invitations.models import Contact, OptOut


@transaction.atomic
def opt_out(contact: Contact, *, everywhere: bool = False) -> None:
    """Opting out twice is opting out once. everywhere: of the mails of all surveys here, those to come among them."""
    same = Contact.objects.filter(email_key=contact.email_key) if everywhere and contact.email_key else Contact.objects.filter(pk=contact.pk)
    same.filter(opted_out_at=None).update(opted_out_at=timezone.now())
    if contact.email_key:
        OptOut.objects.get_or_create(pk=_digest(None if everywhere else contact.survey_id, contact.email_key))


def opted_out_among(survey_id: int, keys: Iterable[str]) -> set[str]:
    """Those of the addresses, as they are compared, that want no mail of this survey."""
    digests = {_digest(scope, key): key for key in keys if key for scope in (survey_id, None)}
    return {digests[digest] for digest in OptOut.objects.filter(pk__in=digests).values_list("pk", flat=True)}


def _digest(survey_id: int | None, key: str) -> str:
    """HMAC-SHA256, hex."""
    return salted_hmac("surveys.opt_out", f"{survey_id or 'all'}:{key}", algorithm="sha256").hexdigest()
