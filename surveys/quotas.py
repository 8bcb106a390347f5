"""Places in quotas: reserved at entry, counted at completion, given back on drop-out; never more than there are.

Each verb is one transaction that locks the participant's reservation first and then updates quotas in the order of their keys, so none waits
for another in a circle.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from surveys import routing
from surveys.guide import Condition
from surveys.models import Participant
from surveys.recruitment import Quota, Reservation
from surveys.screening import profile_of

State = Reservation.State
HOLD = timedelta(minutes=settings.QUOTA_HOLD_MINUTES)
HAS_ROOM = Q(limit__gt=F("reserved") + F("completed"))
TAKES_THE_LAST = Q(limit=F("reserved") + F("completed") + 1)


class Full(RuntimeError):
    """Raised where a quota that counts the participant has no room."""


def counting(participant: Participant) -> list[Quota]:
    """The quotas that the participant counts in; only live people count."""
    if participant.origin != Participant.Origin.LIVE:
        return []
    return [quota for quota in Quota.objects.filter(survey=participant.survey_id).order_by("pk") if counts(quota, participant)]


def counts(quota: Quota, participant: Participant) -> bool:
    conditions = [Condition.model_validate(each) for each in quota.conditions]
    return routing.holds(conditions, participant.screening, profile_of(participant))


def enter(participant: Participant) -> bool:
    """Takes a place in every quota that counts the participant, or keeps those they have. False where one is full: then none is taken."""
    if Reservation.objects.filter(participant=participant.pk).exists():
        return keep(participant.pk)
    wanted = counting(participant)
    if not wanted:
        return True
    Reservation.objects.bulk_create([Reservation(participant_id=participant.pk)], ignore_conflicts=True)
    try:
        _take(participant.pk, wanted)
    except Full:
        return False
    return True


def keep(participant_id: int) -> bool:
    """Renews the places of someone who is there, and takes them anew if they had been given back. False where there is no room any more."""
    held = Reservation.objects.filter(participant=participant_id, state=State.HELD)
    if held.update(expires_at=timezone.now() + HOLD):
        return True
    mine = Reservation.objects.filter(participant=participant_id, state=State.FREE).first()
    if mine is None:
        return True
    wanted = list(mine.quotas.order_by("pk"))
    try:
        _take(participant_id, wanted or counting(Participant.objects.get(pk=participant_id)))
    except Full:
        return False
    return True


@transaction.atomic
def _take(participant_id: int, wanted: list[Quota]) -> None:
    """Raises Full."""
    mine = Reservation.objects.select_for_update().get(participant=participant_id)
    if mine.state != State.FREE:
        return
    since = Case(When(TAKES_THE_LAST, then=Coalesce("full_since", timezone.now())), default=None)
    for quota in wanted:
        if not Quota.objects.filter(HAS_ROOM, pk=quota.pk).update(reserved=F("reserved") + 1, full_since=since):
            raise Full(quota.name)
    mine.quotas.set(wanted)
    Reservation.objects.filter(pk=mine.pk).update(state=State.HELD, expires_at=timezone.now() + HOLD)


def complete(participant: Participant) -> bool:
    """Counts the participant as completed. False where their place had gone to someone else and there is no other."""
    if not keep(participant.pk):
        return False
    with transaction.atomic():
        mine = Reservation.objects.select_for_update().filter(participant=participant.pk, state=State.HELD).first()
        if mine:
            for quota in mine.quotas.order_by("pk"):
                Quota.objects.filter(pk=quota.pk).update(reserved=F("reserved") - 1, completed=F("completed") + 1)
            Reservation.objects.filter(pk=mine.pk).update(state=State.COUNTED)
    return True


@transaction.atomic
def release(participant: Participant) -> None:
    """Gives back the participant's places, those counted as completed too: nothing of theirs is left to count."""
    mine = Reservation.objects.select_for_update().filter(participant=participant.pk).exclude(state=State.FREE).first()
    if mine:
        _give_back(mine)


def release_expired() -> int:
    """Gives back the places of those who have been silent for too long; how many people that were."""
    overdue = Reservation.objects.filter(state=State.HELD, expires_at__lt=timezone.now()).values_list("pk", flat=True)
    return sum(_release_if_expired(pk) for pk in list(overdue))


@transaction.atomic
def _release_if_expired(pk: int) -> bool:
    mine = Reservation.objects.select_for_update().filter(pk=pk, state=State.HELD, expires_at__lt=timezone.now()).first()
    if mine:
        _give_back(mine)
    return mine is not None


def _give_back(mine: Reservation) -> None:
    place = "reserved" if mine.state == State.HELD else "completed"
    for quota in mine.quotas.order_by("pk"):
        Quota.objects.filter(pk=quota.pk).update(**{place: F(place) - 1, "full_since": None})
    Reservation.objects.filter(pk=mine.pk).update(state=State.FREE)
