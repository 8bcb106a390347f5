"""News from below: an interview to be analysed, words that are not to be used any more, a participant who leaves."""

from typing import Any

from django.dispatch import receiver

from analysis import forgetting, queueing
from interviewer.signals import interview_completed, participant_withdrawn, words_struck


@receiver(interview_completed)
def analyse_when_completed(interview_id: int, **_: Any) -> None:
    queueing.hand_over([interview_id])


@receiver(words_struck)
def forget_what_was_struck(interview_id: int, turn_id: int, **_: Any) -> None:
    forgetting.forget_words(interview_id, turn_id)


@receiver(participant_withdrawn)
def let_nothing_be_written_meanwhile(interview_id: int | None, **_: Any) -> None:
    if interview_id is not None:
        forgetting.hold(interview_id)
