"""The line before the interviews: in a burst no more begin than may be live at once, in the order in which people came.

The database decides: whoever seems to be next takes the lock of the one `Gate`, looks again and begins, or goes on waiting.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.cache import cache
from django.db import models, transaction
from django.db.models import Count
from django.utils import timezone

from interviewer.beginning import begin
from interviewer.models import Interview
from interviewer.queueing import Room, may_begin, minutes
from surveys.models import GuideVersion, Participant, Survey

PRESENT = timedelta(seconds=60)  # who has looked since then is let in; the page looks every 15 seconds
KEPT = timedelta(minutes=5)  # who comes back within this has their place again
PACE = timedelta(minutes=15)
GLANCE = "interviewer.admission"
FRESH = 1  # seconds: however many wait, line and room are read once


class Gate(models.Model):
    """One row, to be locked by whoever lets someone in."""

    def __str__(self) -> str:
        return "gate"


class Waiting(models.Model):
    """A participant's place in the line: they stand in the order of their keys."""

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="waiting")
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    admitted_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["admitted_at", "seen_at"])]

    def __str__(self) -> str:
        return f"waiting {self.pk}"


@dataclass(frozen=True)
class Place:
    """A participant's place in the line. minutes: how long it takes; None where that cannot be told yet."""

    number: int
    minutes: int | None


@dataclass(frozen=True)
class Look:
    """Room and line at one moment. line: (key, survey, seen at) of everyone who has kept their place, in order."""

    room: Room
    line: Sequence[tuple[int, int, datetime]]
    admissions: Sequence[datetime]
    at: datetime

    def next_in(self, survey: int, key: int) -> bool:
        present = [of for pk, of, seen in self.line[: self._before(key)] if seen >= self.at - PRESENT]
        return may_begin(self.room, survey, present)

    def place(self, survey: int, key: int) -> Place:
        """Who has the whole deployment before them counts everyone; who has only their survey's limit counts that survey."""
        ahead = [of for _, of, _ in self.line[: self._before(key)] if self.room.most or of == survey]
        number = len(ahead) + 1
        return Place(number, minutes(number, self.admissions, self.at))

    def _before(self, key: int) -> int:
        return bisect_left(self.line, key, key=lambda each: each[0])


def enter(participant: Participant, version: GuideVersion) -> Interview | Place:
    """The participant's interview, begun now; or their place in the line, which they keep by asking again."""
    survey = participant.survey
    if version.preview or (not settings.ADMISSION_LIVE and survey.most_live is None):
        return begin(participant, version)
    mine = _seen(participant)
    glance = _glance()
    if not glance.next_in(survey.pk, mine.pk):
        return glance.place(survey.pk, mine.pk)
    with transaction.atomic():
        Gate.objects.bulk_create([Gate(pk=1)], ignore_conflicts=True)
        Gate.objects.select_for_update().get(pk=1)
        now = look()
        if not now.next_in(survey.pk, mine.pk):
            return now.place(survey.pk, mine.pk)
        Waiting.objects.filter(pk=mine.pk).update(admitted_at=now.at)
        interview = begin(participant, version)
    cache.delete(GLANCE)
    return interview


def _seen(participant: Participant) -> Waiting:
    """The participant's place, kept by this; a new one at the end of the line where they have none or were away for too long."""
    now = timezone.now()
    Waiting.objects.filter(participant=participant.pk, admitted_at=None, seen_at__lt=now - KEPT).delete()
    Waiting.objects.bulk_create([Waiting(participant=participant, survey_id=participant.survey_id, seen_at=now)], ignore_conflicts=True)
    Waiting.objects.filter(participant=participant.pk).update(seen_at=now)
    return Waiting.objects.get(participant=participant.pk)


def _glance() -> Look:
    """A look that is a second old at most: good enough to go on waiting, never to be let in by."""
    seen: Look | None = cache.get(GLANCE)
    if seen is None:
        seen = look()
        cache.set(GLANCE, seen, FRESH)
    return seen


def look() -> Look:
    now = timezone.now()
    waiting = Waiting.objects.filter(admitted_at=None, seen_at__gte=now - KEPT).order_by("pk")
    admissions = Waiting.objects.filter(admitted_at__gte=now - PACE).order_by("admitted_at").values_list("admitted_at", flat=True)
    return Look(_room(now), list(waiting.values_list("pk", "survey_id", "seen_at")), [at for at in admissions if at], now)


def _room(now: datetime) -> Room:
    recent = Interview.objects.filter(status=Interview.Status.RUNNING, updated_at__gte=now - timedelta(minutes=settings.ADMISSION_LIVE_MINUTES))
    live: Mapping[int, int] = dict(recent.order_by().values_list("participant__survey").annotate(n=Count("pk")))
    most_of = dict(Survey.objects.filter(most_live__isnull=False).values_list("pk", "most_live"))
    return Room(settings.ADMISSION_LIVE, {pk: most for pk, most in most_of.items() if most is not None}, live)


def waiting_for(survey: Survey, origins: frozenset[str]) -> int:
    """How many wait now."""
    here = Waiting.objects.filter(survey=survey, participant__origin__in=origins, admitted_at=None)
    return here.filter(seen_at__gte=timezone.now() - KEPT, participant__interview=None).count()
