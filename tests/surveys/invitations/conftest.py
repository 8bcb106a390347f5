"""A survey that invites, and a mail server that takes its mail."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from surveys.invitations.models import Contact
from surveys.models import Survey
from tests.conftest import make_survey
from tests.guides import TEXTS, guide, question
from tests.support.mail_server import MailServer

GUIDE = guide(question("last_cup"), texts={"en": TEXTS, "ar": {**TEXTS, "title": "الشاي"}, "ja": {**TEXTS, "title": "お茶"}})


@pytest.fixture
def survey(db: None) -> Survey:
    return make_survey(GUIDE)


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{server.port}"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.DEFAULT_FROM_EMAIL = "Tea survey <tea@example.org>"
        settings.PUBLIC_URL = "https://interviews.example.org"
        yield server


def invited(survey: Survey, email: str = "anna@example.org", **fields: Any) -> Contact:
    """A contact whose invitation may go out."""
    released = {"queued_at": timezone.now()} | fields
    return Contact.objects.create(survey=survey, email=email, email_key=email.lower(), **released)
