"""The files that a deployment starts from agree with the settings."""

import itertools
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (ROOT / "config" / "settings.py").read_text()
COMPOSE = (ROOT / "docker-compose.yml").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()

READ_BY_SETTINGS = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', SETTINGS))
READ_BY_COMPOSE = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", COMPOSE))
IN_EXAMPLE = re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE)
SET_BY_THE_IMAGE = {"COLLOQUY_VAR", "STATIC_ROOT"}
NOT_FOR_PRODUCTION = {"DEBUG"}
READ_BY_UVICORN = {"FORWARDED_ALLOW_IPS"}
APP_SERVICES = ("migrate", "web", "worker", "beat")


@pytest.fixture(scope="module")
def services() -> dict:
    return yaml.safe_load(COMPOSE)["services"]


def test_the_example_explains_each_variable_once_and_no_other() -> None:
    assert sorted(IN_EXAMPLE) == sorted(READ_BY_SETTINGS | READ_BY_COMPOSE | READ_BY_UVICORN)


def test_the_example_says_each_default_that_settings_have() -> None:
    defaults = dict(re.findall(r'\benv\.\w+\("([A-Z_]+)", default="?([\w.-]+)"?[,)]', SETTINGS))
    shown = dict(re.findall(r"^#([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    plain = {name: {"False": "0"}.get(value, value.removesuffix(".0")) for name, value in defaults.items() if value != "str"}
    assert {name: shown[name] for name in plain} == plain


def test_the_example_holds_no_secret() -> None:
    assert re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE) == [("SECRET_KEY", ""), ("POSTGRES_PASSWORD", "")]


def test_the_example_explains_each_variable_before_naming_it() -> None:
    lines = [line for line in EXAMPLE.splitlines() if line]
    unexplained = [line for before, line in itertools.pairwise(lines) if "=" in line.split(" ")[0] and not before.startswith("# ")]
    assert unexplained == ["#PORT=8000"]  # explained together with BIND


@pytest.mark.parametrize("service", APP_SERVICES)
def test_each_service_gets_every_setting(services: dict, service: str) -> None:
    passed = set(services[service]["environment"])
    assert passed == (READ_BY_SETTINGS | READ_BY_UVICORN) - SET_BY_THE_IMAGE - NOT_FOR_PRODUCTION


def test_compose_holds_no_secret_and_no_default_for_one(services: dict) -> None:
    environment = services["web"]["environment"]
    assert environment["COLLOQUY_PRODUCTION"] == "1"
    assert environment["SECRET_KEY"].startswith("${SECRET_KEY:?")
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert re.findall(r"//\w+:(?!\$\{POSTGRES_PASSWORD:\?)[^@\s]+@", COMPOSE) == []


def test_every_service_that_stays_has_a_health_check_and_starts_again(services: dict) -> None:
    staying = {name for name, service in services.items() if "healthcheck" in service and service["restart"] == "unless-stopped"}
    assert (staying, services["migrate"]["restart"]) == (set(services) - {"migrate"}, "no")
