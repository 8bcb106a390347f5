"""The Celery task of recruiting: sends the invitations and reminders that are due."""

from celery import shared_task

from surveys.invitations import sending


@shared_task
def send_due_mail() -> int:
    return len(sending.send_due())
