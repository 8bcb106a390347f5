"""Records of how the questions of an interview were answered."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from analysis.material import Basis
from analysis.models import Coder
from analysis.quality.labels import Label, Overall
from interviewer.models import Interview, Turn
from surveys.models import Survey


class Placed(models.Model):
    """What the tables of labels are counted by, beside the row itself, so that no join is needed."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+")
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=16)
    origin = models.CharField(max_length=10)
    coder = models.ForeignKey(Coder, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class AnswerQuality(Placed):
    """How one question of the guide was answered; with the words that show it, where there are any."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="answer_qualities")
    question = models.CharField(max_length=50)
    label = models.CharField(max_length=12, choices=[(each.value, each.value.replace("_", " ")) for each in Label])
    reason = models.CharField(max_length=200, blank=True)
    turn = models.ForeignKey(Turn, null=True, on_delete=models.CASCADE, related_name="+")
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    quote = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interview", "question"], name="question_labelled_once"),
            models.CheckConstraint(condition=Q(turn=None, end=0) | Q(turn__isnull=False), name="quality_quote_has_a_turn"),
        ]
        indexes: ClassVar = [models.Index(fields=["survey", "question", "label", "country", "language", "origin"])]

    def __str__(self) -> str:
        return f"{self.question}: {self.label}"


class InterviewQuality(Placed):
    """How much of an interview there is to read. substantive: open questions with such an answer, of those put."""

    interview = models.OneToOneField(Interview, on_delete=models.CASCADE, related_name="quality")
    label = models.CharField(max_length=12, choices=[(each.value, each.value.replace("_", " ")) for each in Overall])
    substantive = models.PositiveSmallIntegerField()
    put = models.PositiveSmallIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["survey", "label", "origin"])]

    def __str__(self) -> str:
        return self.label


PLACE = ("survey_id", "country", "language", "origin")


def placed(basis: Basis) -> dict[str, Any]:
    return {name: getattr(basis, name) for name in (*PLACE, "interview_id")}


def place(basis: Basis) -> None:
    """Where the participant's profile has changed, labels count where they belong now."""
    for model in (AnswerQuality, InterviewQuality):
        model.objects.filter(interview=basis.interview_id).update(**{name: getattr(basis, name) for name in PLACE})
