"""A person takes an interview on a network that lets no websocket through."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Route, WebSocketRoute, expect

from interviewer.models import Interview, Turn
from interviewer.withdrawing import withdraw
from surveys.models import Participant, Survey
from tests.browser.test_interview import ANSWERS, OpenPage, consent, say, start
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]
ANY = re.compile(".*")


def forbidden(page: Page) -> None:
    page.add_init_script("window.WebSocket = class { constructor() { throw new DOMException('not here', 'SecurityError'); } }")


def closed(page: Page) -> None:
    page.route_web_socket(ANY, lambda socket: socket.close())


def silent(page: Page) -> None:
    """Opens, and lets nothing through."""
    page.route_web_socket(ANY, lambda socket: None)


def buffered(page: Page) -> None:
    """A proxy that besides hands on a response only once it is whole."""
    forbidden(page)

    def hand_on(route: Route) -> None:
        route.fulfill(response=route.fetch())

    page.route("**/i/line/", hand_on)


def joins(page: Page) -> list[str]:
    """The messages sent over HTTP, from now on, by type."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/i/line/"):
            sent.append(json.loads(request.post_data or "{}")["type"])

    page.on("request", note)
    return sent


@pytest.mark.parametrize("block", [forbidden, closed, silent, buffered])
def test_a_whole_interview_where_websockets_are_blocked(stack: Stack, survey: Survey, open_page: OpenPage, block: Callable[[Page], None]) -> None:
    watched = open_page()
    page = watched.page
    block(page)
    consent(watched, stack, survey, "en")
    page.locator("main form button").click()
    expect(page.locator("#log .turn")).to_have_count(1, timeout=20_000)
    expect(page.locator("#line")).to_be_empty()
    for _ in range(25):
        if Interview.objects.exclude(status="running").exists():
            break
        say(page, ANSWERS["en"])
    watched.accessible()
    page.locator("#afterwards a, #afterwards button").first.click()
    expect(page).to_have_url(re.compile("/rate$"))
    interview = Interview.objects.get()
    assert interview.status == "completed"
    asked = list(interview.turns.filter(move__in=["open", "ask"]).order_by("number").values_list("question_key", flat=True))
    assert asked == ["last_use", "magic_wand", "delivered", "concerns"]


def test_a_server_that_dies_is_waited_for_over_http(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    watched = open_page()
    page = watched.page
    forbidden(page)
    start(watched, stack, survey)
    say(page, "Said while all was well.")
    stack.web.kill()
    page.locator("#answer").fill("Said while the line was down.")
    page.locator("#send").click()
    expect(page.locator("#line")).not_to_be_empty()
    stack.start_web()
    expect(page.locator("#log .turn")).to_have_count(5, timeout=45_000)
    expect(page.locator("#line")).to_be_empty()
    assert list(Turn.objects.filter(role="participant").values_list("text", flat=True)) == [
        "Said while all was well.",
        "Said while the line was down.",
    ]
    watched.forgive("Failed to load resource")


def test_the_last_tab_goes_on_whichever_way_each_one_came(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    watched = open_page()
    first = watched.page
    forbidden(first)
    start(watched, stack, survey)
    second = first.context.new_page()  # over a websocket
    second.goto(first.url)
    say(second, "From the second tab.")
    first.locator("#answer").fill("From the first tab.")
    first.locator("#send").click()
    expect(first.locator("#afterwards")).to_be_visible()
    watched.accessible()
    first.locator("#afterwards button").first.click()
    expect(first.locator("#log .turn")).to_have_count(5)
    expect(second.locator("#afterwards")).to_be_visible()
    assert list(Turn.objects.filter(role="participant").values_list("text", flat=True)) == ["From the second tab.", "From the first tab."]
    second.locator("#afterwards button").first.click()
    expect(first.locator("#afterwards")).to_be_visible(timeout=40_000)  # says nothing, and hears it by its own asking


def test_a_working_websocket_is_used_and_returned_to(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    watched = open_page()
    page = watched.page
    sent = joins(page)
    start(watched, stack, survey)
    say(page, "Said while all was well.")
    assert sent == []
    stack.web.kill()
    expect(page.locator("#line")).not_to_be_empty()
    stack.start_web()
    expect(page.locator("#line")).to_be_empty(timeout=45_000)
    say(page, "Said after the server came back.")
    assert set(sent) <= {"ping"}
    watched.forgive("WebSocket connection")
    watched.forgive("Failed to load resource")


def test_a_fresh_page_tries_the_websocket_again(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    watched = open_page()
    page = watched.page
    blocked = [True]

    def gate(socket: WebSocketRoute) -> None:
        if blocked[0]:
            socket.close()
        else:
            socket.connect_to_server()

    page.route_web_socket(ANY, gate)
    sent = joins(page)
    start(watched, stack, survey)
    say(page, "Over HTTP.")
    assert sent == ["ping", "ping", "join", "answer"]
    sent.clear()
    blocked[0] = False
    page.reload()
    say(page, "Over a websocket.")
    assert sent == []


def test_an_open_page_shows_that_its_interview_is_gone(stack: Stack, survey: Survey, open_page: OpenPage) -> None:
    watched = open_page()
    page = watched.page
    forbidden(page)
    start(watched, stack, survey)
    withdraw(Participant.objects.get())
    page.locator("#answer").fill("Said too late.")
    page.locator("#send").click()
    expect(page.locator("#answer")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage)") == []
    watched.forgive("404")
