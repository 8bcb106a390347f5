"""Real processes for the tests: web servers and workers on the test database, to be killed at will."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_url() -> str:
    """The test database's own URL, for processes that are not the tests."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


@dataclass
class Process:
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True)

    def signal(self, number: int) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """kill -9, its children included: nothing is tidied up."""
        self.signal(signal.SIGKILL)
        if self.process:
            self.process.wait()

    def stop(self) -> None:
        self.signal(signal.SIGTERM)
        try:
            if self.process:
                self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill()

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@dataclass
class Stack:
    """A web server's address, and the means to start, stop and kill it and its workers."""

    folder: Path
    redis_url: str
    model_url: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    web: Process = field(init=False)
    worker: Process = field(init=False)

    def __post_init__(self) -> None:
        python = [sys.executable, "-m"]
        web = [*python, "uvicorn", "config.asgi:application", "--port", str(self.port), "--ws", "wsproto", "--lifespan", "off"]
        worker = [*python, "celery", "-A", "config", "worker", "--concurrency", "1", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        self.web = Process(web, self.environment, self.folder / "web.log")
        self.worker = Process(worker, self.environment, self.folder / "worker.log")

    @property
    def environment(self) -> dict[str, str]:
        models = {"LLM_BACKEND": "anthropic", "ANTHROPIC_API_KEY": "test", "ANTHROPIC_BASE_URL": self.model_url}
        ours = {"DATABASE_URL": database_url(), "REDIS_URL": self.redis_url, "COLLOQUY_VAR": str(self.folder), "INTERVIEW_LEASE_SECONDS": "6"}
        return os.environ | ours | (models if self.model_url else {"LLM_BACKEND": "offline"}) | self.settings

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def websocket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/interview/"

    def start_web(self) -> None:
        self.web.start()
        wait_until(lambda: answers(self.url), what="the web server", log=self.web)

    def ensure_web(self) -> None:
        if not (self.web.process and self.web.process.poll() is None and answers(self.url)):
            self.web.kill()
            self.start_web()

    def start_worker(self) -> None:
        self.worker.start()
        wait_until(lambda: " ready." in self.worker.output, what="the worker", log=self.worker)

    def stop(self) -> None:
        self.web.stop()
        self.worker.stop()


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2):
            return True
    except OSError:
        return False


def wait_until(condition: object, *, what: str, seconds: float = 60, log: Process | None = None) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds:.0f} s for {what}" + (f"\n{log.output[-4000:]}" if log else ""))
