"""The secret key: never a default in production, kept from run to run elsewhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.secrets import SHORTEST, secret_key

ROOT = Path(__file__).resolve().parents[2]
GOOD = "k3" * 25


@pytest.mark.parametrize("given", ["", "change-me", "changeme" * 8, "django-insecure-" + GOOD, GOOD[: SHORTEST - 1]])
def test_production_refuses_a_missing_short_or_placeholder_key_and_writes_none(given: str, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        secret_key(given, production=True, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_production_takes_the_key_it_is_given(tmp_path: Path) -> None:
    assert secret_key(GOOD, production=True, folder=tmp_path) == GOOD


def test_elsewhere_a_key_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    key = secret_key("", production=False, folder=tmp_path)
    assert len(key) >= SHORTEST
    assert secret_key("", production=False, folder=tmp_path) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_two_folders_have_two_keys(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert secret_key("", production=False, folder=tmp_path) != secret_key("", production=False, folder=tmp_path / "other")


def check(folder: Path, **settings: str) -> tuple[int, str]:
    environment = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"} | {"COLLOQUY_VAR": str(folder)} | settings
    done = subprocess.run([sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr.strip().splitlines()[-1] if done.stderr.strip() else ""


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set."),
        ({"SECRET_KEY": "change-me"}, "SECRET_KEY is a placeholder or shorter than 32 characters."),
        ({"SECRET_KEY": GOOD, "DEBUG": "1"}, "DEBUG shows internals to visitors"),
    ],
)
def test_the_program_does_not_start_in_production_with_unsafe_settings(settings: dict[str, str], said: str, tmp_path: Path) -> None:
    code, message = check(tmp_path, COLLOQUY_PRODUCTION="1", **settings)
    assert code == 1
    assert said in message


def test_the_program_starts_in_production_with_a_key_of_its_own(tmp_path: Path) -> None:
    assert check(tmp_path, COLLOQUY_PRODUCTION="1", SECRET_KEY=GOOD)[0] == 0
