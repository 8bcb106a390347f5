"""A person codes answers in Arabic and English by keyboard alone: undoes one, reloads midway, attaches words, finishes."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from playwright.sync_api import Page, expect

from analysis import publishing
from analysis.models import Coding, Translation
from analysis.sampling import drawing
from analysis.sampling.design import Design
from analysis.sampling.records import HumanCoding
from surveys.models import Survey
from tests.analysis.talk import CODEBOOK, held
from tests.browser.test_interview import OpenPage
from tests.conftest import make_survey
from tests.guides import guide, question
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]
BOTH = ("en", "ar")
ARABIC = (("wish", "أريد وقتًا أطول."), ("worry", "سيفقد الناس وظائفهم. وسينتشر الكذب!"))
ENGLISH = (("wish", "More time."), ("worry", "They take jobs 🙂. And they lie to us."))


@pytest.fixture
def coding() -> Survey:
    """Eight people's worries, all to be coded by noor, who is no member of the staff."""
    survey = make_survey(guide(question("wish", languages=BOTH), question("worry", languages=BOTH), languages=BOTH))
    codebook = publishing.save_version(survey, CODEBOOK)
    for _ in range(4):
        arabic = held(survey, *ARABIC, language="ar")
        Translation.objects.create(turn=arabic.turns.get(number=4), language="en", text="People will lose their jobs. And lies spread!", model="test")
        held(survey, *ENGLISH)
    noor = User.objects.create_user("noor", password="tea")
    noor.user_permissions.add(Permission.objects.get(codename="may_code"))
    sample = drawing.draw_sample(survey, codebook, Design(dimensions=("worry",), by=(), half_width=0.0001), name="First", seed=4, by=None)
    drawing.assign(sample, [noor], double=0)
    return survey


def go_on(page: Page) -> None:
    """Enter: saved, and the next answer is there."""
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)
    page.locator("html[data-ready]").wait_for(state="attached")


def pressed(page: Page) -> list[str]:
    return page.locator(".give[aria-pressed=true]").evaluate_all("all => all.map(each => each.dataset.code)")


def test_answers_in_two_languages_by_keyboard_alone(stack: Stack, coding: Survey, open_page: OpenPage) -> None:
    watched = open_page()
    page = watched.page
    page.goto(f"{stack.url}/coding/{coding.slug}/")
    watched.accessible()
    page.locator("#id_username").focus()
    for words in ("noor", "tea"):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Begin").focus()
    page.keyboard.press("Enter")
    page.locator("html[data-ready]").wait_for(state="attached")
    watched.accessible()
    order = list(HumanCoding.objects.values_list("unit__interview__language", flat=True))
    for language in order[:3]:
        assert page.locator(".said[data-turn]").first.get_attribute("dir") == {"ar": "rtl", "en": "ltr"}[language]
        page.keyboard.press("ArrowDown")
        page.keyboard.press("1")  # jobs, with the first sentence
        page.keyboard.press("ArrowDown")
        page.keyboard.press("2")  # lies, with the second
        assert pressed(page) == ["jobs", "lies"]
        go_on(page)
    page.keyboard.press("z")  # back to the third, which is open again
    expect(page.locator(".give[aria-pressed=true]")).to_have_count(2)
    page.keyboard.press("0")  # none stands alone
    assert pressed(page) == ["none"]
    page.keyboard.press("z")
    assert pressed(page) == ["jobs", "lies"]
    page.keyboard.press("0")
    expect(page.locator("#saved")).to_have_text("Saved.")
    page.reload()
    expect(page.locator(".give[aria-pressed=true]")).to_have_text(re.compile("None"))
    go_on(page)
    page.context.set_offline(True)
    page.keyboard.press("2")
    expect(page.locator("#told")).to_contain_text("no connection")
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_have_text("Saved.")
    page.route("**/save", lambda route: route.abort())
    page.keyboard.press("1")
    expect(page.locator("#told")).to_contain_text("no connection")
    page.unroute("**/save")
    page.reload()
    expect(page.locator("#told")).to_have_text("Taken up where you left off.")
    assert pressed(page) == ["jobs", "lies"]
    page.keyboard.press("1")
    expect(page.locator("#saved")).to_have_text("Saved.")
    watched.forgive("net::ERR")
    second = page.context.new_page()
    second.goto(page.url)
    second.keyboard.press("1")
    expect(second.locator("#saved")).to_have_text("Saved.")
    page.keyboard.press("2")  # from the state before: refused, and shown as it is
    expect(page.locator("#told")).to_contain_text("changed elsewhere")
    assert pressed(page) == ["jobs", "lies"]
    second.close()
    watched.forgive("409")
    go_on(page)
    page.keyboard.press("s")
    page.keyboard.type("Not an answer.")
    before = page.url
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != before)
    for _ in range(2):
        page.keyboard.press("1")
        go_on(page)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("That was the last one")
    watched.accessible()
    rows = HumanCoding.objects.order_by("position").values_list("status", "note", "unit__interview__language")
    assert [(status, note) for status, note, _ in rows] == [("done", "")] * 4 + [("skipped", "Not an answer.")] + [("done", "")] * 3
    quotes = {"ar": {"jobs": "سيفقد الناس وظائفهم.", "lies": "وسينتشر الكذب!"}, "en": {"jobs": "They take jobs 🙂.", "lies": "And they lie to us."}}
    given = Coding.objects.order_by("human__position", "code").values_list("human__position", "code", "quotes__text")
    expected = [(at, code, quotes[order[at]][code]) for at in (0, 1) for code in ("jobs", "lies")]
    expected += [(2, "none", None), (3, "jobs", None), (3, "lies", None), *((at, "jobs", None) for at in (5, 6, 7))]
    assert list(given) == expected
