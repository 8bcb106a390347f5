"""From a panel's link to the way back: one person one interview, one outcome one address, however often it is asked for."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from urllib.request import urlopen

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from interviewer.models import Interview
from interviewer.settling import settle
from surveys import outcomes
from surveys.models import Participant, Survey
from surveys.recruitment import Outcome, Panel, Result
from tests.conftest import make_survey
from tests.guides import guide, question
from tests.support.panel import PanelServer
from tests.surveys.test_panels import PERSON, STUDY, VISIT

pytestmark = pytest.mark.django_db
OTHER = PERSON[::-1]
UNEXPANDED = "%7B%7B%25PROLIFIC_PID%25%7D%7D"


def link(person: str = PERSON) -> str:
    return f"/s/tea/?PROLIFIC_PID={person}&STUDY_ID={STUDY}&SESSION_ID={VISIT}"


@pytest.fixture
def survey() -> Survey:
    survey = make_survey(guide(question("last_cup", languages=("en",)), languages=("en",)))
    codes = {result: f"CODE-{result}" for result in Result.values}
    Panel.objects.create(survey=survey, kind="prolific", **codes)
    return survey


def followed(client: Client, response):
    """To where the redirects lead."""
    while response.status_code == 302:
        response = client.get(response["Location"])
    return response


def consent(client: Client, address: str, answer: str = "agree"):
    page = client.get(address).content.decode()
    form = unescape(re.search(r'name="form" value="([^"]+)"', page)[1])
    return followed(client, client.post("/s/tea/consent", {"form": form, "answer": answer}))


def arrive():
    other = Client()
    return followed(other, other.get(link()))


def finish(status: str = "completed") -> Interview:
    interview = Interview.objects.get()
    Interview.objects.filter(pk=interview.pk).update(status=status, awaiting="nobody")
    interview.refresh_from_db()
    return interview


def sent_back(client: Client, token: str) -> str:
    return client.get(f"/i/{token}/back")["Location"]


def address_of(result: str) -> str:
    return f"https://app.prolific.com/submissions/complete?cc=CODE-{result}"


def test_the_same_id_again_comes_back_to_the_same_interview_on_any_device(client, survey):
    first = consent(client, link())
    again = arrive()
    assert first.request["PATH_INFO"] == again.request["PATH_INFO"]
    person = Participant.objects.get()
    assert (person.external_id, person.origin, person.arrival.session, person.arrival.study) == (PERSON, "live", VISIT, STUDY)
    consent(Client(), link(OTHER))
    assert Interview.objects.count() == 2


def test_two_first_pages_with_one_id_are_one_participant(client, survey):
    forms = [unescape(re.search(r'name="form" value="([^"]+)"', client.get(link()).content.decode())[1]) for _ in range(2)]
    for form in forms:
        client.post("/s/tea/consent", {"form": form, "answer": "agree"})
    assert Participant.objects.count() == 1


@pytest.mark.parametrize("address", ["/s/tea/", "/s/tea/?PROLIFIC_PID=short", link() + f"&PROLIFIC_PID={OTHER}", link(UNEXPANDED)])
def test_a_link_without_a_whole_id_opens_no_interview(client, survey, address):
    page = client.get(address)
    assert (page.status_code, "This link opens no interview" in page.content.decode()) == (404, True)


def test_a_researcher_who_looks_around_holds_a_pilot_without_a_way_back(client, survey):
    client.force_login(User.objects.create_superuser("rae"))
    consent(client, link(UNEXPANDED))
    person = Participant.objects.get()
    assert (person.origin, person.external_id, hasattr(person, "arrival")) == ("pilot", "", False)


def test_the_thanks_page_shows_the_receipt_before_it_leads_back(client, survey):
    consent(client, link())
    interview = finish()
    html = client.get(f"/i/{interview.participant.token}/thanks").content.decode()
    assert html.index("Your receipt code") < html.index("Back to the panel")
    assert sent_back(client, interview.participant.token) == address_of("complete")


@pytest.mark.parametrize(("status", "result"), [("completed", "complete"), ("ended", "ended")])
def test_how_an_interview_ends_is_its_outcome_and_stays_so(client, survey, status, result):
    consent(client, link())
    interview = finish(status)
    settle(interview)
    token = interview.participant.token
    for other in Result.values:
        assert outcomes.decide(interview.participant, other) == result
    assert {sent_back(each, token) for each in (client, Client(), client)} == {address_of(result)}
    landed = arrive()
    assert landed.request["PATH_INFO"] == f"/i/{token}/thanks"


def test_declining_is_final_for_a_panels_id_and_leads_back(client, survey):
    page = consent(client, link(), "decline")
    token = Participant.objects.get().token
    assert "You chose not to take part" in page.content.decode()
    assert f'href="/i/{token}/back"' in page.content.decode()
    again = arrive()
    assert "You chose not to take part" in again.content.decode()
    assert "Did you change your mind" not in again.content.decode()
    assert (sent_back(client, token), Interview.objects.count()) == (address_of("declined"), 0)


@pytest.mark.parametrize(("before", "result"), [(None, "withdrawn"), ("completed", "complete")])
def test_who_withdraws_is_led_back_to_the_outcome_they_had_and_stays_out(client, survey, before, result):
    consent(client, link())
    if before:
        settle(finish(before))
    token = Participant.objects.get().token
    page = client.post(f"/i/{token}/withdraw", follow=True).content.decode()
    expected = f'href="{address_of(result)}"'
    assert "You have withdrawn" in page
    assert expected in page
    assert expected in client.get("/withdrawn").content.decode()
    returned = Client().get(link()).content.decode()
    assert "You have withdrawn" in returned
    assert expected in returned
    assert not Participant.objects.exists()


def test_without_a_panel_the_last_page_is_as_it_was(client):
    make_survey(guide(question("last_cup", languages=("en",)), languages=("en",)))
    consent(client, "/s/tea/")
    token = finish().participant.token
    html = client.get(f"/i/{token}/thanks").content.decode()
    assert ("You can close this page." in html, "Back to the panel" in html) == (True, False)
    assert followed(client, client.get(f"/i/{token}/back")).request["PATH_INFO"] == f"/i/{token}/thanks"


def test_an_id_or_a_link_can_be_asked_of_everyone(client):
    survey = make_survey(guide(question("last_cup", languages=("en",)), languages=("en",)))
    Survey.objects.filter(pk=survey.pk).update(one_entry="external_id")
    assert "This link opens no interview" in client.get("/s/tea/").content.decode()


def test_a_browser_can_be_held_to_one_entry(client, survey):
    Survey.objects.update(one_entry="browser")
    consent(client, link())
    assert "Welcome back" in client.get(link(OTHER)).content.decode()
    assert Participant.objects.count() == 1


def test_the_panel_hears_one_outcome_of_each_person(client, survey):
    Panel.objects.all().delete()
    with PanelServer() as server:
        ways = {result: f"{server.url}/{result}/{{id}}/{{session}}" for result in Result.values}
        Panel.objects.create(survey=survey, kind="generic", id_parameter="pid", session_parameter="visit", **ways)
        consent(client, "/s/tea/?pid=anna&visit=7")
        token = finish().participant.token
        client.get(f"/i/{token}/thanks")
        for _ in range(3):
            urlopen(sent_back(client, token)).close()
        client.post(f"/i/{token}/withdraw")
        urlopen(unescape(re.search(r'class="button" href="([^"]+)"', Client().get("/s/tea/?pid=anna&visit=7").content.decode())[1])).close()
        assert server.hits == {"/complete/anna/7": 4}


@pytest.mark.django_db(transaction=True)
def test_of_outcomes_decided_at_once_one_counts(survey):
    person = Participant.objects.create(survey=survey, language="en")

    def decide(result: str) -> str:
        try:
            return outcomes.decide(person, result)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        told = set(pool.map(decide, Result.values * 4))
    assert told == {Outcome.objects.get().result}


@pytest.mark.parametrize(("status", "leads_back"), [("closed", True), ("paused", False)])
def test_a_closed_survey_leads_newcomers_back_and_a_paused_one_asks_them_to_return(client, survey, status, leads_back):
    Survey.objects.update(status=status)
    page = client.get(link()).content.decode()
    assert (address_of("quota_full") in page) == leads_back
    assert not Participant.objects.exists()
