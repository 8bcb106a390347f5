"""News from below that starts an analysis."""

from typing import Any

from django.dispatch import receiver

from analysis import queueing
from interviewer.signals import interview_completed


@receiver(interview_completed)
def analyse_when_completed(interview_id: int, **_: Any) -> None:
    queueing.hand_over([interview_id])
