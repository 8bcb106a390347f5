"""Pausing and resuming a survey's collection of interviews, with a record of who did it and when."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet

from surveys import publishing
from surveys.models import Survey

Status = Survey.Status
FROM = {Status.PAUSED: (Status.OPEN, Status.PILOT), Status.OPEN: (Status.PAUSED,), Status.PILOT: (Status.PAUSED,)}
DID = {Status.PAUSED: "Paused collection.", Status.OPEN: "Resumed collection: open.", Status.PILOT: "Resumed collection as a pilot."}
SHOWN = 5


class NotPossible(RuntimeError):
    """The reason, as a sentence."""


@transaction.atomic
def change(survey: Survey, to: str, by: User) -> str:
    """What was done, as a sentence. Raises NotPossible. Interviews that have begun go on, whatever is done."""
    if to not in FROM:
        raise NotPossible("Collection can be paused, and a paused one resumed. For anything else set the survey's status.")
    status = Status(to)
    if problem := publishing.status_problem(survey, status):
        raise NotPossible(problem)
    if not Survey.objects.filter(pk=survey.pk, status__in=FROM[status]).update(status=status):
        raise NotPossible("Nothing was changed: the survey has another status meanwhile.")
    LogEntry.objects.log_actions(by.pk, [survey], CHANGE, DID[status], single_object=True)
    return DID[status]


def choices(survey: Survey) -> tuple[tuple[str, str], ...]:
    """(status, button) for what can be done now."""
    if survey.takes_interviews:
        return ((Status.PAUSED.value, "Pause collection"),)
    if survey.status == Status.PAUSED:
        return ((Status.OPEN.value, "Resume, open"), (Status.PILOT.value, "Resume as a pilot"))
    return ()


def history(survey: Survey) -> QuerySet[LogEntry]:
    """The latest changes of the survey's status, those made in the admin among them."""
    of_status = Q(change_message__in=DID.values()) | Q(change_message__contains='"Status"')
    about = ContentType.objects.get_for_model(Survey)
    return LogEntry.objects.filter(of_status, content_type=about, object_id=str(survey.pk)).select_related("user").order_by("-action_time")[:SHOWN]
