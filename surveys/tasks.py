"""The Celery tasks of surveys: the translation of a guide, mail that is due, places in quotas that nobody uses. Keys in, delegate, retry."""

from typing import Any

from asgiref.sync import async_to_sync
from celery import shared_task

from llm import ModelError, model_for
from surveys import quotas
from surveys.invitations import sending
from surveys.models import Survey
from surveys.planning import jobs, translation

MOST_RETRIES = 5
LONGEST_WAIT = 300.0  # seconds


@shared_task(bind=True, acks_late=True, max_retries=MOST_RETRIES)
def translate(self: Any, survey_id: int, language: str) -> None:
    """One language of one survey. Safe to run again: what is translated is not translated twice."""
    survey = Survey.objects.filter(pk=survey_id).first()
    if survey is None:
        return
    jobs.note(survey_id, language, jobs.Status.RUNNING)
    try:
        async_to_sync(translation.translate)(survey, language, model_for("analyst"))
    except ModelError as error:
        if error.retry and self.request.retries < MOST_RETRIES:
            jobs.note(survey_id, language, jobs.Status.RETRYING, str(error))
            raise self.retry(countdown=min(error.after or 2.0**self.request.retries * 5, LONGEST_WAIT)) from error
        jobs.note(survey_id, language, jobs.Status.FAILED, str(error))
    else:
        jobs.note(survey_id, language, jobs.Status.DONE)


@shared_task
def send_due_mail() -> int:
    return len(sending.send_due())


@shared_task
def release_places() -> int:
    return quotas.release_expired()
