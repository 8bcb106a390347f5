"""A researcher drafts a guide and approves its translation in a browser."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from surveys.authorship import content, fingerprint
from surveys.models import Question, Survey, Wording
from surveys.publishing import load
from tests.guides import guide, question
from tests.support.messages_server import MessagesServer
from tests.support.sketches import sketched
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]
GUIDE = guide(question("last_cup", probes=["What for?", "And then?"]), question("sort", "single", options=["a", "b"], labels=["Green", "Black"]))
ARABIC = {"last_cup": "متى شربت آخر كوب من الشاي؟", "sort": "أي نوع من الشاي تشرب؟"}


def test_a_draft_is_streamed_changed_and_added_and_a_translation_approved(model_stack: Stack, messages_server: MessagesServer, open_page) -> None:
    survey = load(GUIDE, slug="tea")
    messages_server.answer = sketched
    watched = open_page()
    page = watched.page
    User.objects.create_superuser("rea", password="of the moment")
    page.goto(f"{model_stack.url}/admin/surveys/survey/{survey.pk}/draft/")
    page.get_by_label("Username").fill("rea")
    page.get_by_label("Password").fill("of the moment")
    page.get_by_role("button", name="Log in").click()
    watched.accessible(preload=False)

    messages_server.schedule({"fault": "cut", "events": 200})
    page.get_by_role("button", name="Draft with the model").click()
    expect(page.get_by_role("status")).to_have_text("The reply broke off. What had arrived by then is kept.", timeout=20_000)
    page.get_by_role("button", name="Draft with the model").click()
    expect(page.get_by_role("status")).to_have_text("The draft is complete: 4 questions. Nothing is added yet.", timeout=20_000)
    watched.accessible(preload=False)
    assert not Question.objects.filter(key="wish").exists()

    hopes = page.get_by_role("group", name="wish")
    expect(hopes).to_contain_text("Check: two question marks.")
    page.get_by_role("button", name="Draft the section anew: Hopes").click()
    expect(page.get_by_role("status")).to_have_text("The draft is complete: 1 question. Nothing is added yet.", timeout=20_000)
    expect(hopes.get_by_label("Wording")).to_have_value("What would be a good cup for you?")
    hopes.get_by_label("Wording").fill("What would be a good cup?")
    page.get_by_role("button", name="Add the section: Hopes").click()
    expect(page.get_by_text("Added to the survey's draft.")).to_have_count(2)
    added = Wording.objects.get(question__key="wish")
    assert (added.text, added.made_by) == ("What would be a good cup?", "person")
    taken = page.get_by_role("group", name="last_cup")
    taken.get_by_role("button", name="Add the question").click()
    expect(taken).to_contain_text("A question with the key “last_cup” is in the guide already")
    watched.forgive("status of 400")
    page.evaluate("document.querySelectorAll('[data-card]').forEach(card => card.dataset.added = '')")  # nothing to be asked on leaving

    machine_made(survey)
    page.goto(f"{model_stack.url}/admin/surveys/survey/{survey.pk}/translations/ar/")
    watched.accessible(preload=False)
    box = page.get_by_role("group", name="last_cup").get_by_label("Exact wording in Arabic")
    assert box.evaluate("box => [box.lang, getComputedStyle(box).direction]") == ["ar", "rtl"]
    page.get_by_role("button", name="Approve sort").press("Enter")
    expect(page.get_by_role("group", name="sort")).to_contain_text("Approved by rea")
    expect(page.get_by_role("group", name="last_cup")).to_contain_text("Made by a language model, not approved")


def machine_made(survey: Survey) -> None:
    for key, text in ARABIC.items():
        source = Wording.objects.get(question__section__survey=survey, question__key=key, language="en")
        mark = fingerprint(content(source))
        Wording.objects.filter(question=source.question, language="ar").update(text=text, made_by="claude", prompt_version="p@1", source_hash=mark)
