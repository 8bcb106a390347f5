"""What a participant's first pages weigh, everything they load included: under 100 kB, though nothing is compressed here."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from surveys.guide_yaml import read
from surveys.models import Survey
from tests.conftest import make_interview, make_survey

pytestmark = pytest.mark.django_db
STATIC = Path(settings.STATICFILES_DIRS[0])
LIMIT = 100_000  # bytes


@pytest.fixture
def survey() -> Survey:
    return make_survey(read((settings.BASE_DIR / "surveys" / "demo" / "guide.yaml").read_bytes()), slug="demo")


def weight(client: Client, address: str) -> tuple[int, set[str]]:
    """Bytes of the page with all that it names, and with what its scripts import."""
    html = client.get(address).content
    named = set(re.findall(r'(?:href|src)="/?static/([^"]+)"', html.decode()))
    for script in [name for name in named if name.endswith(".js")]:
        named |= {f"js/{each}" for each in re.findall(r'from "\./([^"]+)"', (STATIC / script).read_text())}
    assert "url(http" not in "".join((STATIC / name).read_text() for name in named)
    return len(html) + sum((STATIC / name).stat().st_size for name in named), named


@pytest.mark.parametrize("language", ["en", "ar", "hi", "ja"])
def test_the_first_page_in_all(client: Client, survey: Survey, language: str) -> None:
    total, named = weight(client, f"/s/demo/?lang={language}")
    assert (total < LIMIT / 2, named) == (True, {"css/colloquy.css", "icon.svg"})


def test_the_conversation_in_all(client: Client, survey: Survey) -> None:
    total, named = weight(client, f"/i/{make_interview(survey, language='hi').participant.token}/")
    assert (total < LIMIT, "js/interview.js" in named, any(name.endswith((".woff", ".woff2", ".ttf")) for name in named)) == (True, True, False)
