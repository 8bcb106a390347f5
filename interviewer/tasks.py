"""The Celery tasks of interviews: telling a survey's contact of a safety alert, settling what a server that died left unsettled."""

from celery import shared_task

from interviewer import settling
from interviewer.safety import alerts


@shared_task(acks_late=True, autoretry_for=(OSError,), retry_backoff=30, retry_backoff_max=1800, max_retries=8)
def tell_contact(alert_id: int) -> bool:
    return alerts.tell_contact(alert_id)


@shared_task
def tell_of_alerts_left_behind() -> int:
    return sum(alerts.enqueue(alert_id) for alert_id in alerts.left_behind())


@shared_task
def settle_finished() -> int:
    return settling.settle_finished()
