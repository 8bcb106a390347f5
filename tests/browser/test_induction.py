"""A researcher begins a round, watches it end, and decides about its codes by keyboard."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.db import connections
from playwright.sync_api import expect

from analysis.background import running
from analysis.induction.records import Candidate, Round
from analysis.induction.work import KIND
from llm.offline import OfflineModel
from llm.offline.embedding import LetterGroups
from tests.analysis.talk import held
from tests.conftest import make_survey
from tests.guides import guide, question
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]


def carried_out() -> None:
    async_to_sync(running.carry_out)(KIND, Round.objects.get().pk, OfflineModel(LetterGroups()))
    connections.close_all()


def test_a_round_is_begun_watched_and_decided_by_keyboard(stack: Stack, open_page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.induction.work.shared_embedder", LetterGroups)
    survey = make_survey(guide(question("worry")))
    for words in ("I am afraid that it will take my job from me.", "Nobody knows any more which pictures are true.", "أخشى أن تأخذ الآلة عملي كله."):
        held(survey, ("worry", words), language="ar" if "أ" in words else "en", country="KE")
    User.objects.create_superuser("rea", password="of the moment")
    watched = open_page()
    page = watched.page
    page.goto(f"{stack.url}/induction/tea/")
    page.get_by_label("Username").fill("rea")
    page.get_by_label("Password").fill("of the moment")
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Key of the new dimension").fill("worries")
    page.get_by_label("Its title").fill("Worries")
    page.get_by_role("button", name="Draw and forecast").click()
    expect(page.get_by_text("3 of 3 interviews drawn")).to_be_visible()
    watched.accessible(preload=False)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("Waiting: 0 of 3 interviews read")).to_be_visible()
    with ThreadPoolExecutor() as elsewhere:  # as a worker does; this thread has Playwright's event loop
        elsewhere.submit(carried_out).result()
    expect(page.get_by_text("Done: 3 of 3 interviews read")).to_be_visible(timeout=30_000)
    watched.accessible(preload=False)

    cards = page.locator(".candidate")
    n = cards.count()
    page.keyboard.press("j")
    expect(cards.first).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator(".candidate.accepted")).to_have_count(1)
    expect(page.locator(".candidate.proposed").first).to_be_focused()
    page.keyboard.press("e")
    expect(page.locator(".candidate.proposed").first.get_by_label("Label")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Work lost")
    page.keyboard.press("Enter")
    expect(page.locator(".candidate.accepted")).to_have_count(2)
    assert sorted(Candidate.objects.values_list("status", flat=True)) == ["accepted"] * 2 + ["proposed"] * (n - 2)
    assert Candidate.objects.filter(label="Work lost", edited_by__username="rea").count() == 1
