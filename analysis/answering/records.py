"""Records of research questions and their answers: what is asked, each version of an answer, how each interview was read, with its quotes."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from analysis.background.records import Piece, Work
from interviewer.models import Turn
from surveys.models import Survey


class Side(models.TextChoices):
    FOR = "for", "For"
    AGAINST = "against", "Against"


class Stance(models.TextChoices):
    """How an interview speaks to it, by the quotes that the transcript holds."""

    FOR = "for", "For"
    AGAINST = "against", "Against"
    MIXED = "mixed", "Mixed"
    SILENT = "silent", "Silent"


class Inquiry(models.Model):
    """A hypothesis or a question. questions: the guide questions that tell who was asked; none: everyone. codes_*: what is counted offline."""

    class Kind(models.TextChoices):
        HYPOTHESIS = "hypothesis", "Hypothesis"
        QUESTION = "question", "Question"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="inquiries")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.CharField(max_length=1000)
    questions = models.JSONField(default=list, blank=True)
    dimension = models.CharField(max_length=50, blank=True)
    codes_for = models.JSONField(default=list, blank=True)
    codes_against = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name_plural = "inquiries"
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "text"], name="asked_once")]

    def __str__(self) -> str:
        return self.text[:60]


class Answer(Work):
    """One version. asked: the inquiry as it was. sentences: [{part, text, cites}]. fingerprint: of the counts and quotes it was written from.

    wording: a person's, beside the model's; approved_by: who stands for it. The model's words are never changed.
    """

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="answers")
    number = models.PositiveIntegerField()
    asked = models.JSONField(default=dict)
    seed = models.PositiveBigIntegerField(default=0)
    by_codes = models.BooleanField(default=False, help_text="Counted from codes, because no language model could be asked.")
    fingerprint = models.CharField(max_length=64, blank=True)
    sentences = models.JSONField(default=list)
    sentences_dropped = models.PositiveIntegerField(default=0)
    interviews_read = models.PositiveIntegerField(default=0)
    wording = models.TextField(blank=True)
    worded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True)
    struck = models.BooleanField(default=False, help_text="Whether words it was made from have been struck or withdrawn since.")

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["inquiry", "number"], name="answer_number_once")]

    def __str__(self) -> str:
        return f"answer {self.number} to {self.inquiry}"


class Reading(Piece):
    """How one interview speaks to an inquiry. stance: '' while it is not read, and where the person was not asked."""

    class Reach(models.TextChoices):
        REACHED = "reached", "Asked, or answered earlier"
        NOT_REACHED = "not_reached", "Not reached"
        NOT_ASKED = "not_asked", "Not asked"

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="pieces")
    stance = models.CharField(max_length=10, blank=True, choices=Stance)
    reach = models.CharField(max_length=12, blank=True, choices=Reach)
    fingerprint = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answer", "interview"], name="read_once"),
            models.CheckConstraint(condition=Q(stance="") | Q(reach="reached"), name="stance_of_those_reached"),
        ]
        indexes: ClassVar = [models.Index(fields=["answer", "stance"]), models.Index(fields=["fingerprint"])]

    def __str__(self) -> str:
        return f"interview {self.interview_id} for {self.answer_id}"


class ReadingQuote(models.Model):
    """A span of the participant's words, checked when written. ref: what the written answer cites it by; '' where it was not given to it."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="quotes")
    turn: "models.ForeignKey[Any, Turn]" = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    ref = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering: ClassVar = ["turn_id", "start"]

    def __str__(self) -> str:
        return self.text[:60]
