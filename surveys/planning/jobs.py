"""Where the translation of a survey into each of its languages stands, and handing it to the workers."""

from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from surveys.models import Survey

LOST = timedelta(minutes=16)  # longer than a task may run: one that says nothing for so long is not coming back


class Status(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    RETRYING = "retrying", "Tried again soon"
    FAILED = "failed", "Failed"
    DONE = "done", "Done"


class TranslationJob(models.Model):
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
        return self.status in (Status.WAITING, Status.RUNNING, Status.RETRYING) and self.updated_at > timezone.now() - LOST


def note(survey_id: int, language: str, status: str, reason: str = "") -> None:
    TranslationJob.objects.update_or_create(survey_id=survey_id, language=language, defaults={"status": status, "reason": reason[:500]})


def hand_over(survey: Survey, languages: Iterable[str]) -> None:
    """Puts the languages that are not being translated already into the queue, once this transaction is committed."""
    busy = {job.language for job in TranslationJob.objects.filter(survey=survey) if job.going_on}
    for language in languages:
        if language not in busy:
            note(survey.pk, language, Status.WAITING)
            transaction.on_commit(lambda language=language: _enqueue(survey.pk, language))  # type: ignore[misc]  # bound now, not later


def _enqueue(survey_id: int, language: str) -> None:
    from surveys.tasks import translate  # tasks imports this module

    try:
        if not settings.REDIS_URL:
            raise OperationalError("there is no queue: start the program with its worker")
        translate.apply_async(args=[survey_id, language], retry=False)
    except (OperationalError, OSError) as error:
        note(survey_id, language, Status.FAILED, f"The queue cannot be reached: {error}")
