"""The page counts what is typed and what is pasted where the survey measures, and nothing where it does not."""

import json

import pytest
from playwright.sync_api import expect

from interviewer.answer_care import AnswerCare
from surveys.models import ConsentRecord, Survey
from tests.browser.conftest import Watched
from tests.browser.test_interview import OpenPage
from tests.conftest import make_interview
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def opened(open_page: OpenPage, stack: Stack, survey: Survey, sent: list[str]) -> Watched:
    interview = make_interview(survey)
    ConsentRecord.objects.update(care=True)
    watched = open_page()
    watched.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    watched.page.goto(f"{stack.url}/i/{interview.participant.token}/")
    expect(watched.page.locator("#log .turn")).to_have_count(1)
    return watched


def send(watched: Watched, turns: int) -> None:
    watched.page.locator("#send").click()
    expect(watched.page.locator("#log .turn")).to_have_count(turns)


def test_typed_and_pasted_characters_are_told_apart_and_the_switch_turns_counting_off(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    Survey.objects.update(keep_care=True)
    sent: list[str] = []
    watched = opened(open_page, stack, survey, sent)
    field = watched.page.locator("#answer")
    field.press_sequentially("I wrote a letter.")
    send(watched, 3)
    watched.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    field.press_sequentially("Well: ")
    watched.page.evaluate("navigator.clipboard.writeText('a text from elsewhere')")
    field.press("ControlOrMeta+v")
    send(watched, 5)
    counted = AnswerCare.objects.order_by("turn__number").values_list("typed", "pasted", "pastes", "hidden", "input", "turn__text")
    assert list(counted) == [
        (17, 0, 0, False, "keyboard", "I wrote a letter."),
        (6, 21, 1, False, "keyboard", "Well: a text from elsewhere"),
    ]
    assert all(0 < milliseconds < 60_000 for milliseconds in AnswerCare.objects.values_list("visible_ms", flat=True))
    watched.page.goto("about:blank")
    Survey.objects.update(keep_care=False)
    sent.clear()
    watched = opened(open_page, stack, survey, sent)
    watched.page.locator("#answer").press_sequentially("I wrote a letter.")
    send(watched, 3)
    answers = [message for message in map(json.loads, sent) if message["type"] == "answer"]
    assert [sorted(message) for message in answers] == [["id", "text", "type"]]
