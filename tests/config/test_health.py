"""The two addresses for those who watch the program."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from tests.support.stack import free_port

pytestmark = pytest.mark.django_db


def ask(path: str, **headers: str) -> tuple[int, dict]:
    response = Client().get(path, headers=headers)
    return response.status_code, response.json()


def test_a_program_with_all_it_needs_is_ready(settings: Any, redis_url: str) -> None:
    settings.REDIS_URL = redis_url
    assert ask("/health/ready") == (200, {"ready": True, "checks": {"database": True, "migrations": True, "redis": True}})


def test_without_a_redis_of_its_own_none_is_asked(settings: Any) -> None:
    settings.REDIS_URL = ""
    assert ask("/health/ready") == (200, {"ready": True, "checks": {"database": True, "migrations": True}})


def test_a_redis_that_does_not_answer_makes_it_unready_and_its_password_stays_secret(settings: Any) -> None:
    settings.REDIS_URL = f"redis://:hunter2@127.0.0.1:{free_port()}/0"
    response = Client().get("/health/ready")
    assert (response.status_code, response.json()) == (503, {"ready": False, "checks": {"database": True, "migrations": True, "redis": False}})
    assert b"hunter2" not in response.content


def test_a_migration_not_applied_makes_it_unready(settings: Any) -> None:
    settings.REDIS_URL = ""
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied(*MigrationLoader(connection).graph.leaf_nodes("analysis")[0])
    assert ask("/health/ready") == (503, {"ready": False, "checks": {"database": True, "migrations": False}})


def test_a_database_that_does_not_answer_makes_it_unready(settings: Any) -> None:
    settings.REDIS_URL = ""
    with connection.execute_wrapper(refuse):
        assert ask("/health/ready") == (503, {"ready": False, "checks": {"database": False, "migrations": False}})


def refuse(*args: object) -> object:
    raise ConnectionError("no route to host db-1.internal")


def test_it_lives_whatever_it_depends_on(settings: Any) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    with connection.execute_wrapper(refuse):
        assert ask("/health/live") == (200, {"live": True})


def test_the_machine_itself_may_ask_without_https_and_whatever_the_public_name(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert ask("/health/live", host="127.0.0.1:8000") == (200, {"live": True})
    assert Client().get("/").status_code == 301


def test_answers_are_never_kept_by_a_cache() -> None:
    assert "no-store" in Client().get("/health/ready").headers["Cache-Control"]
