"""Real workers killed at every step of a run by batch: afterwards everything is as if nothing had happened, and paid once."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from analysis import pipeline
from analysis.backlog.records import CodingRun, RunBatch, RunUnit
from analysis.staleness import stale
from surveys.models import ModelCall, Survey
from tests.analysis.backlog.batched import MODEL, answer, batched_survey, model, started, states, totals
from tests.support.messages_server import MessagesServer
from tests.support.stack import ROOT, Process, Stack, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.stack]
COUNT = 6

# Where a process is killed, by what it would have called next; each in a process of its own, as `kill -9` would.
DYING = """
import os, signal
from django.db import connections
from analysis.backlog import batches, taking
from analysis.backlog.tending import tend
from llm.anthropic import AnthropicModel

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def killed(where):
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    exec(where, globals())
    while True:
        tend(RUN)
"""
BEFORE_RECORDED = "batches._put_on_record = die"
BEFORE_SENT = "AnthropicModel.submit = die"
BEFORE_ID_STORED = """
submit = AnthropicModel.submit
async def sent(self, requests):
    await submit(self, requests)
    die()
AnthropicModel.submit = sent
"""
MID_COLLECTION = """
batches.STORED_AT_ONCE = 5
store, calls = batches._store, []
def stored(*args):
    calls.append(1)
    return die() if len(calls) == 2 else store(*args)
batches._store = stored
"""
BEFORE_CLOSED = "batches._close = die"
MID_SETTLING = """
note, calls = taking._note_done, []
def noted(units, outcome):
    calls.append(1)
    return die() if len(calls) == 3 else note(units, outcome)
taking._note_done = noted
"""
STEPS = (BEFORE_RECORDED, BEFORE_SENT, BEFORE_ID_STORED, MID_COLLECTION, BEFORE_CLOSED, MID_SETTLING)


@pytest.fixture
def processes(redis_url: str, tmp_path: Path, messages_server: MessagesServer) -> Stack:
    messages_server.answer = answer
    quick = {"ANALYSIS_LEASE_SECONDS": "1", "LLM_BATCH_ARRIVES_SECONDS": "0", "LLM_ANALYST_MODEL": MODEL}
    return Stack(tmp_path, redis_url, model_url=messages_server.url, settings=quick)


def finished_by(run: CodingRun, tend: Callable[[], object]) -> None:
    def over() -> bool:
        tend()
        run.refresh_from_db()
        return run.ended_at is not None

    wait_until(over, what="the run's end")


def unbroken(survey: Survey, server: MessagesServer) -> dict[str, Any]:
    async_to_sync(pipeline.analyse_many)(list(stale(survey, MODEL)), model=model(server), concurrency=4)
    return totals(survey)


def test_killed_at_every_step_it_ends_as_if_unbroken(processes: Stack, messages_server: MessagesServer) -> None:
    survey, whole = batched_survey(COUNT), batched_survey(COUNT, slug="coffee")
    run = started(survey)
    script = f"RUN = {run.pk}\n{DYING}\nprint([killed(where) for where in {STEPS!r}], flush=True)\nwhile True: tend(RUN)"
    died = Process([sys.executable, "manage.py", "shell", "-c", script], processes.environment, processes.folder / "dying.log")
    died.start()
    finished_by(run, lambda: None)
    died.kill()
    assert str([-9] * len(STEPS)) in died.output
    assert (run.status, states(run)) == ("done", {"done": 5 * COUNT})
    assert totals(survey) == unbroken(whole, messages_server)
    assert ModelCall.objects.filter(survey=survey).count() == 4 * COUNT
    assert len(messages_server.batches.held) == 2
    assert sorted(RunBatch.objects.values_list("state", flat=True)) == ["collected", "collected", "lost"]


@pytest.fixture
def worker(processes: Stack) -> Iterator[Process]:
    yield processes.worker
    processes.worker.stop()


def test_a_worker_killed_while_its_batch_is_taken_pays_for_it_once(processes: Stack, worker: Process, messages_server: MessagesServer) -> None:
    survey = batched_survey(3)
    run = started(survey)
    messages_server.batches.withheld = 1
    processes.start_worker()
    wait_until(lambda: messages_server.batches.held, what="the batch to arrive", log=worker)
    worker.kill()
    assert (RunBatch.objects.get().batch_id, RunUnit.objects.filter(state="sent").count()) == ("", 3)
    worker.log.unlink()
    processes.start_worker()
    call = [sys.executable, "-m", "celery", "-A", "config", "call", "analysis.tasks.tend_runs"]
    finished_by(run, lambda: subprocess.run(call, cwd=ROOT, env=processes.environment, check=True, capture_output=True))
    assert (run.status, states(run), len(messages_server.batches.held)) == ("done", {"done": 15}, 2)
    assert ModelCall.objects.filter(survey=survey).count() == 12
