"""A participant changes the language of a running interview: what was said stays, what they are to answer is said again."""

from typing import ClassVar

from django.db import models

from interviewer.models import Interview
from surveys.models import Frozen


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
