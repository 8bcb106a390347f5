"""The pages before an interview: home, first page, consent, and what is said where no interview can begin."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation

from surveys.models import ConsentRecord, Participant, Survey
from tests.conftest import make_survey
from tests.guides import guide, question

pytestmark = pytest.mark.django_db

CONSENT = {"en": "I agree to <b>this</b>.", "ar": "أوافق.", "ja": "同意します。"}
GUIDE = guide(
    question("last_cup"),
    texts={
        "en": {"title": "Tea & you", "introduction": "First.\n\nSecond: ask tea@example.org.", "consent": CONSENT["en"]},
        "ar": {"title": "الشاي", "consent": CONSENT["ar"]},
        "ja": {"title": "お茶", "consent": CONSENT["ja"]},
    },
)


@pytest.fixture
def survey() -> Survey:
    return make_survey(GUIDE)


def heading(response) -> str:
    return unescape(re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.DOTALL)[1])


def form_of(client: Client, **headers: str) -> str:
    page = client.get("/s/tea/", headers=headers).content.decode()
    return unescape(re.search(r'name="form" value="([^"]+)"', page)[1])


def answer(client: Client, form: str, answer: str = "agree", **headers: str):
    return client.post("/s/tea/consent", {"form": form, "answer": answer}, headers=headers)


def test_home_says_what_this_is_and_lists_no_survey(client, survey):
    page = client.get("/")
    assert (page.status_code, heading(page)) == (200, "Interviews, one person at a time")
    assert "Tea" not in page.content.decode()
    assert 'href="/admin/"' in page.content.decode()


def test_the_first_page_shows_the_published_texts_escaped(client, survey):
    page = client.get("/s/tea/")
    html = page.content.decode()
    assert (page.status_code, heading(page)) == (200, "Tea & you")
    assert "I agree to &lt;b&gt;this&lt;/b&gt;." in html
    assert 'href="mailto:tea@example.org"' in html
    assert "<p>First.</p>" in html


@pytest.mark.parametrize(
    ("asked", "cookie", "header", "shown"),
    [
        ("", "", "", "en"),
        ("", "", "ja-JP,en;q=0.5", "ja"),
        ("", "", "fr, ar;q=0.8", "ar"),
        ("", "", "fr", "en"),
        ("", "ar", "ja", "ar"),
        ("ja", "ar", "en", "ja"),
        ("xx", "", "ja", "ja"),
        ("fr", "", "", "en"),
    ],
)
def test_the_language_is_as_asked_for_or_chosen_before_or_preferred(client, survey, asked, cookie, header, shown):
    if cookie:
        client.cookies["participant_language"] = cookie
    page = client.get("/s/tea/", {"lang": asked} if asked else {}, headers={"Accept-Language": header})
    direction = "rtl" if shown == "ar" else "ltr"
    assert f'<html lang="{shown}" dir="{direction}">' in page.content.decode()
    assert page["Content-Language"] == shown


def test_a_chosen_language_is_remembered(client, survey):
    client.get("/s/tea/?lang=ja")
    assert heading(client.get("/s/tea/", headers={"Accept-Language": "ar"})) == "お茶"


def test_a_language_that_is_not_offered_is_not_remembered(client, survey):
    client.get("/s/tea/?lang=fr")
    assert "participant_language" not in client.cookies


def test_the_language_links_carry_their_language_and_direction(client, survey):
    html = client.get("/s/tea/").content.decode()
    assert re.findall(r'href="\?lang=(\w+)".*?lang="(\w+)" dir="(\w+)">(.+?)</bdi>', html) == [
        ("en", "en", "ltr", "English"),
        ("ar", "ar", "rtl", "العربية"),
        ("ja", "ja", "ltr", "日本語"),
    ]


def test_the_pages_stay_out_of_caches_and_search_engines(client, survey):
    page = client.get("/s/tea/")
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("no-store", "noindex")


def test_the_pages_have_no_inline_script_or_style(client, survey):
    html = client.get("/s/tea/").content.decode()
    assert not re.search(r"<style|style=|<script|\son\w+=", html)


def test_the_language_of_a_page_does_not_outlive_it(client, survey):
    client.get("/s/tea/?lang=ja")
    assert translation.get_language() == "en"


def test_agreeing_records_the_text_as_it_was_read_and_opens_the_interview(client, survey):
    page = answer(client, form_of(client, **{"Accept-Language": "ja,en;q=0.5"}), **{"Accept-Language": "ja,en;q=0.5"})
    participant = Participant.objects.get()
    consent = participant.consent
    assert (page.status_code, page["Location"]) == (302, f"/i/{participant.token}/")
    assert (participant.language, participant.browser_languages, participant.origin) == ("ja", "ja,en", "live")
    assert (consent.given, consent.language, consent.text, consent.guide_version) == (True, "ja", CONSENT["ja"], survey.current_version)


def test_a_pilot_survey_makes_pilot_participants(client, survey):
    Survey.objects.update(status="pilot")
    answer(client, form_of(client))
    assert Participant.objects.get().origin == "pilot"


def test_the_text_on_record_is_the_one_that_was_shown_though_another_was_published_since(client, survey):
    form, shown = form_of(client), survey.current_version
    newer = {**shown.content, "texts": {**shown.content["texts"], "en": {**shown.content["texts"]["en"], "consent": "Something else."}}}
    survey.versions.create(number=2, content=newer, sha256="2")
    answer(client, form)
    consent = ConsentRecord.objects.get()
    assert (consent.text, consent.guide_version) == (CONSENT["en"], shown)


def test_the_same_form_sent_twice_makes_one_participant(client, survey):
    form = form_of(client)
    assert answer(client, form)["Location"] == answer(client, form)["Location"]
    assert (Participant.objects.count(), ConsentRecord.objects.count()) == (1, 1)


def test_two_forms_make_two_participants(survey):
    for _ in range(2):
        client = Client()
        answer(client, form_of(client))
    assert Participant.objects.count() == 2


def test_declining_is_recorded_and_opens_no_interview(client, survey):
    page = client.post("/s/tea/consent", {"form": form_of(client), "answer": "decline"}, follow=True)
    participant = Participant.objects.get()
    assert heading(page) == "You chose not to take part"
    assert 'href="/s/tea/"' in page.content.decode()
    assert (participant.consent.given, participant.country, participant.profiled_at) == (False, "", None)
    assert client.get(f"/i/{participant.token}/")["Location"] == "/s/tea/"


def test_who_declined_can_change_their_mind_with_the_same_form_or_a_new_one(client, survey):
    form = form_of(client)
    answer(client, form, "decline")
    answer(client, form, "agree")
    answer(Client(), form_of(client.__class__()), "agree")
    assert sorted(ConsentRecord.objects.values_list("given", flat=True)) == [False, True, True]


@pytest.mark.parametrize("form", ["", "nonsense", "WyJhIl0:1abc:def"])
def test_a_form_that_was_not_given_out_leads_back_to_the_first_page(client, survey, form):
    assert answer(client, form)["Location"] == "/s/tea/"
    assert not Participant.objects.exists()


def test_a_form_of_another_survey_leads_back_to_the_first_page(client, survey):
    make_survey(GUIDE, slug="coffee")
    html = client.get("/s/coffee/").content.decode()
    assert answer(client, unescape(re.search(r'name="form" value="([^"]+)"', html)[1]))["Location"] == "/s/tea/"
    assert not Participant.objects.exists()


def test_consent_needs_an_answer_and_a_post(client, survey):
    assert answer(client, form_of(client), "perhaps")["Location"] == "/s/tea/"
    assert client.get("/s/tea/consent").status_code == 405
    assert not Participant.objects.exists()


def test_consent_from_another_site_is_refused_in_plain_words(survey):
    page = Client(enforce_csrf_checks=True).post("/s/tea/consent", {"answer": "agree"})
    assert (page.status_code, heading(page)) == (403, "That did not work")


@pytest.mark.parametrize(
    ("status", "code", "title"),
    [
        ("draft", 404, "This survey is not open yet"),
        ("paused", 200, "This survey is paused"),
        ("closed", 200, "This survey is closed"),
    ],
)
def test_a_survey_that_takes_no_interviews_says_so(client, survey, status, code, title):
    form = form_of(client)
    Survey.objects.update(status=status)
    page = client.get("/s/tea/")
    assert (page.status_code, heading(page)) == (code, title)
    assert answer(client, form)["Location"] == "/s/tea/"
    assert not Participant.objects.exists()


def test_a_survey_without_a_published_guide_is_not_open_even_to_researchers(admin_client, client):
    Survey.objects.create(slug="tea", title="Tea", status="open")
    for visitor in (client, admin_client):
        page = visitor.get("/s/tea/")
        assert (page.status_code, heading(page)) == (404, "This survey is not open yet")


def test_researchers_preview_a_draft_as_pilots(client, survey):
    Survey.objects.update(status="draft")
    client.force_login(User.objects.create_user("anna", is_staff=True))
    assert "Preview: this survey is a draft." in client.get("/s/tea/").content.decode()
    answer(client, form_of(client))
    assert Participant.objects.get().origin == "pilot"


@pytest.mark.parametrize("address", ["/s/coffee/", "/s/coffee/declined"])
def test_an_unknown_survey_is_explained(client, survey, address):
    page = client.get(address)
    assert (page.status_code, heading(page)) == (404, "There is no survey here")


def test_an_address_that_leads_nowhere_is_explained(client):
    page = client.get("/nowhere")
    assert (page.status_code, heading(page)) == (404, "Page not found")


def test_an_unfinished_interview_is_offered_again_even_in_a_paused_survey(client, survey):
    answer(client, form_of(client))
    Survey.objects.update(status="paused")
    page = client.get("/s/tea/")
    assert heading(page) == "Welcome back"
    assert f'href="/i/{Participant.objects.get().token}/"' in page.content.decode()


def test_an_interview_that_no_longer_exists_is_not_offered(client, survey):
    answer(client, form_of(client))
    Participant.objects.all().delete()
    assert heading(client.get("/s/tea/")) == "Tea & you"
