"""Screening: what a guide may ask, how the answers are read and kept, and whom they let in."""

import re
from html import unescape

import pytest
from django.test import Client
from pydantic import ValidationError

from interviewer import own_record
from interviewer.models import Interview
from surveys import guide_yaml, publishing
from surveys.forms_profile import ProfileForm
from surveys.guide import Guide
from surveys.models import Participant, Survey
from tests.conftest import make_survey
from tests.guides import guide, question

pytestmark = pytest.mark.django_db
TEA = question("tea", "single", options=["yes", "no"], labels=["Yes, I do", "No"])
WHERE = question("where", "multiple", options=["home", "work"], labels=["At home", "At work"])
OFTEN = question("often", "scale", minimum=1, maximum=5)
CUPS = question("cups", "number", minimum=0, maximum=40)
PROFILE = [{"field": "country", "required": True}]
PASS_IF = [{"question": "tea", "any_of": ["yes"]}, {"question": "cups", "at_least": 2}]


def screened(**fields) -> Guide:
    return guide(question("last_cup"), **({"screening": [TEA, WHERE, OFTEN, CUPS], "pass_if": PASS_IF, "profile": PROFILE} | fields))


def given(**changes) -> dict:
    answers = {"tea": "yes", "where": ["home", "work"], "often": "5", "cups": "3"} | changes
    return {"country": "KE"} | {f"screening_{key}": value for key, value in answers.items()}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"screening": [question("why")]}, "screening question 'why': only closed questions can screen"),
        ({"screening": [TEA, TEA], "pass_if": []}, "two questions have the key 'tea'"),
        ({"screening": [TEA | {"key": "last_cup"}], "pass_if": []}, "two questions have the key 'last_cup'"),
        ({"screening": [TEA | {"ask_if": [{"profile": "country", "any_of": ["KE"]}]}]}, "it is asked of everyone, so it has no ask_if"),
        (
            {"screening": [TEA | {"wordings": {"en": TEA["wordings"]["en"]}}], "pass_if": []},
            "ar is offered but screening question 'tea'",
        ),
        ({"pass_if": [{"question": "last_cup", "any_of": ["a"]}]}, "pass_if: its condition names 'last_cup', which is no screening question"),
        ({"pass_if": [{"question": "tea", "any_of": ["perhaps"]}]}, "pass_if: 'tea' has no option 'perhaps'"),
        ({"pass_if": [{"profile": "gender", "any_of": ["woman"]}]}, "pass_if names 'gender', which the profile does not ask"),
    ],
)
def test_a_guide_that_could_screen_nobody_rightly_is_refused(fields, problem):
    with pytest.raises(ValidationError, match=re.escape(problem)):
        screened(**fields)


def test_screening_goes_through_yaml_and_the_draft_unchanged():
    wanted = screened()
    assert guide_yaml.read(guide_yaml.write(wanted)) == wanted
    assert publishing.draft(publishing.load(wanted, slug="tea")) == wanted


def test_answers_are_values_and_stand_in_the_own_record_with_their_labels():
    form = ProfileForm(screened(), "en", given())
    assert form.is_valid(), form.errors
    survey = make_survey(screened())
    person = Participant.objects.create(survey=survey, language="en")
    form.save(person)
    assert (person.country, person.screening) == ("KE", {"tea": "yes", "where": ["home", "work"], "often": 5, "cups": 3})


@pytest.mark.parametrize(
    "changes", [{"tea": ""}, {"tea": "perhaps"}, {"where": []}, {"where": ["mars"]}, {"often": "6"}, {"cups": "41"}, {"cups": "x"}, {"cups": "nan"}]
)
def test_every_screening_question_needs_an_answer_of_its_own(changes):
    form = ProfileForm(screened(), "en", given(**changes))
    assert list(form.errors) == [f"screening_{next(iter(changes))}"]


@pytest.fixture
def survey() -> Survey:
    return make_survey(screened())


def came(client: Client) -> str:
    form = unescape(re.search(r'name="form" value="([^"]+)"', client.get("/s/tea/").content.decode())[1])
    client.post("/s/tea/consent", {"form": form, "answer": "agree"})
    return f"/i/{Participant.objects.latest('pk').token}/"


def test_who_passes_has_an_interview_and_reads_their_answers_back(client, survey):
    home = came(client)
    page = client.get(home).content.decode()
    assert page.count("<legend") == 3
    client.post(home, given())
    client.get(home)
    person = Interview.objects.get().participant
    about = dict(own_record.read(person).about)
    assert {key: about[f"[en] {key}?"] for key in ("tea", "where", "often", "cups")} == {
        "tea": "Yes, I do",
        "where": "At home, At work",
        "often": "5",
        "cups": "3",
    }


def test_who_does_not_pass_is_told_kindly_without_the_reason_and_once(client, survey):
    home = came(client)
    client.post(home, given(cups="1"))
    page = client.get(f"{home}outcome").content.decode()
    assert "Thank you for your interest" in page
    assert "Your receipt code" in page
    assert "Back to the panel" not in page
    assert not re.search("cups|tea\\?", page)
    client.post(home, given(cups="9"))
    person = Participant.objects.get()
    assert (person.screening["cups"], person.outcome.result, Interview.objects.count()) == (1, "screened_out", 0)
    assert client.get(home)["Location"] == f"{home}outcome"


def test_a_second_tab_changes_no_answer(client, survey):
    home = came(client)
    person = Participant.objects.get()
    for cups in ("1", "9"):
        form = ProfileForm(screened(), "en", given(cups=cups))
        assert form.is_valid()
        form.save(person)
    person.refresh_from_db()
    assert (home, person.screening["cups"]) == (f"/i/{person.token}/", 1)
