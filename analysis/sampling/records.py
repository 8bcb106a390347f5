"""Records of samples drawn for people to code, and of where each person's coding of each unit stands."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from analysis.models import CodebookVersion
from interviewer.models import Interview
from surveys.models import Survey


class CodingSample(models.Model):
    """Interviews drawn at random for people to code under one codebook version. design: how it was planned, as sampling/design.py reads it."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="coding_samples")
    codebook = models.ForeignKey(CodebookVersion, on_delete=models.RESTRICT, related_name="samples")
    name = models.CharField(max_length=100)
    dimensions = models.JSONField(help_text="The keys of the dimensions to be coded, in the codebook's order.")
    seed = models.PositiveBigIntegerField(help_text="The draw and the order of every queue follow from it.")
    design = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-created_at"]
        permissions: ClassVar = [
            ("may_code", "May code interviews that are assigned to them"),
            ("may_adjudicate", "May decide where coders disagree"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "name"], name="sample_name_once")]

    def __str__(self) -> str:
        return self.name


class FrameMember(models.Model):
    """An interview that could have been drawn, in the stratum it was in then: what makes a sample extensible with known probabilities."""

    sample = models.ForeignKey(CodingSample, on_delete=models.CASCADE, related_name="frame")
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="+")
    stratum = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["sample", "interview"], name="in_a_frame_once")]

    def __str__(self) -> str:
        return f"{self.interview_id} in {self.stratum}"


class SampledUnit(models.Model):
    """An interview that was drawn. probability: its known chance of being drawn, above 0 and at most 1."""

    sample = models.ForeignKey(CodingSample, on_delete=models.CASCADE, related_name="units")
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="sampled_units")
    stratum = models.CharField(max_length=200)
    probability = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sample", "interview"], name="sampled_once"),
            models.CheckConstraint(condition=Q(probability__gt=0, probability__lte=1), name="probability_is_known"),
        ]

    def __str__(self) -> str:
        return f"interview {self.interview_id} of {self.sample_id}"


class HumanCoding(models.Model):
    """One person's coding of one dimension of one sampled interview, or the decision between two. A row without `started_at` has not been opened.

    While it is a draft its codes stand in `draft`, {"codes": [key], "quotes": [{code, turn, start, end}]}; once it is done they are Codings.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "To be coded"
        DONE = "done", "Coded"
        SKIPPED = "skipped", "Skipped"

    unit = models.ForeignKey(SampledUnit, on_delete=models.CASCADE, related_name="human_codings")
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="human_codings")
    dimension = models.CharField(max_length=50)
    adjudicates = models.BooleanField(default=False, help_text="Whether this decides where coders disagree.")
    position = models.PositiveIntegerField(default=0, help_text="Its place in the coder's queue.")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    draft = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0, help_text="Raised by every save: a page that knows an older one saves nothing.")
    reopened = models.BooleanField(
        default=False, help_text="Whether the participant struck words after it was done, so that it is to be coded again."
    )
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True, help_text="When the coder looked at the model's codes; from then on the coding stays as it is.")

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "dimension", "coder", "adjudicates"], name="coded_once_by_a_person"),
            models.UniqueConstraint(fields=["unit", "dimension"], condition=Q(adjudicates=True), name="adjudicated_once"),
            models.CheckConstraint(condition=~Q(status="done") | Q(finished_at__isnull=False), name="done_has_a_time"),
        ]
        indexes: ClassVar = [models.Index(fields=["coder", "status", "position"])]

    def __str__(self) -> str:
        return f"{self.dimension} of {self.unit_id} by {self.coder_id}: {self.status}"
