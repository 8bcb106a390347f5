"""A panel's person takes part on a phone: from their link through screening and interview back to where they came from."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from interviewer.models import Interview
from surveys.models import Participant, Survey
from surveys.recruitment import Panel, Quota, Result
from tests.browser.conftest import Watched
from tests.conftest import make_interview, make_survey
from tests.guides import guide, question
from tests.support.panel import PanelServer
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]
SCREENING = [
    question("tea", "single", options=["yes", "no"], labels=["Yes, I do", "No"]),
    question("where", "multiple", options=["home", "work"], labels=["At home", "At work"]),
    question("cups", "number", minimum=0, maximum=40),
]
GUIDE = guide(
    question("last_cup", budget=0),
    profile=[{"field": "country", "required": True}],
    screening=SCREENING,
    pass_if=[{"question": "tea", "any_of": ["yes"]}],
)


def tell_about_oneself(page: Page, language: str = "en") -> None:
    page.locator("select").select_option("KE")
    page.get_by_label("Yes, I do").check()
    page.get_by_label("At work").check()
    page.get_by_label(f"[{language}] cups?").fill("3")
    page.locator("main form button").click()


def test_from_the_panels_link_and_back(stack: Stack, open_page: Callable[..., Watched]) -> None:
    survey = make_survey(GUIDE)
    Quota.objects.create(survey=survey, name="all", limit=1)
    watched = open_page(phone=True)
    page = watched.page
    with PanelServer() as panel:
        ways = {result: f"{panel.url}/{result}/{{id}}/{{session}}" for result in Result.values}
        Panel.objects.create(survey=survey, kind="generic", id_parameter="pid", session_parameter="visit", **ways)
        page.goto(f"{stack.url}/s/tea/?lang=en&pid=anna&visit=7")
        page.locator("button[value=agree]").click()
        watched.accessible()
        tell_about_oneself(page)
        expect(page.locator("#log .turn")).to_have_count(1)
        for _ in range(6):
            if Interview.objects.exclude(status="running").exists():
                break
            turns = page.locator("#log .turn").count()
            page.locator("#answer").fill("This morning, at work, with a friend, because it was cold.")
            page.locator("#send").click()
            expect(page.locator("#log .turn").nth(turns + 1)).to_be_visible()
        page.locator("#afterwards a, #afterwards button").first.click()
        page.locator("main form button").click()
        expect(page).to_have_url(re.compile("/thanks$"))
        watched.accessible()
        expect(page.locator(".receipt")).to_be_visible()
        page.get_by_role("link", name="Back to the panel").click()
        expect(page.get_by_role("heading")).to_have_text("Thank you from the panel")
        page.go_back()
        page.get_by_role("link", name="Back to the panel").click()
        expect(page.get_by_role("heading")).to_have_text("Thank you from the panel")
        assert (dict(panel.hits), panel.referers) == ({"/complete/anna/7": 2}, {None})

        page.goto(f"{stack.url}/s/tea/?lang=en&pid=ben&visit=8")
        page.locator("button[value=agree]").click()
        tell_about_oneself(page)
        expect(page.get_by_role("heading").first).to_have_text("Thank you for your interest")
        watched.accessible()
        page.get_by_role("link", name="Back to the panel").click()
        expect(page.get_by_role("heading")).to_have_text("Thank you from the panel")
        assert panel.hits["/quota_full/ben/8"] == 1

    Quota.objects.update(limit=5)
    Survey.objects.update(most_live=1)
    make_interview(survey)
    page.goto(f"{stack.url}/s/tea/?lang=ar&pid=cleo&visit=9")
    page.locator("button[value=agree]").click()
    tell_about_oneself(page, "ar")
    expect(page.locator("#place")).to_be_visible()
    watched.accessible()
    results = dict(Participant.objects.values_list("external_id", "outcome__result"))
    assert results.pop("") is None
    assert (results, Quota.objects.get().completed) == ({"anna": "complete", "ben": "quota_full", "cleo": None}, 1)
