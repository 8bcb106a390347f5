"""Where each contact stands, from not invited to completed, in the words of the list that researchers see."""

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from surveys.invitations.models import Contact, Mailing
from surveys.models import Survey
from surveys.recruitment import Result

# The first that holds is what is said.
STANDINGS = (
    "completed", "ended otherwise", "declined", "opted out", "consented", "link revoked", "failed", "link opened", "reminded", "invited",
    "waiting to be sent", "not invited",
)  # fmt: skip
GOT_AWAY = (Mailing.Outcome.SENT, Mailing.Outcome.UNKNOWN)


def with_standing(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Each with `standing`."""
    mailings = Mailing.objects.filter(contact=OuterRef("pk"))
    conditions = {
        "completed": Q(participant__outcome__result=Result.COMPLETE),
        "ended otherwise": Q(participant__outcome__isnull=False),
        "declined": Q(declined_at__isnull=False),
        "opted out": Q(opted_out_at__isnull=False),
        "consented": Q(participant__consent__given=True),
        "link revoked": Q(revoked_at__isnull=False),
        "failed": Q(refused_at__isnull=False) | Exists(mailings.filter(outcome=Mailing.Outcome.FAILED)),
        "link opened": Q(opened_at__isnull=False),
        "reminded": Exists(mailings.filter(outcome__in=GOT_AWAY, step__gt=0)),
        "invited": Exists(mailings.filter(outcome__in=GOT_AWAY)),
        "waiting to be sent": Q(queued_at__isnull=False) & ~Q(email_key=""),
    }
    return contacts.annotate(standing=Case(*(When(holds, then=Value(name)) for name, holds in conditions.items()), default=Value(STANDINGS[-1])))


def counts(survey: Survey) -> list[tuple[str, int]]:
    """(standing, contacts) for each standing that someone has."""
    rows = with_standing(Contact.objects.filter(survey=survey)).order_by().values(said=F("standing")).annotate(contacts=Count("pk"))
    found = {row["said"]: row["contacts"] for row in rows}
    return [(standing, found[standing]) for standing in STANDINGS if standing in found]
