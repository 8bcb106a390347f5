"""`manage.py serve`: the whole program as one command, with its own Redis; its parts may die, and it may be killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from analysis.models import InterviewAnalysis
from tests.analysis.talk import WISHES, held, survey_with_codebook
from tests.support.stack import ROOT, Process, answers, database_url, free_port, wait_until

pytestmark = pytest.mark.stack


@pytest.fixture
def program(transactional_db: None, tmp_path: Path) -> Iterator[tuple[Process, str]]:
    port = free_port()
    environment = os.environ | {"DATABASE_URL": database_url(), "REDIS_URL": "", "COLLOQUY_VAR": str(tmp_path), "LLM_BACKEND": "offline"}
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    process = Process(command, environment, tmp_path / "serve.log")
    yield process, f"http://127.0.0.1:{port}/health/live"
    process.stop()


def children(process: Process, name: str) -> list[int]:
    assert process.process
    found = subprocess.run(["pgrep", "-P", str(process.process.pid), "-f", name], capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


def running_in(folder: Path) -> list[str]:
    """The processes whose environment names the folder as theirs."""
    named = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"COLLOQUY_VAR={folder}\0".encode() in (process / "environ").read_bytes():
                named.append(process.name)
        except OSError:
            continue
    return named


def test_what_dies_is_started_again_and_nothing_outlives_the_program(program: tuple[Process, str], tmp_path: Path) -> None:
    process, url = program
    process.start()
    wait_until(lambda: answers(url), what="the pages", log=process)
    [web] = children(process, "uvicorn")
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: children(process, "uvicorn") not in ([], [web]) and answers(url), what="the web server's successor", log=process)
    [queue] = children(process, "valkey")
    os.kill(queue, signal.SIGKILL)
    wait_until(lambda: children(process, "valkey") not in ([], [queue]), what="the queue's successor", log=process)
    assert process.process
    os.kill(process.process.pid, signal.SIGKILL)
    wait_until(lambda: not answers(url) and not running_in(tmp_path), what="the others to go with the program", log=process)


def test_what_waited_in_the_queue_of_an_earlier_run_is_analysed(program: tuple[Process, str]) -> None:
    interview = held(survey_with_codebook(), *WISHES)
    InterviewAnalysis.objects.create(interview=interview, lease_until=timezone.now() + timedelta(hours=1))
    process, _ = program
    process.start()
    wait_until(lambda: InterviewAnalysis.objects.filter(status="done").exists(), what="the analysis", seconds=120, log=process)


def test_a_port_in_use_is_named(program: tuple[Process, str]) -> None:
    process, url = program
    process.start()
    wait_until(lambda: answers(url), what="the pages", log=process)
    second = subprocess.run(process.command, env=process.environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 1
    assert "is in use. Choose another: make run PORT=" in second.stderr
