"""A researcher sets up panel, screening and quotas on the survey's page."""

import pytest
from django.test import Client
from django.urls import reverse

from surveys import outcomes, publishing
from surveys.models import Participant, Survey
from surveys.recruitment import Panel, Quota
from tests.conftest import make_survey
from tests.guides import guide, question
from tests.surveys.test_admin import page_of, researcher, submit

pytestmark = pytest.mark.django_db
__all__ = ["researcher"]
SCREENING = "- {key: tea, kind: single, options: [yes, no], wordings: {en: {text: Tea?, options: [Yes, No]}}}"


@pytest.fixture
def survey() -> Survey:
    return make_survey(guide(question("last_cup", languages=("en",)), languages=("en",)))


def test_a_panel_is_kept_only_where_every_address_is_good(researcher: Client, survey: Survey) -> None:
    panel = {"panel-TOTAL_FORMS": "1", "panel-0-kind": "cint", "panel-0-complete": "http://cint.example/end?rid={id}"}
    assert "Write a whole address that begins with https://" in submit(researcher, page_of(survey), "survey_form", panel)
    assert not Panel.objects.exists()
    submit(researcher, page_of(survey), "survey_form", panel | {"panel-0-complete": "https://cint.example/end?rid={id}"})
    assert Panel.objects.get(survey=survey).complete == "https://cint.example/end?rid={id}"


def test_screening_questions_are_yaml_and_go_into_the_guide(researcher: Client, survey: Survey) -> None:
    said = {"screening": SCREENING, "pass_if": "- {question: tea, any_of: [yes]}"}
    submit(researcher, page_of(survey), "survey_form", said)
    draft = publishing.draft(Survey.objects.get())
    assert ([each.key for each in draft.screening], draft.pass_if[0].any_of) == (["tea"], ("yes",))
    submit(researcher, page_of(survey), "survey_form", {})
    assert "at_least: input should be a valid number" in submit(
        researcher, page_of(survey), "survey_form", {"pass_if": "- {question: tea, at_least: many}"}
    )
    assert publishing.draft(Survey.objects.get()) == draft


def test_quotas_are_set_on_the_page_and_listed(researcher: Client, survey: Survey) -> None:
    row = {"quotas-0-name": "KE", "quotas-0-conditions": "- {profile: country, any_of: [KE]}", "quotas-0-limit": "5"}
    submit(researcher, page_of(survey), "survey_form", {"quotas-TOTAL_FORMS": "1"} | row)
    Quota.objects.update(reserved=1, completed=2)
    assert "3 places are filled" in submit(researcher, page_of(survey), "survey_form", {"quotas-0-limit": "2"})
    submit(researcher, page_of(survey), "survey_form", {"quotas-0-limit": "3"})
    quota = Quota.objects.get()
    assert (quota.limit, quota.reserved, quota.completed, quota.full_since is not None) == (3, 1, 2, True)
    assert ">KE<" in researcher.get(reverse("admin:surveys_quota_changelist")).content.decode()


def test_the_list_of_participants_says_how_it_ended(researcher: Client, survey: Survey) -> None:
    person = Participant.objects.create(survey=survey, language="en", external_id="anna")
    outcomes.decide(person, "screened_out")
    assert "Screened out" in researcher.get(reverse("admin:surveys_participant_changelist")).content.decode()
    assert "Screened out" in researcher.get(reverse("admin:surveys_participant_change", args=[person.pk])).content.decode()
