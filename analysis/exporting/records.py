"""Records of exported files: what was asked for, by whom, how far it is, and where the file is."""

from datetime import datetime
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models

from analysis.export.columns import Scope
from surveys.models import Survey


class ExportJob(models.Model):
    """One file. lease_until: while it runs, until when its worker holds it; while it waits, until when it is left in the queue."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        DELETED = "deleted", "Deleted"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="export_jobs")
    format = models.CharField(max_length=10)
    pilot = models.BooleanField(default=False)
    simulated = models.BooleanField(default=False)
    codebook = models.PositiveIntegerField(null=True)
    public = models.BooleanField(default=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    file = models.CharField(max_length=100, blank=True, help_text="Its name in the folder of exports.")
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    manifest = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)
    downloads = models.PositiveIntegerField(default=0)
    expires_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=32, blank=True, editable=False)
    lease_until: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.survey_id}.{self.format} by {self.by_name}"

    @property
    def scope(self) -> Scope:
        if self.public:
            return Scope.for_outside(self.survey)
        return Scope.of(self.survey, pilot=self.pilot, simulated=self.simulated, codebook=self.codebook)

    @property
    def path(self) -> Path:
        return Path(settings.EXPORTS_DIR) / self.file

    @property
    def percent(self) -> int:
        return min(99, self.rows * 100 // self.total) if self.total else 0
