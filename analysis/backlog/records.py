"""Records of runs: which interviews are taken through which steps, how far each has come, and what it has cost."""

import secrets
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models

from analysis.models import CodebookVersion
from interviewer.models import Interview
from surveys.models import Survey


def new_marker() -> str:
    return secrets.token_hex(6)


class CodingRun(models.Model):
    """One going through what is stale in a survey. marker: what its requests' ids begin with, so that its batches are known again anywhere."""

    class Mode(models.TextChoices):
        LIVE = "live", "Live"
        BATCH = "batch", "By batch"

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        DONE = "done", "Done"
        STOPPED = "stopped", "Stopped"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="coding_runs")
    codebook = models.ForeignKey(CodebookVersion, null=True, on_delete=models.CASCADE, related_name="runs")
    model = models.CharField(max_length=100)
    prompt_version = models.CharField(max_length=100, help_text="Of the prompt that codes.")
    mode = models.CharField(max_length=10, choices=Mode)
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    reason = models.TextField(blank=True, help_text="Why it is paused or stopped.")
    marker = models.CharField(max_length=12, unique=True, default=new_marker, editable=False)
    interviews = models.PositiveIntegerField(default=0, help_text="How many were planned; fewer are left where people have withdrawn.")
    forecast = models.JSONField(default=dict, blank=True)
    budget_usd = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    spent_usd = models.DecimalField(max_digits=12, decimal_places=6, default=Decimal(0))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.survey.slug}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_RUNS


OPEN_RUNS = (CodingRun.Status.PLANNED, CodingRun.Status.RUNNING, CodingRun.Status.PAUSED)


class RunBatch(models.Model):
    """Requests of a run that were handed over together. It is on record before it is sent, and has its server's id once that is known."""

    class State(models.TextChoices):
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        COLLECTED = "collected", "Collected"
        LOST = "lost", "Never arrived"

    run = models.ForeignKey(CodingRun, on_delete=models.CASCADE, related_name="batches")
    state = models.CharField(max_length=10, choices=State, default=State.SENDING)
    batch_id = models.CharField(max_length=100, blank=True, db_index=True)
    requests = models.PositiveIntegerField()
    downloads = models.PositiveIntegerField(default=0, help_text="How often its results were read and were not whole.")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.batch_id or f"batch {self.pk}"


class RunUnit(models.Model):
    """One step of one interview in a run. What was sent of it comes back done, or is listed here as unprocessable with its reason.

    asked: its prompts that were sent, hash → version. replies: what came back and is not yet made use of, hash → {text, model, call}.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        ANSWERED = "answered", "Answered"
        FAILED = "failed", "Failed, to be tried again"
        DONE = "done", "Done"
        UNPROCESSABLE = "unprocessable", "Unprocessable"

    run = models.ForeignKey(CodingRun, on_delete=models.CASCADE, related_name="units")
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="run_units")
    step = models.CharField(max_length=30)
    fingerprint = models.CharField(max_length=64, blank=True, help_text="What the step's output was made from, once it is done.")
    state = models.CharField(max_length=15, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    batch = models.ForeignKey(RunBatch, null=True, on_delete=models.SET_NULL, related_name="units")
    custom_id = models.CharField(max_length=64, blank=True, help_text="What the ids of its requests begin with.")
    asked = models.JSONField(default=dict)
    replies = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "interview", "step"], name="run_unit_once")]
        indexes: ClassVar = [models.Index(fields=["run", "state", "interview"])]

    def __str__(self) -> str:
        return f"{self.step} of {self.interview_id}: {self.state}"


State = RunUnit.State
OPEN = (State.WAITING, State.SENT, State.ANSWERED, State.FAILED)
