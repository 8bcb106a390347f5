"""The end of an interview, as its participant's outcome."""

from typing import Any

from django.dispatch import receiver

from interviewer.models import Interview
from interviewer.signals import interview_completed
from surveys import outcomes
from surveys.recruitment import Result

RESULTS = {Interview.Status.COMPLETED: Result.COMPLETE, Interview.Status.ENDED: Result.ENDED}


@receiver(interview_completed)
def settle_when_completed(interview_id: int, **_: Any) -> None:
    if interview := Interview.objects.select_related("participant").filter(pk=interview_id).first():
        settle(interview)


def settle(interview: Interview) -> None:
    """Settling twice is settling once. The last pages do it too, for an interview whose server died between its end and this."""
    outcomes.decide(interview.participant, RESULTS[Interview.Status(interview.status)])
