"""The pages of one participant's interview, from the questions about them to the thanks."""

import json
import re
from html import unescape

import pytest
from django.contrib.auth.models import User

from interviewer.models import Interview
from surveys.models import ConsentRecord, Participant, Survey
from tests.conftest import make_interview, make_survey
from tests.guides import TEXTS, guide, question

pytestmark = pytest.mark.django_db

PROFILE = [{"field": "country", "required": True}, {"field": "age_band"}, {"field": "gender"}, {"field": "occupation"}]
FULL = guide(question("last_cup"), question("best_cup"), profile=PROFILE)
SHORT = guide(question("last_cup"), question("best_cup"))


def heading(response) -> str:
    return unescape(re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.DOTALL)[1])


def newcomer(survey: Survey, *, language: str = "en", given: bool = True) -> Participant:
    participant = Participant.objects.create(survey=survey, language=language)
    version = survey.current_version
    ConsentRecord.objects.create(participant=participant, guide_version=version, language=language, text="I agree.", given=given)
    return participant


def finish(interview: Interview, **fields: object) -> None:
    Interview.objects.filter(pk=interview.pk).update(status="completed", awaiting="nobody", **fields)


def test_a_link_nobody_was_given_is_explained_in_the_visitors_language(client):
    page = client.get("/i/nothing/", headers={"Accept-Language": "ar"})
    assert page.status_code == 404
    assert '<html lang="ar" dir="rtl">' in page.content.decode()
    assert (client.get("/i/nothing/rate").status_code, client.get("/i/nothing/thanks").status_code) == (404, 404)
    assert heading(client.get("/i/nothing/")) == "This link opens no interview"


def test_first_come_the_questions_about_the_participant(client):
    page = client.get(f"/i/{newcomer(make_survey(FULL)).token}/")
    html = page.content.decode()
    assert heading(page) == "About you"
    assert re.findall(r'<(?:select|input)[^>]* name="(\w+)"(?:(?!>).)* id="id_', html) == ["country", "age_band", "gender", "occupation"]
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("no-store", "noindex")
    assert not Interview.objects.exists()


def test_countries_are_named_in_the_participants_language(client):
    html = client.get(f"/i/{newcomer(make_survey(FULL), language='ja').token}/").content.decode()
    assert '<option value="BR">ブラジル</option>' in html


def test_the_answers_are_kept_and_the_interview_begins(client):
    survey = make_survey(FULL)
    participant = newcomer(survey, language="ar")
    page = client.post(f"/i/{participant.token}/", {"country": "EG", "age_band": "35-44", "gender": "", "occupation": " Nurse "})
    participant.refresh_from_db()
    interview = participant.interview
    assert page["Location"] == f"/i/{participant.token}/"
    assert (participant.country, participant.age_band, participant.gender, participant.occupation) == ("EG", "35-44", "", "Nurse")
    assert participant.profiled_at is not None
    assert (interview.language, interview.guide_version, interview.awaiting) == ("ar", survey.current_version, "interviewer")


def test_the_answers_sent_twice_begin_one_interview(client):
    participant = newcomer(make_survey(FULL))
    for country in ("EG", "BR"):
        assert client.post(f"/i/{participant.token}/", {"country": country}).status_code == 302
    participant.refresh_from_db()
    assert (Interview.objects.count(), participant.country) == (1, "EG")


def test_a_required_answer_is_asked_for_again(client):
    participant = newcomer(make_survey(FULL))
    page = client.post(f"/i/{participant.token}/", {"occupation": "Nurse"})
    html = page.content.decode()
    assert "Please check your answers" in re.search("<title>(.*)</title>", html)[1]
    assert '<p class="error" id="id_country_error">Please answer this question.</p>' in html
    assert 'aria-describedby="id_country_error"' in html
    assert 'value="Nurse"' in html
    assert not Interview.objects.exists()


def test_an_answer_that_was_not_offered_is_refused(client):
    participant = newcomer(make_survey(FULL))
    assert "Please choose from the list." in client.post(f"/i/{participant.token}/", {"country": "ZZ"}).content.decode()


def test_the_interview_holds_the_version_that_was_agreed_to(client):
    survey = make_survey(SHORT)
    participant, agreed = newcomer(survey), survey.current_version
    survey.versions.create(number=2, content=agreed.content, sha256="2")
    client.get(f"/i/{participant.token}/")
    assert Interview.objects.get().guide_version == agreed


def test_a_guide_that_asks_nothing_about_the_participant_begins_at_once(client):
    participant = newcomer(make_survey(SHORT))
    page = client.get(f"/i/{participant.token}/", follow=True)
    assert heading(page) == "Tea"
    assert Interview.objects.get().participant == participant


@pytest.mark.parametrize(
    ("status", "title"), [("paused", "This survey is paused"), ("closed", "This survey is closed"), ("draft", "This survey is not open yet")]
)
def test_no_interview_begins_in_a_survey_that_takes_none(client, status, title):
    participant = newcomer(make_survey(SHORT, status=status))
    assert heading(client.get(f"/i/{participant.token}/")) == title
    assert not Interview.objects.exists()


def test_a_researcher_tries_out_a_draft(client):
    participant = newcomer(make_survey(SHORT, status="draft"))
    client.force_login(User.objects.create_user("anna", is_staff=True))
    assert heading(client.get(f"/i/{participant.token}/", follow=True)) == "Tea"


@pytest.mark.parametrize("status", ["paused", "closed"])
def test_a_running_interview_goes_on_when_the_survey_no_longer_takes_new_ones(client, status):
    survey = make_survey(SHORT)
    interview = make_interview(survey)
    Survey.objects.update(status=status)
    assert heading(client.get(f"/i/{interview.participant.token}/")) == "Tea"


def test_who_has_not_agreed_is_led_to_the_first_page(client):
    survey = make_survey(SHORT)
    unasked = Participant.objects.create(survey=survey, language="en")
    for participant in (unasked, newcomer(survey, given=False)):
        assert client.get(f"/i/{participant.token}/")["Location"] == "/s/tea/"
    assert not Interview.objects.exists()


def test_the_conversation_can_be_read_without_javascript(client):
    interview = make_interview(make_survey(SHORT))
    interview.turns.create(number=1, role="interviewer", move="open", question_key="last_cup", text="Hello.\n\n<When>?")
    interview.turns.create(number=2, role="participant", move="answer", text="Today & yesterday")
    interview.turns.create(number=3, role="interviewer", move="ask", question_key="best_cup", text="Thank you.")
    interview.turns.create(number=4, role="participant", move="skip", text="")
    html = client.get(f"/i/{interview.participant.token}/").content.decode()
    shown = re.findall(r'class="turn (\w+)" data-number="(\d)"[^>]*>.*?<p dir="auto">(.*?)</p>', html, re.DOTALL)
    assert shown == [
        ("interviewer", "1", "Hello.\n\n&lt;When&gt;?"),
        ("participant", "2", "Today &amp; yesterday"),
        ("interviewer", "3", "Thank you."),
        ("participant", "4", "<em>Skipped</em>"),
    ]
    assert "Question 2 of 2" in html
    assert "<noscript>" in html


def test_the_conversation_says_that_it_is_automated_and_when_no_model_is_behind_it(client, settings):
    token = make_interview(make_survey(SHORT)).participant.token
    said = {}
    for backend in ("offline", "anthropic"):
        settings.LLM = {**settings.LLM, "backend": backend}
        html = client.get(f"/i/{token}/").content.decode()
        said[backend] = ("You are talking with an automated interviewer." in html, "Demonstration interviewer: scripted, no language model." in html)
    assert said == {"offline": (True, True), "anthropic": (True, False)}


def test_the_script_gets_the_token_and_its_words_as_data(client):
    token = make_interview(make_survey(SHORT)).participant.token
    html = client.get(f"/i/{token}/").content.decode()
    data = json.loads(re.search(r'<script id="script-data" type="application/json">(.*?)</script>', html)[1])
    assert (data["token"], data["longest"], data["words"]["progress"]) == (token, 10_000, "Question %(asked)s of %(of)s")
    assert re.findall(r"<script(?![^>]*(?: src=|application/json))", html) == []
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)


@pytest.mark.parametrize("page", ["rate", "thanks"])
def test_rating_and_thanks_come_only_after_the_interview(client, page):
    token = make_interview(make_survey(SHORT)).participant.token
    assert client.get(f"/i/{token}/{page}")["Location"] == f"/i/{token}/"


def test_after_the_interview_comes_the_rating_once(client):
    interview = make_interview(make_survey(SHORT))
    token = interview.participant.token
    finish(interview)
    assert client.get(f"/i/{token}/")["Location"] == f"/i/{token}/rate"
    assert heading(client.get(f"/i/{token}/rate")) == "How was the interview?"
    page = client.post(f"/i/{token}/rate", {"satisfaction": "6", "captured": "7", "would_recommend": "no"})
    interview.refresh_from_db()
    assert page["Location"] == f"/i/{token}/thanks"
    assert (interview.satisfaction, interview.captured, interview.would_recommend) == (6, 7, False)
    assert heading(client.get(f"/i/{token}/thanks")) == "Thank you"
    client.post(f"/i/{token}/rate", {"satisfaction": "1"})
    interview.refresh_from_db()
    assert interview.satisfaction == 6
    assert client.get(f"/i/{token}/rate")["Location"] == f"/i/{token}/thanks"


def test_every_rating_question_can_be_left_out(client):
    interview = make_interview(make_survey(SHORT))
    finish(interview)
    page = client.post(f"/i/{interview.participant.token}/rate", {})
    interview.refresh_from_db()
    assert page["Location"] == f"/i/{interview.participant.token}/thanks"
    assert (interview.satisfaction, interview.captured, interview.would_recommend) == (None, None, None)


@pytest.mark.parametrize("value", ["0", "8", "x", "3.5"])
def test_a_rating_off_the_scale_is_not_kept(client, value):
    interview = make_interview(make_survey(SHORT))
    finish(interview)
    assert client.post(f"/i/{interview.participant.token}/rate", {"satisfaction": value}).status_code == 200
    interview.refresh_from_db()
    assert interview.satisfaction is None


def test_who_has_finished_is_told_so_at_both_addresses(client):
    interview = make_interview(make_survey(SHORT))
    finish(interview, satisfaction=5)
    for address in (f"/i/{interview.participant.token}/", "/s/tea/"):
        page = client.get(address)
        assert (page.status_code, heading(page)) == (200, "You have already taken part")


def test_every_page_of_an_arabic_interview_reads_from_right_to_left(client):
    interview = make_interview(make_survey(guide(question("last_cup"), texts={"en": TEXTS, "ar": TEXTS, "ja": TEXTS})), language="ar")
    token = interview.participant.token
    pages = [client.get(f"/i/{token}/")]
    finish(interview)
    pages += [client.get(f"/i/{token}/rate"), client.get(f"/i/{token}/thanks")]
    assert ['<html lang="ar" dir="rtl">' in page.content.decode() for page in pages] == [True, True, True]
