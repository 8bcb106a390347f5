"""A person takes an interview: every page of the way, by mouse, touch and keyboard, in three scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from interviewer.models import Interview, Turn
from surveys.models import ConsentRecord, Participant, Survey
from tests.browser.conftest import Watched
from tests.conftest import make_survey
from tests.guides import EVERY_KIND
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]
OpenPage = Callable[..., Watched]

ANSWERS = {
    "en": "I used it at work to write a letter, for example to a customer, because it saves time.",
    "ar": "استخدمته في العمل لكتابة رسالة إلى عميل، على سبيل المثال، لأن ذلك يوفر الوقت.",
    "ja": "仕事で顧客への手紙を書くために使いました。例えば先週です。時間の節約になるからです。",
}


def consent(watched: Watched, stack: Stack, survey: Survey, language: str) -> None:
    watched.page.goto(f"{stack.url}/s/{survey.slug}/?lang={language}")
    watched.accessible()
    watched.page.locator("button[value=agree]").click()


def say(page: Page, words: str) -> None:
    """Answers, and waits for the interviewer's next whole turn."""
    turns = page.locator("#log .turn")
    before = turns.count()
    page.locator("#answer").fill(words)
    page.locator("#send").click()
    expect(turns.nth(before + 1)).to_be_visible()


@pytest.mark.parametrize(("language", "direction", "phone"), [("en", "ltr", False), ("ar", "rtl", True), ("ja", "ltr", True)])
def test_a_whole_interview(stack: Stack, survey: Survey, open_page: OpenPage, language: str, direction: str, phone: bool) -> None:
    watched = open_page(phone=phone)
    page = watched.page
    consent(watched, stack, survey, language)
    assert page.locator("html").get_attribute("dir") == direction
    watched.accessible()
    page.locator("select").first.select_option("JP")
    page.locator("main form button").click()
    expect(page.locator("#log .turn")).to_have_count(1)
    watched.accessible()
    for _ in range(25):
        if Interview.objects.exclude(status="running").exists():
            break
        say(page, ANSWERS[language])
    page.locator("#afterwards a, #afterwards button").first.click()
    expect(page).to_have_url(re.compile("/rate$"))
    watched.accessible()
    for name, value in (("satisfaction", "6"), ("captured", "5"), ("would_recommend", "yes")):
        page.locator(f"input[name={name}][value='{value}']").check(force=True)
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile("/thanks$"))
    watched.accessible()
    interview = Interview.objects.select_related("participant").get()
    assert (interview.status, interview.satisfaction, interview.captured, interview.would_recommend) == ("completed", 6, 5, True)
    assert (interview.participant.language, interview.participant.country) == (language, "JP")
    asked = list(interview.turns.filter(move__in=["open", "ask"]).order_by("number").values_list("question_key", flat=True))
    assert asked == ["last_use", "magic_wand", "delivered", "concerns"]


def start(watched: Watched, stack: Stack, survey: Survey) -> None:
    watched.page.goto(f"{stack.url}/s/{survey.slug}/?lang=en")
    watched.page.locator("button[value=agree]").click()
    if watched.page.locator("select").count():
        watched.page.locator("main form button").click()
    expect(watched.page.locator("#log .turn")).to_have_count(1)


def test_what_is_typed_survives_a_reload_and_nothing_is_said_twice(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    watched = open_page()
    page = watched.page
    start(watched, stack, survey)
    page.locator("#answer").fill("Half a thought")
    page.reload()
    expect(page.locator("#answer")).to_have_value("Half a thought")
    say(page, "A whole thought.")
    page.reload()
    expect(page.locator("#log .turn")).to_have_count(3)
    assert list(Turn.objects.filter(role="participant").values_list("text", flat=True)) == ["A whole thought."]


def test_a_server_that_dies_is_waited_for(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    watched = open_page()
    page = watched.page
    start(watched, stack, survey)
    stack.web.kill()
    page.locator("#answer").fill("Said while the line was down.")
    page.locator("#send").click()
    expect(page.locator("#line")).not_to_be_empty()
    stack.start_web()
    expect(page.locator("#log .turn")).to_have_count(3, timeout=45_000)
    assert list(Turn.objects.filter(role="participant").values_list("text", flat=True)) == ["Said while the line was down."]
    watched.forgive("WebSocket connection")
    watched.forgive("Failed to load resource")


def test_the_second_tab_goes_on_and_the_first_says_so(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    watched = open_page()
    first = watched.page
    start(watched, stack, survey)
    second = first.context.new_page()
    second.goto(first.url)
    expect(first.locator("#afterwards")).to_be_visible()
    watched.accessible()
    say(second, "From the second tab.")
    first.locator("#afterwards button").first.click()
    expect(first.locator("#log .turn")).to_have_count(3)


def test_closed_questions_by_keyboard_alone(stack: Stack, open_page: OpenPage) -> None:
    watched = open_page()
    page = watched.page
    start(watched, stack, make_survey(EVERY_KIND))
    page.locator("#skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#closed-answer input[type=radio]")).to_have_count(2)
    watched.accessible()
    page.locator("#closed-answer input").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#closed-answer input[type=checkbox]")).to_have_count(3)
    watched.accessible()
    page.locator("#closed-answer input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#closed-answer input[type=radio]")).to_have_count(5)
    watched.accessible()
    page.locator("#closed-answer input").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#closed-answer input[type=radio]")).to_have_count(0)
    watched.accessible()
    page.keyboard.press("Tab")
    page.locator("#closed-answer input").first.fill("3")
    page.keyboard.press("Enter")
    expect(page.locator("#closed-answer")).to_be_hidden()
    expect(page.locator("#log .turn.interviewer")).to_have_count(6)  # answered, so stored
    values = Turn.objects.filter(role="participant").exclude(value=None).order_by("number").values_list("value", flat=True)
    assert list(values) == ["black", ["home"], 2, 3]


def test_composing_in_an_input_method_does_not_send(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    watched = open_page()
    page = watched.page
    start(watched, stack, survey)
    page.locator("#answer").fill("にほん")
    page.evaluate(
        "document.getElementById('answer').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    page.wait_for_timeout(500)
    assert not Turn.objects.filter(role="participant").exists()
    expect(page.locator("#answer")).to_have_value("にほん")


def test_whole_messages_are_announced_not_pieces(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    watched = open_page()
    page = watched.page
    start(watched, stack, survey)
    page.evaluate(
        """() => { window.heard = []; new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(
        node => window.heard.push(node.textContent.trim())))).observe(
        document.getElementById('log'), {childList: true, subtree: true, characterData: true}) }"""
    )
    say(page, "I wrote a letter.")
    page.wait_for_timeout(300)
    said = Turn.objects.filter(role="interviewer").latest("number").text
    heard = page.evaluate("window.heard")
    assert any(said in text.replace("\n", "\n") for text in heard)
    assert page.locator("#preview").get_attribute("aria-hidden") == "true"
    assert page.locator("#log #preview").count() == 0


@pytest.mark.parametrize("status", ["draft", "paused", "closed"])
def test_a_survey_that_takes_no_interviews_says_why(stack: Stack, survey: Survey, open_page: OpenPage, status: str) -> None:
    Survey.objects.update(status=status)
    watched = open_page(phone=True)
    watched.page.goto(f"{stack.url}/s/{survey.slug}/")
    assert watched.page.locator("main h1").inner_text()
    assert watched.page.locator("button[value=agree]").count() == 0
    watched.accessible()
    watched.forgive("404")


def test_declining_is_respected_and_recorded(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    watched = open_page(phone=True)
    watched.page.goto(f"{stack.url}/s/{survey.slug}/")
    watched.page.locator("button[value=decline]").click()
    watched.page.wait_for_load_state()
    watched.accessible()
    assert list(ConsentRecord.objects.values_list("given", flat=True)) == [False]
    assert Interview.objects.count() == 0


@pytest.mark.parametrize("path", ["/i/nobody/", "/s/nothing/"])
def test_an_unknown_link_says_so(stack: Stack, open_page: OpenPage, path: str) -> None:
    watched = open_page()
    assert watched.page.goto(f"{stack.url}{path}").status == 404  # type: ignore[union-attr]
    watched.accessible()
    watched.forgive("404")


def test_who_has_taken_part_is_told_so(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    watched = open_page()
    page = watched.page
    start(watched, stack, survey)
    page.locator("#end").click()
    page.locator("#end-dialog button[value=end]").click()
    expect(page.locator("#afterwards")).to_be_visible()
    page.goto(f"{stack.url}/s/{survey.slug}/")
    assert page.locator("button[value=agree]").count() == 0
    watched.accessible()
    assert Participant.objects.count() == 1
