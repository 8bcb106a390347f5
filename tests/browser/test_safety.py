"""Someone tells of danger, on a phone: help they can call, a choice of their own; and a bad question is reported in place."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from interviewer.flags import Flag
from interviewer.models import Interview
from surveys.support import SupportResource
from tests.browser.conftest import Watched
from tests.conftest import make_interview, make_survey
from tests.guides import TWO_OPEN
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]
TOLD = {"en": "I want to die.", "ar": "أريد أن أموت."}


@pytest.mark.parametrize("language", TOLD)
def test_help_is_shown_and_a_question_reported_in_place(stack: Stack, open_page: Callable[..., Watched], language: str) -> None:
    SupportResource.objects.all().delete()
    SupportResource.objects.create(country="KE", name="Befrienders Kenya", contact="0722 178 177", url="https://www.befrienderskenya.org")
    interview = make_interview(make_survey(TWO_OPEN), language=language, country="KE")
    watched = open_page(phone=True)
    page = watched.page
    page.goto(f"{stack.url}/i/{interview.participant.token}/")
    page.locator("#answer").fill(TOLD[language])
    page.locator("#send").click()
    expect(page.locator("#log a[href='tel:0722178177']")).to_have_text("0722 178 177")
    expect(page.locator("#closed-answer input[type=radio]")).to_have_count(2)
    watched.accessible()
    page.screenshot(path=watched.folder / f"support-{language}.png")
    page.locator("#log .flag").first.click()
    page.locator("#flag-reason").fill("Odd.")
    watched.accessible()
    page.screenshot(path=watched.folder / f"flag-{language}.png")
    page.locator("#flag-dialog button[value=report]").click()
    expect(page.locator("#flag-dialog")).to_be_hidden()
    assert list(Flag.objects.values_list("turn__number", "reason")) == [(1, "Odd.")]
    page.reload()  # what the server renders is the same
    expect(page.locator("#log a[href='https://www.befrienderskenya.org']")).to_be_visible()
    page.locator("#log .flag").first.click()
    expect(page.locator("#flag-reason")).to_have_value("Odd.")
    page.locator("#flag-dialog button[value=take_back]").click()
    expect(page.locator("#flag-dialog")).to_be_hidden()
    assert not Flag.objects.exists()
    page.locator("#closed-answer label").last.click()
    page.locator("#closed-answer .button").click()
    expect(page.locator("#afterwards")).to_be_visible()
    assert Interview.objects.get().status == "ended"
