"""Runs every test on what the program carries with it, and those that use a database once more on PostgreSQL and Redis where they can be reached.

COLLOQUY_TEST_ALL=1 makes anything left out a failure.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping

LOCAL_DATABASE = "postgres://postgres@127.0.0.1:5432/postgres"
LOCAL_REDIS = "redis://127.0.0.1:6379/9"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    left_out = [] if any(map(shutil.which, CHROMIUMS)) else ["browser tests: no Chromium found (Debian: apt-get install chromium)"]
    database, redis = _reachable_database(), _reachable_redis()
    runs = [Run("SQLite and an embedded Redis", {"DATABASE_URL": "", "REDIS_URL": ""})]
    if database and redis:
        servers = f"PostgreSQL and Redis ({database.rsplit('@')[-1]}, {redis.rsplit('@')[-1]})"
        runs.append(Run(servers, {"DATABASE_URL": database, "REDIS_URL": redis, "COLLOQUY_TEST_DATABASE": "1"}))
    else:
        missing = " and ".join(name for name, url in (("PostgreSQL", database), ("Redis", redis)) if not url)
        left_out.append(f"the tests on PostgreSQL and Redis: no {missing} reached (set DATABASE_URL, REDIS_URL)")
    endings = [run.ended_badly() for run in runs]  # every run is shown, whatever became of the first
    failed = any(endings)
    for line in left_out:
        print(f"Left out: {line}")
    return int(failed or bool(left_out and os.environ.get("COLLOQUY_TEST_ALL")))


class Run:
    """One run of pytest. All run at the same time, each on databases of its own, and are shown one after the other."""

    def __init__(self, name: str, environment: Mapping[str, str]) -> None:
        self.name, self.output = name, tempfile.TemporaryFile()  # noqa: SIM115 - it is read when the run has ended
        command = [sys.executable, "-m", "pytest", *sys.argv[1:]]
        self.process = subprocess.Popen(command, env=os.environ | environment, stdout=self.output, stderr=subprocess.STDOUT)

    def ended_badly(self) -> bool:
        print(f"\nTests on {self.name}", flush=True)
        shown = 0
        while self.process.poll() is None:
            shown = self._show(shown)
            time.sleep(1)
        self._show(shown)
        return self.process.returncode != 0

    def _show(self, start: int) -> int:
        """What it has printed from `start` on; returns where that ends."""
        while new := os.pread(self.output.fileno(), 1 << 20, start):
            sys.stdout.buffer.write(new)
            start += len(new)
        sys.stdout.flush()
        return start


def _reachable_database() -> str:
    import psycopg

    url = os.environ.get("DATABASE_URL", "") or LOCAL_DATABASE
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.Error:
        return ""
    return url


def _reachable_redis() -> str:
    import redis

    url = os.environ.get("REDIS_URL", "") or LOCAL_REDIS
    try:
        redis.Redis.from_url(url, socket_connect_timeout=3).ping()
    except redis.RedisError:
        return ""
    return url


if __name__ == "__main__":
    sys.exit(main())
