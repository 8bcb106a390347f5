"""A participant strikes a turn of their interview: the words go for good, and what was made of them goes with them."""

from django.db import transaction

from interviewer.amendments import Strike
from interviewer.models import Turn
from interviewer.signals import words_struck


def can_be_struck(turn: Turn, *, last: int, finished: bool) -> bool:
    """The participant's own words, and what a model worded in answer to them, since it may repeat them.

    What the interviewer said last stays until it is answered. last: the number of the interview's last turn.
    """
    if turn.role == Turn.Role.PARTICIPANT:
        return bool(turn.text) or turn.value is not None
    return bool(turn.model and turn.text) and (finished or turn.number < last)


@transaction.atomic
def strike(turn: Turn) -> None:
    """Striking twice is striking once."""
    _, new = Strike.objects.get_or_create(turn=turn)
    if new:
        words_struck.send(sender=Turn, interview_id=turn.interview_id, turn_id=turn.pk)
        _blank(turn)


def _blank(turn: Turn) -> None:
    """The one exception to turns never changing: whoever said the words has asked for them to go. The Strike says that they did."""
    Turn.objects.filter(pk=turn.pk).update(text="", value=None)
