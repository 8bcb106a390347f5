"""Records of what participants changed in their own interviews afterwards: words they struck, corrections they added."""

from typing import ClassVar

from django.db import models

from interviewer.models import Interview, Turn
from surveys.models import Frozen


class Strike(Frozen):
    """That the participant struck a turn. Its words are gone."""

    turn = models.OneToOneField(Turn, on_delete=models.CASCADE, related_name="strike")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"turn {self.turn_id} struck"


class Correction(Frozen):
    """What the participant corrected or added; it stands beside the transcript."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="corrections")
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"correction of interview {self.interview_id}"
