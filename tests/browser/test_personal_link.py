"""A person opens the link from their mail, ends the mails, and takes part all the same."""

import re

import pytest
from playwright.sync_api import expect

from surveys.invitations.models import Contact
from surveys.models import Survey
from tests.browser.test_interview import OpenPage
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def test_from_the_mail_to_no_more_mails_and_into_the_interview(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    contact = Contact.objects.create(survey=survey, email="layla@example.org", email_key="layla@example.org", language="ar")
    watched = open_page(phone=True)
    page = watched.page
    page.goto(f"{stack.url}{contact.path}stop")
    assert page.locator("html").get_attribute("dir") == "rtl"
    watched.accessible()
    page.locator("main input[type=checkbox]").check()
    page.locator("main form button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main form")).to_have_count(0)
    watched.accessible()
    assert Contact.objects.get().opted_out_at is not None
    page.goto(f"{stack.url}{contact.path}")
    watched.accessible()
    page.locator("button[value=agree]").click()
    expect(page).to_have_url(re.compile("/i/"))
    interview = page.url
    elsewhere = open_page().page
    elsewhere.goto(f"{stack.url}{contact.path}")
    expect(elsewhere).to_have_url(interview)
