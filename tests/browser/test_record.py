"""A person sees to their own record in a browser: reads it, takes it away, strikes words, corrects, withdraws."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from interviewer.amendments import Correction, Strike
from interviewer.models import Interview, Turn
from surveys import receipts
from surveys.models import Participant, Survey
from surveys.withdrawal import Withdrawal
from tests.browser.conftest import Watched
from tests.browser.test_interview import ANSWERS, OpenPage, say, start
from tests.conftest import make_interview
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]
CHECKED = {"en": "ltr", "ar": "rtl"}


def spoken(survey: Survey, language: str) -> Interview:
    """An interview that runs: the participant has answered once."""
    interview = make_interview(survey, language=language, country="KE", occupation="Nurse")
    wording = interview.guide_version.guide.questions[0].wordings[language].text
    interview.turns.create(number=1, role="interviewer", move="open", text=wording, question_key="last_use")
    interview.turns.create(number=2, role="participant", move="answer", text=ANSWERS[language], question_key="last_use")
    interview.turns.create(number=3, role="interviewer", move="probe", text=wording, question_key="last_use", model="offline")
    Interview.objects.filter(pk=interview.pk).update(awaiting="participant")
    return interview


def opened(watched: Watched, stack: Stack, interview: Interview, page: str = "") -> None:
    watched.page.goto(f"{stack.url}/i/{interview.participant.token}/{page}")
    watched.accessible()


@pytest.mark.parametrize(("language", "phone"), [("en", False), ("ar", True)])
def test_from_the_conversation_to_the_record_and_words_struck(stack: Stack, survey: Survey, open_page: OpenPage, language: str, phone: bool) -> None:
    watched, interview = open_page(phone=phone), spoken(survey, language)
    page = watched.page
    opened(watched, stack, interview)
    page.locator("header.bar a").click()
    expect(page).to_have_url(re.compile("/record$"))
    assert page.locator("html").get_attribute("dir") == CHECKED[language]
    watched.accessible()
    expect(page.locator("#turn-2 p")).to_have_text(ANSWERS[language])
    page.locator("#turn-2 a").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/strike/2$"))
    watched.accessible()
    page.locator("main form button").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/record#turn-2$"))
    expect(page.locator("#turn-2 em")).to_be_visible()
    watched.accessible()
    assert list(Strike.objects.values_list("turn__number", "turn__text")) == [(2, "")]
    page.locator("textarea").fill(ANSWERS[language])
    page.locator("#corrections button").click()
    expect(page.locator("#corrections .card")).to_be_visible()
    watched.accessible()
    assert list(Correction.objects.values_list("text", flat=True)) == [ANSWERS[language]]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_empty_correction_is_said_to_be_missing(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    watched = open_page()
    opened(watched, stack, spoken(survey, "en"), "record")
    watched.page.locator("#corrections button").click()
    expect(watched.page.locator("#text_error")).to_be_visible()
    watched.accessible()


def test_the_record_is_taken_away_as_files(stack: Stack, survey: Survey, open_page: OpenPage, tmp_path: Path) -> None:
    watched, interview = open_page(), spoken(survey, "en")
    opened(watched, stack, interview, "record")
    files = {}
    for kind in ("txt", "json"):
        with watched.page.expect_download() as download:
            watched.page.locator(f"a[href$='record.{kind}']").click()
        download.value.save_as(tmp_path / kind)
        assert download.value.suggested_filename == f"record.{kind}"
        files[kind] = (tmp_path / kind).read_text(encoding="utf-8")
    assert ANSWERS["en"] in files["txt"]
    assert [turn["number"] for turn in json.loads(files["json"])["turns"]] == [1, 2, 3]


def test_withdrawing_empties_the_browser_and_tells_the_other_tab(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    watched = open_page()
    conversation = watched.page
    start(watched, stack, survey)
    say(conversation, ANSWERS["en"])
    conversation.locator("#answer").fill("Half a thought")
    page = conversation.context.new_page()
    page.goto(f"{conversation.url}withdraw")
    assert "Half a thought" in page.evaluate("JSON.stringify(localStorage)")
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile("/withdrawn"))
    expect(conversation).to_have_url(re.compile("/withdrawn"))
    watched.accessible()
    assert "Half a thought" not in page.evaluate("JSON.stringify(localStorage)")
    assert (Participant.objects.count(), Turn.objects.count(), Withdrawal.objects.count()) == (0, 0, 1)


def test_the_page_before_withdrawing_can_be_left_unharmed(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    watched, interview = open_page(phone=True), spoken(survey, "ar")
    opened(watched, stack, interview, "withdraw")
    watched.page.locator("main form a").click()
    expect(watched.page).to_have_url(re.compile("/record$"))
    assert Interview.objects.get().turns.count() == 3


def test_the_receipt_code_of_the_last_page_withdraws_without_scripts(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    interview = spoken(survey, "en")
    Interview.objects.update(status="completed", awaiting="nobody", satisfaction=5)
    with_scripts = open_page()
    opened(with_scripts, stack, interview, "thanks")
    code = with_scripts.page.locator(".receipt").inner_text().strip()
    assert code == receipts.code(interview.participant.token)
    watched = open_page(phone=True, java_script_enabled=False)
    page = watched.page
    page.goto(f"{stack.url}/withdraw?lang=ja")
    page.locator("#code").fill("0000 0000 0000 0000")
    page.locator("main form button").click()
    expect(page.locator("#code_error")).to_be_visible()
    page.locator("#code").fill(code.lower())
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile(r"/withdrawn\?lang=ja$"))
    assert not Participant.objects.exists()


def test_the_page_for_a_receipt_code_is_accessible(stack: Stack, open_page: OpenPage) -> None:
    watched = open_page()
    watched.page.goto(f"{stack.url}/withdraw")
    watched.accessible()
    watched.page.locator("main form button").click()
    expect(watched.page.locator("#code_error")).to_be_visible()
    watched.accessible()
