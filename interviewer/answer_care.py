"""The record of how an answer was written, kept where the participant was told of it, gone when the words go."""

from typing import Any

from django.db import models
from django.dispatch import receiver

from interviewer.measured import Input, Measured
from interviewer.models import Interview, Turn
from interviewer.signals import words_struck
from surveys.models import Frozen, Participant


class AnswerCare(Frozen):
    """What the page counted while the participant wrote this turn (interviewer/measured.py)."""

    turn = models.OneToOneField(Turn, on_delete=models.CASCADE, related_name="care")
    visible_ms = models.PositiveIntegerField()
    typed = models.PositiveIntegerField()
    pasted = models.PositiveIntegerField()
    pastes = models.PositiveIntegerField()
    hidden = models.BooleanField()
    input = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Input])

    def __str__(self) -> str:
        return f"care of turn {self.turn_id}"

    @property
    def measured(self) -> Measured:
        return Measured.model_validate({name: getattr(self, name) for name in Measured.model_fields})


def is_measured(participant: Participant) -> bool:
    """The survey measures now, and the participant has read that it does."""
    return participant.survey.keep_care and participant.consent.care


def keep(turn: Turn, interview: Interview, care: Measured | None) -> None:
    """Drops what was sent although nothing is to be measured."""
    if care is not None and turn.move == "answer" and is_measured(interview.participant):
        AnswerCare.objects.create(turn=turn, **care.model_dump(mode="json"))


@receiver(words_struck)
def forget(turn_id: int, **_: Any) -> None:
    AnswerCare.objects.filter(turn=turn_id).delete()
