"""No log line names a personal link."""

import logging

import pytest
from django.conf import settings
from django.test import Client

from config.logs import WithoutTokens


@pytest.mark.django_db
def test_a_page_that_is_not_found_is_logged_without_its_token(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/i/secret-token_1/")
    assert [record.getMessage() for record in caplog.records if record.name == "django.request"] == ["Not Found: /i/…/"]


def test_the_filter_leaves_other_lines_as_they_are() -> None:
    record = logging.LogRecord("n", logging.INFO, "p", 1, "%s of %d, see /i/abc-D_1/record, /s/tea/p/abc-D_1/stop and /admin/", ("one", 2), None)
    assert WithoutTokens().filter(record)
    assert record.getMessage() == "one of 2, see /i/…/record, /s/tea/p/…/stop and /admin/"


def test_every_handler_has_the_filter() -> None:
    assert all("without tokens" in handler["filters"] for handler in settings.LOGGING["handlers"].values())
    assert not logging.getLogger("django").handlers
