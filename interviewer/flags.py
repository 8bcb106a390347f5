"""A participant's report that a question was bad. It says nothing to the interviewer and changes nothing in the interview."""

from typing import ClassVar

from django.db import models

from interviewer.models import Interview, Turn

LONGEST_REASON = 1000


class Flag(models.Model):
    turn = models.OneToOneField(Turn, on_delete=models.CASCADE, related_name="flag")
    reason = models.TextField(blank=True, max_length=LONGEST_REASON)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "reported question"
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"report on turn {self.turn_id}"


def turn_to_flag(interview: Interview, number: int) -> Turn | None:
    return interview.turns.filter(number=number, role=Turn.Role.INTERVIEWER).exclude(text="").first()


def report(turn: Turn, reason: str) -> None:
    """Reporting again changes the reason."""
    Flag.objects.update_or_create(turn=turn, defaults={"reason": reason.strip()[:LONGEST_REASON]})


def take_back(turn: Turn) -> None:
    Flag.objects.filter(turn=turn).delete()


def flagged_in(interview: Interview) -> dict[int, str]:
    """Number of the turn → the reason given."""
    return dict(Flag.objects.filter(turn__interview=interview).values_list("turn__number", "reason"))
