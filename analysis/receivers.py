"""News from below: an interview to be analysed, words that are not to be used any more, a participant who leaves."""

from typing import Any

from django.db.models.signals import pre_save
from django.dispatch import receiver

from analysis import forgetting, queueing
from analysis.backlog.records import OPEN, RunUnit
from analysis.exporting import running as exporting
from analysis.models import Coding
from analysis.privacy.records import OriginalSeen
from interviewer.models import Interview
from interviewer.signals import interview_completed, participant_withdrawn, words_struck
from surveys.models import Survey

STRUCK = "The participant has struck words since: the interview is analysed anew."


@receiver(interview_completed)
def analyse_when_completed(interview_id: int, **_: Any) -> None:
    queueing.hand_over([interview_id])


@receiver(words_struck)
def forget_what_was_struck(interview_id: int, turn_id: int, **_: Any) -> None:
    RunUnit.objects.filter(interview=interview_id, state__in=OPEN).update(state=RunUnit.State.UNPROCESSABLE, reason=STRUCK, replies={})
    forgetting.forget_words(interview_id, turn_id)
    exporting.forget(Interview.objects.values_list("participant__survey", flat=True).get(pk=interview_id))


@receiver(participant_withdrawn)
def let_nothing_be_written_meanwhile(survey_id: int, interview_id: int | None, **_: Any) -> None:
    exporting.forget(survey_id)
    if interview_id is not None:
        forgetting.hold(interview_id)
        OriginalSeen.objects.filter(interview=interview_id).update(reason="")  # it may tell of them; that someone looked stays
        forgetting.forget_readings(interview_id)


@receiver(pre_save, sender=Survey)
def count_anew_where_people_coded(instance: Survey, **_: Any) -> None:
    """Whose codes count has been switched: the interviews that people have coded are counted again."""
    if not Survey.objects.filter(pk=instance.pk).exclude(prefer_people=instance.prefer_people).exists():
        return
    by_people = Coding.objects.filter(interview__participant__survey=instance, coder__user__isnull=False)
    queueing.hand_over(sorted(set(by_people.values_list("interview_id", flat=True))))
