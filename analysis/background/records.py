"""Records of such work: where it stands as a whole, and where each of its interviews stands."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from interviewer.models import Interview


class Status(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    FAILED = "failed", "Failed"
    DONE = "done", "Done"


class Work(models.Model):
    """lease_until: while it runs, until when its worker holds it; while it waits, until when it is left in the queue."""

    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    reason = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_owner = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    model = models.CharField(max_length=100, blank=True)
    prompt_version = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    finished_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Piece(models.Model):
    """One interview of a work. dropped: quotes the model gave that the transcript does not hold."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    interview: "models.ForeignKey[Any, Interview]" = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    reason = models.CharField(max_length=100, blank=True)
    dropped = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        constraints: ClassVar[list[Any]] = []
