"""A participant changes the language of a running interview: what was said stays, what they are to answer is said again."""

from typing import ClassVar

from django.db import models, transaction
from django.utils import timezone

from interviewer.models import Interview, Turn
from surveys.models import Frozen, Participant


class LanguageChange(Frozen):
    """after_turn: the number of the last turn said before the change; 0 before the first."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="language_changes")
    from_language = models.CharField(max_length=16)
    to_language = models.CharField(max_length=16)
    after_turn = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.from_language} → {self.to_language} after turn {self.after_turn}"


@transaction.atomic
def change_language(interview_id: int, language: str) -> bool:
    """False where nothing is to change: the interview is over, or it is in this language already.

    A turn that is being spoken meanwhile is finished in the language it was begun in. What waits for the participant's answer is said
    again on the next join (`engine.resume`), which the page makes at once.
    """
    running = Interview.objects.select_for_update().filter(pk=interview_id, status=Interview.Status.RUNNING)
    interview = running.exclude(language=language).first()
    if interview is None:
        return False
    last = Turn.objects.filter(interview=interview_id).order_by("-number").values_list("number", flat=True).first() or 0
    changed = Interview.objects.filter(pk=interview_id, status=Interview.Status.RUNNING, language=interview.language)
    if not changed.update(language=language, updated_at=timezone.now()):
        return False
    Participant.objects.filter(pk=interview.participant_id).update(language=language)
    LanguageChange.objects.create(interview=interview, from_language=interview.language, to_language=language, after_turn=last)
    return True
