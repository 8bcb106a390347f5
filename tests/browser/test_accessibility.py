"""One person in Arabic, from the first page to their record: magnified, spaced, without motion, by keyboard, changing the language midway."""

import re

import pytest
from playwright.sync_api import Page, expect

from interviewer.models import Interview
from interviewer.switching import LanguageChange
from surveys.models import Survey
from tests.browser.test_interview import ANSWERS, OpenPage, say
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

# Of a 1280 × 1024 window: as it is, at 200 % and at 400 % (WCAG 1.4.4, 1.4.10).
ZOOMED = {1: (1280, 1024), 2: (640, 512), 4: (320, 256)}
# WCAG 1.4.12, as a reader's own style sheet would set it.
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }"
# Whatever is shown and stands outside the window to a side.
ASIDE = """() => [...document.querySelectorAll('h1, h2, p, a, button, summary, input, select, textarea')].filter(each => each.checkVisibility()
    && !each.closest('.hidden')).filter(each => { const box = each.getBoundingClientRect();
    return box.width && (box.left < -1 || box.right > innerWidth + 1) }).map(each => each.outerHTML.slice(0, 80))"""
# WCAG 2.5.8: controls that are smaller than 24 × 24 pixels; links within a sentence are exempt, inputs are as large as their labels.
SMALL = """() => [...document.querySelectorAll(
    'button, summary, select, textarea, label:has(input), nav a, header a, .foot a, .about a, a.button, a.quiet')]
    .filter(each => each.checkVisibility() && !each.closest('.hidden')).filter(each => { const box = each.getBoundingClientRect();
    return box.width < 24 || box.height < 24 }).map(each => each.outerHTML.slice(0, 80))"""
MOVING = "() => document.getAnimations().map(each => each.animationName ?? each.transitionProperty)"
# WCAG 2.4.11: whether what has the focus can be seen, at least in part, where it stands.
SEEN = """() => { const focused = document.activeElement, box = focused.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 12));
    return Boolean(top) && (focused.contains(top) || top.contains(focused)) }"""


def magnified(page: Page) -> None:
    for width, height in ZOOMED.values():
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert (wide <= 0, page.evaluate(ASIDE), page.evaluate(SMALL), page.evaluate(MOVING)) == (True, [], [], []), (page.url, width)
    style = page.evaluate_handle("css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; return s }", SPACED)
    assert (page.evaluate(ASIDE), page.evaluate("document.documentElement.scrollWidth <= innerWidth")) == ([], True), page.url
    page.evaluate("document.adoptedStyleSheets = []")
    style.dispose()
    page.set_viewport_size({"width": 1280, "height": 1024})


def tab_through(page: Page) -> int:
    """Every stop of the Tab key, each seen; how many there are."""
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); scrollTo(0, 0)")
    for stops in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return stops
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
    raise AssertionError("the focus never leaves the page")


def test_from_the_first_page_to_the_record(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    watched = open_page(reduced_motion="reduce")
    page = watched.page
    page.goto(f"{stack.url}/s/{survey.slug}/?lang=ar")
    magnified(page)
    assert tab_through(page) >= 4
    page.locator(".foot a").click()
    expect(page).to_have_url(re.compile(r"/accessibility\?lang=ar$"))
    watched.accessible()
    magnified(page)
    page.go_back()
    page.locator("button[value=agree]").click()
    magnified(page)
    page.locator("main form button").click()
    expect(page.locator("#log .turn")).to_have_count(1)
    magnified(page)
    say(page, ANSWERS["ar"])
    assert page.evaluate("document.activeElement.id") == "answer", "the focus stays after a turn"
    magnified(page)
    page.set_viewport_size({"width": 640, "height": 512})
    page.locator("#answer").fill("نصف فكرة")
    page.locator(".languages summary").focus()
    page.keyboard.press("Enter")
    magnified(page)
    watched.accessible()
    page.locator(".languages button[value=en]").press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#log .turn")).to_have_count(4)
    expect(page.locator("#answer")).to_have_value("نصف فكرة")
    assert [page.locator("#log .turn p").nth(place).get_attribute("lang") for place in (0, 2, 3)] == ["ar", "ar", "en"]
    watched.accessible()
    assert tab_through(page) >= 6
    interview = Interview.objects.get()
    assert [turn.held_in for turn in interview.turns.order_by("number")] == ["ar", "ar", "ar", "en"]
    assert LanguageChange.objects.get().after_turn == 3
    page.locator("header.bar a").click()
    expect(page).to_have_url(re.compile("/record$"))
    magnified(page)
    watched.accessible()
    page.goto(f"{stack.url}/s/{survey.slug}/?lang=bn")
    page.goto(f"{stack.url}/i/{interview.participant.token}/")
    page.locator(".languages summary").click()
    page.locator(".languages button[value=bn]").click()
    expect(page.locator("html")).to_have_attribute("lang", "bn")
    shown = page.locator("#progress-text").inner_text()
    expect(page.locator("#log .turn")).to_have_count(5)
    assert (page.locator("#progress-text").inner_text(), "১" in shown) == (shown, True), "the script writes figures as the server does"
