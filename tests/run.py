"""Runs every test on what the program carries with it, and those that use a database once more on PostgreSQL and Redis where they can be reached.

COLLOQUY_TEST_ALL=1 makes anything left out a failure.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

LOCAL_DATABASE = "postgres://postgres@127.0.0.1:5432/postgres"
LOCAL_REDIS = "redis://127.0.0.1:6379/9"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    left_out = [] if any(map(shutil.which, CHROMIUMS)) else ["browser tests: no Chromium found (Debian: apt-get install chromium)"]
    database, redis = _reachable_database(), _reachable_redis()
    print("Tests on SQLite and an embedded Redis", flush=True)
    failed = _pytest({"DATABASE_URL": "", "REDIS_URL": ""})
    if database and redis:
        print(f"\nTests on PostgreSQL and Redis ({database.rsplit('@')[-1]}, {redis.rsplit('@')[-1]})", flush=True)
        failed |= _pytest({"DATABASE_URL": database, "REDIS_URL": redis, "COLLOQUY_TEST_DATABASE": "1"})
    else:
        missing = " and ".join(name for name, url in (("PostgreSQL", database), ("Redis", redis)) if not url)
        left_out.append(f"the tests on PostgreSQL and Redis: no {missing} reached (set DATABASE_URL, REDIS_URL)")
    for line in left_out:
        print(f"Left out: {line}")
    return int(failed or bool(left_out and os.environ.get("COLLOQUY_TEST_ALL")))


def _pytest(environment: Mapping[str, str]) -> bool:
    return subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]], env=os.environ | environment, check=False).returncode != 0


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
