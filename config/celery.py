"""The Celery application that runs the analysis in the background."""

import os

from celery import Celery

from config import alive

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("colloquy")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
alive.report()
