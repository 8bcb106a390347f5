"""Keeps two files young while the background work goes on; docker-compose.yml's health checks read their age."""

from typing import Any

from celery.signals import after_task_publish, beat_init, heartbeat_sent
from django.conf import settings


def report() -> None:
    heartbeat_sent.connect(_worker_beats)
    beat_init.connect(_beat_starts)


def _worker_beats(**kwargs: Any) -> None:
    """Comes every two seconds, as long as the worker's own loop turns and it is connected to Redis."""
    (settings.VAR_DIR / "worker-alive").touch()


def _beat_starts(**kwargs: Any) -> None:
    # Web servers and workers publish tasks too; only in this process does that tell of the clock.
    after_task_publish.connect(_beat_published)
    _beat_published()


def _beat_published(**kwargs: Any) -> None:
    (settings.VAR_DIR / "beat-alive").touch()
