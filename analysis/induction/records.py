"""Records of a round of induction: the interviews read, the codes proposed with their quotes, the candidates made of them."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from analysis.background.records import Piece, Work
from analysis.models import CodebookVersion
from interviewer.models import Turn
from surveys.models import Survey


class Relation(models.TextChoices):
    """How one code stands to another."""

    SAME = "same", "The same as"
    CHILD = "child", "A special case of"
    DIFFERENT = "different", "Different from all"


class Round(Work):
    """Codes for one dimension, proposed from a sample. codebook: the version whose codes the candidates are compared with."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="rounds")
    codebook = models.ForeignKey(CodebookVersion, null=True, on_delete=models.SET_NULL, related_name="+")
    dimension = models.CharField(max_length=50, help_text="The key of the dimension that the codes are for.")
    title = models.CharField(max_length=200)
    about = models.TextField(blank=True, help_text="What is looked for, in a sentence.")
    questions = models.JSONField(default=list, help_text="The guide questions whose answers are read; none: the whole interview.")
    seed = models.PositiveBigIntegerField()
    only_other = models.BooleanField(default=False, help_text="Whether interviews in which no code of the dimension was found come first.")
    refs_dropped = models.PositiveIntegerField(default=0, help_text="Times the model named something it was not shown.")

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.title}, {self.created_at:%Y-%m-%d}"


class RoundInterview(Piece):
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="pieces")
    other = models.BooleanField(default=False, help_text="Drawn because no code of the dimension was found in it.")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "interview"], name="in_a_round_once")]

    def __str__(self) -> str:
        return f"interview {self.interview_id} in round {self.round_id}"


class Candidate(models.Model):
    """A code that is not in a codebook yet. While it is not `described`, its words are those of its first proposal."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "To be decided"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        MERGED = "merged", "Merged"

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="candidates")
    label = models.CharField(max_length=200)
    definition = models.TextField(blank=True)
    include = models.TextField(blank=True)
    exclude = models.TextField(blank=True)
    examples = models.TextField(blank=True, help_text="One a line, in words of your own.")
    parent: "models.ForeignKey[Candidate | None, Candidate | None]" = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    merged_into: "models.ForeignKey[Candidate | None, Candidate | None]" = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="merged"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    existing = models.CharField(max_length=50, blank=True, help_text="The code of the codebook that it was compared with.")
    relation = models.CharField(max_length=10, choices=Relation, default=Relation.DIFFERENT)
    reason = models.TextField(blank=True)
    described = models.BooleanField(default=False)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0, help_text="Raised by every decision: a page that knows an older one decides nothing.")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(status="merged") | Q(merged_into__isnull=False), name="merged_into_something"),
            models.CheckConstraint(condition=Q(merged_into=None) | ~Q(merged_into=F("pk")), name="not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return self.label


class Proposal(models.Model):
    """A code that one interview suggests. relation, reason: why it went to its candidate; no candidate: not compared yet."""

    piece = models.ForeignKey(RoundInterview, on_delete=models.CASCADE, related_name="proposals")
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.SET_NULL, related_name="proposals")
    label = models.CharField(max_length=200)
    definition = models.TextField(blank=True)
    relation = models.CharField(max_length=10, choices=Relation, blank=True)
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.label


class ProposalQuote(models.Model):
    """A span of the participant's words that a proposal rests on, in code points, checked when written."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="quotes")
    turn: "models.ForeignKey[Any, Turn]" = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        ordering: ClassVar = ["turn_id", "start"]

    def __str__(self) -> str:
        return self.text[:60]
