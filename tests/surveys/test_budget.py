"""A survey's budget: it stops newcomers, and never an interview that has begun."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from interviewer.models import Interview
from surveys import budget, entry
from surveys.models import ConsentRecord, ModelCall, Participant, Survey
from surveys.pages import PAUSED
from tests.conftest import make_interview, make_survey
from tests.guides import TWO_OPEN
from tests.surveys.test_admin import page_of, submit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def survey() -> Survey:
    survey = make_survey(TWO_OPEN)
    survey.budget_usd = Decimal("1.00")
    survey.save()
    return survey


def called(survey: Survey, cost: str | None) -> None:
    ModelCall.objects.create(survey=survey, purpose="interview", model="m", cost_usd=cost)
    cache.clear()


def test_a_survey_takes_people_in_until_its_budget_is_spent(survey: Survey) -> None:
    called(survey, "0.99")
    called(survey, None)
    assert (budget.exhausted(survey), entry.obstacle(survey, staff=False)) == (False, None)
    called(survey, "0.01")
    assert (budget.exhausted(survey), entry.obstacle(survey, staff=False)) == (True, PAUSED)
    assert entry.obstacle(survey, staff=True) == PAUSED


def test_a_spent_budget_turns_newcomers_away_calmly(survey: Survey, client: Client) -> None:
    form = client.get("/s/tea/").context["form_id"]
    called(survey, "1.00")
    page = client.get("/s/tea/")
    assert (page.status_code, page.context["notice"]) == (200, PAUSED)
    response = client.post("/s/tea/consent", {"form": form, "answer": "agree"})
    assert (response.headers["Location"], Participant.objects.count()) == ("/s/tea/", 0)


def test_who_agreed_before_but_has_not_begun_waits_too(survey: Survey, client: Client) -> None:
    participant = Participant.objects.create(survey=survey, language="en")
    ConsentRecord.objects.create(participant=participant, guide_version=survey.current_version, language="en", text="I agree.", given=True)
    called(survey, "1.00")
    assert client.get(f"/i/{participant.token}/").context["notice"] == PAUSED
    assert not Interview.objects.exists()


def test_an_interview_that_has_begun_goes_on(survey: Survey, client: Client) -> None:
    interview = make_interview(survey)
    called(survey, "5.00")
    page = client.get(f"/i/{interview.participant.token}/")
    assert (page.status_code, page.templates[0].name) == (200, "interviewer/conversation.html")


def test_a_burst_of_newcomers_adds_up_the_calls_once(survey: Survey, django_assert_num_queries: object) -> None:
    called(survey, "0.50")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert [budget.exhausted(survey) for _ in range(5)] == [False] * 5


def test_without_a_budget_nothing_is_added_up(survey: Survey, django_assert_num_queries: object) -> None:
    called(survey, "5.00")
    survey.budget_usd = None
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert budget.exhausted(survey) is False


def test_raising_the_budget_lets_people_in_at_once(survey: Survey) -> None:
    called(survey, "1.00")
    assert budget.exhausted(survey)
    survey.budget_usd = Decimal("2.00")
    assert not budget.exhausted(survey)


def test_a_researcher_sets_the_budget_in_the_admin(survey: Survey, client: Client) -> None:
    client.force_login(User.objects.create_superuser("researcher"))
    submit(client, page_of(survey), "survey_form", {"budget_usd": "250.50"})
    survey.refresh_from_db()
    assert survey.budget_usd == Decimal("250.50")
    for refused in ("0", "-1", "0.001"):
        assert "errorlist" in submit(client, page_of(survey), "survey_form", {"budget_usd": refused})
    submit(client, page_of(survey), "survey_form", {"budget_usd": ""})
    survey.refresh_from_db()
    assert survey.budget_usd is None
