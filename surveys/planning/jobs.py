"""Where the translation of a survey's guide into one language stands."""

from typing import ClassVar

from django.db import models

from surveys.models import Survey


class TranslationJob(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        RETRYING = "retrying", "Tried again soon"
        FAILED = "failed", "Failed"
        DONE = "done", "Done"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="translation_jobs")
    language = models.CharField(max_length=16)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    reason = models.CharField(max_length=500, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "language"], name="one_translation_job_per_language")]

    def __str__(self) -> str:
        return f"{self.language}: {self.get_status_display()}"

    @property
    def going_on(self) -> bool:
        return self.status in (self.Status.WAITING, self.Status.RUNNING, self.Status.RETRYING)
