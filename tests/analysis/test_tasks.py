"""Workers, the queue and the sweep: real ones, killed while they work."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from analysis import lease, pipeline, tasks
from analysis.models import Coding, Fact, InterviewAnalysis, Quote, StepResult, Summary
from analysis.steps import STEPS
from interviewer.models import Interview
from interviewer.signals import interview_completed
from llm import ModelError
from llm.anthropic import AnthropicModel
from surveys.models import ModelCall
from tests.analysis.talk import CODES, WISHES, ScriptedModel, held, survey_with_codebook
from tests.support.answers import default_answer, schema_of
from tests.support.messages_server import MessagesServer
from tests.support.stack import ROOT, Process, Stack, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[list[int]]:
    """What would go to the broker."""
    sent: list[list[int]] = []
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(tasks.analyse, "apply_async", lambda args, **_: sent.append(args[0]))
    return sent


def completed(interview: Interview) -> None:
    interview_completed.send(sender=Interview, interview_id=interview.pk)


def test_a_completed_interview_waits_and_is_in_the_queue(queued: list[list[int]]) -> None:
    interview = held(survey_with_codebook(), *WISHES)
    completed(interview)
    completed(interview)
    assert queued == [[interview.pk], [interview.pk]]
    assert list(InterviewAnalysis.objects.values_list("interview", "status")) == [(interview.pk, "waiting")]


@pytest.mark.stack
def test_a_broker_that_is_down_fails_nobody(tmp_path: Path) -> None:
    interview = held(survey_with_codebook(), *WISHES)
    send = f"interview_completed.send(sender=None, interview_id={interview.pk})"
    script = f"from interviewer.signals import interview_completed; {send}; print('went on')"
    environment = Stack(tmp_path, "redis://127.0.0.1:1/0").environment
    shell = subprocess.run([sys.executable, "manage.py", "shell", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert "went on" in shell.stdout
    assert "wait for the sweep" in shell.stderr
    assert InterviewAnalysis.objects.get().status == "waiting"


def test_the_sweep_finds_what_was_left_behind_and_only_that(queued: list[list[int]]) -> None:
    survey = survey_with_codebook()
    names = ("never", "waiting", "queued", "dead", "alive", "done", "failed")
    interviews = {name: held(survey, *WISHES).pk for name in names}
    held(survey)  # nothing was said
    past, future = timezone.now() - timedelta(minutes=1), timezone.now() + timedelta(minutes=1)
    for name, status, until in (
        ("waiting", "waiting", None),
        ("queued", "waiting", future),
        ("dead", "running", past),
        ("alive", "running", future),
        ("done", "done", None),
        ("failed", "failed", None),
    ):
        InterviewAnalysis.objects.create(interview_id=interviews[name], status=status, lease_until=until)
    assert tasks.sweep() == 3
    assert sorted(queued[0]) == sorted(interviews[name] for name in ("never", "waiting", "dead"))
    assert tasks.sweep() == 0


def test_the_task_comes_back_only_for_those_that_have_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    survey = survey_with_codebook()
    first, second = held(survey, *WISHES), held(survey, *WISHES)

    def overloaded_once(prompt: Any, calls: list[int] = []) -> Any:  # noqa: B006 - counts across calls
        calls.append(1)
        return ModelError("busy", code="overloaded", retry=True, after=90) if len(calls) == 1 else CODES

    monkeypatch.setattr(tasks, "model_for", lambda purpose: ScriptedModel(code=overloaded_once))
    retried: list[Any] = []

    def retry(**options: Any) -> Exception:
        retried.append(options)
        return RuntimeError("retry")

    monkeypatch.setattr(tasks.analyse, "retry", retry)
    with pytest.raises(RuntimeError):
        tasks.analyse([first.pk, second.pk])
    waiting = InterviewAnalysis.objects.get(status="waiting").interview_id
    assert retried == [{"args": [[waiting]], "countdown": 90}]
    assert InterviewAnalysis.objects.get(status="done").interview_id != waiting


# --- Real workers ---------------------------------------------------------------------------------------------------


def answer(body: dict[str, Any]) -> dict[str, Any]:
    return CODES if "wish" in schema_of(body).get("properties", {}) else default_answer(body)


@pytest.fixture
def workers(redis_url: str, tmp_path: Path, messages_server: MessagesServer) -> Iterator[Stack]:
    messages_server.answer = answer
    slow = {"ANALYSIS_LEASE_SECONDS": "2", "LLM_MAX_CONCURRENCY": "3"}
    stack = Stack(tmp_path, redis_url, model_url=messages_server.url, settings=slow)
    yield stack
    stack.worker.stop()


def test_a_server_in_trouble_is_ridden_out(messages_server: MessagesServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "backoff", lambda attempts: 0.01)
    survey = survey_with_codebook()
    interviews = [held(survey, *WISHES).pk for _ in range(12)]
    messages_server.answer, messages_server.rate = answer, 0.25
    messages_server.schedule({"fault": "429", "retry_after": 1}, "malformed", "cut", "not_json", "529")
    model = AnthropicModel("claude-test", api_key="k", base_url=messages_server.url, timeout=10, max_retries=0, max_concurrency=4)
    outcomes = async_to_sync(pipeline.analyse_many)(interviews, model=model, concurrency=4, patient=True)
    assert [outcome.status for outcome in outcomes] == ["done"] * 12
    assert (Coding.objects.count(), Quote.objects.count(), Fact.objects.count()) == (48, 36, 48)
    assert {"rate_limited", "malformed"} <= set(ModelCall.objects.values_list("outcome", flat=True))


def done() -> int:
    return InterviewAnalysis.objects.filter(status="done").count()


@pytest.mark.stack
def test_a_worker_killed_midway_loses_nothing_and_doubles_nothing(workers: Stack, messages_server: MessagesServer, tmp_path: Path) -> None:
    survey = survey_with_codebook()
    count = 30
    interviews = [held(survey, *WISHES).pk for _ in range(count)]
    messages_server.delay = 0.3
    follower = Process([sys.executable, "manage.py", "analyse", "--survey", survey.slug, "--queue"], workers.environment, tmp_path / "follow.log")
    follower.start()
    for _ in range(2):
        before = done()
        workers.start_worker()
        wait_until(lambda start=before: done() > start, what="an analysis", log=workers.worker)
        wait_until(lambda: messages_server.in_flight > 0, what="a model call under way", log=workers.worker)
        workers.worker.kill()
        workers.worker.log.unlink()
        assert InterviewAnalysis.objects.exclude(status="done").exists()
        assert InterviewAnalysis.objects.filter(status="running").exists()
    messages_server.delay = 0.0
    workers.start_worker()

    def swept() -> bool:
        subprocess.run(
            [sys.executable, "-m", "celery", "-A", "config", "call", "analysis.tasks.sweep"], cwd=ROOT, env=workers.environment, check=True
        )
        return InterviewAnalysis.objects.filter(status="done").count() == count

    InterviewAnalysis.objects.filter(status="waiting").update(lease_until=None)  # as if their time in the queue were over
    wait_until(swept, what="all analyses", log=workers.worker)
    assert follower.process is not None
    assert follower.process.wait(30) == 0
    assert f"{count} done, 0 failed" in follower.output
    assert Summary.objects.count() == count
    assert StepResult.objects.count() == len(STEPS) * count
    assert (Coding.objects.count(), Quote.objects.count(), Fact.objects.count()) == (4 * count, 3 * count, 4 * count)
    assert set(Fact.objects.values_list("interview", flat=True)) == set(interviews)
    assert ModelCall.objects.filter(outcome="ok").count() < 5 * count  # what was kept was not paid for again
