"""The Celery tasks of the analysis: keys in, delegate, retry."""

from typing import Any

from asgiref.sync import async_to_sync
from celery import shared_task

from analysis import pipeline, queueing
from llm import model_for


@shared_task(bind=True, acks_late=True, max_retries=None)
def analyse(self: Any, interview_ids: list[int]) -> None:
    """Tries again, when they are due, those the model could not be asked about; the pipeline counts the attempts."""
    run = async_to_sync(pipeline.analyse_many)
    outcomes = run(interview_ids, model=model_for("analyst"))
    if later := [outcome for outcome in outcomes if outcome.status == "later"]:
        raise self.retry(args=[[outcome.interview_id for outcome in later]], countdown=max(outcome.after for outcome in later))


@shared_task
def sweep() -> int:
    return queueing.sweep()
