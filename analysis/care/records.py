"""Records of what can be seen of how answers were written, of what people decided about it, and of who is set aside."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from analysis.care.kinds import Kind
from interviewer.models import Interview, Turn
from surveys.models import Frozen, Survey


class CareEvidence(models.Model):
    """One thing to look at, with its figure and the bound it passed. other: the turn that is like it."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="care_evidence")
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="care_evidence")
    other = models.ForeignKey(Turn, null=True, on_delete=models.CASCADE, related_name="+")
    figure = models.FloatField()
    bound = models.FloatField()

    class Meta:
        ordering: ClassVar = ["turn_id", "kind"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["turn", "kind", "other"], name="evidence_once")]
        indexes: ClassVar = [models.Index(fields=["survey", "kind", "interview"])]

    def __str__(self) -> str:
        return self.get_kind_display()


class AnswerBand(models.Model):
    """One of the marks by which answers that are nearly the same find each other; says nothing of their words."""

    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="+")
    key = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return str(self.key)


class AnswerPace(models.Model):
    """Words read and written a second: what a survey's own distribution is made of."""

    turn = models.OneToOneField(Turn, on_delete=models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=16)
    speed = models.FloatField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["survey", "language", "-id"])]

    def __str__(self) -> str:
        return f"{self.speed:.1f} words/s"


class CareDecision(Frozen):
    """What a person decided about an interview, and why. The newest holds; none is ever deleted but with the interview."""

    class Decision(models.TextChoices):
        KEPT = "kept", "Kept"
        SET_ASIDE = "set_aside", "Set aside"
        TAKEN_BACK = "taken_back", "Decision taken back"

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="care_decisions")
    decision = models.CharField(max_length=10, choices=Decision)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} by {self.by_name}"


class SetAside(models.Model):
    """An interview that a person has set aside: counted in no finding and in no export, and kept."""

    interview = models.OneToOneField(Interview, on_delete=models.CASCADE, related_name="set_aside")
    decision = models.ForeignKey(CareDecision, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.interview} set aside"
