"""A researcher goes through the draft as a participant would, and it leaves no trace in results."""

import io
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analysis import queueing, staleness
from analysis.export import files
from analysis.models import InterviewAnalysis
from interviewer.models import Interview, Turn
from interviewer.monitor.page import look
from interviewer.monitor.scope import Scope, Unknown
from interviewer.signals import interview_completed
from llm import Completion, Usage
from surveys.accounting import record_call
from surveys.budget import spent
from surveys.models import GuideVersion, Participant, Survey, SurveyText, Wording
from surveys.previewing import snapshot
from surveys.publishing import load
from surveys.withdrawal import Withdrawal, erase
from tests.conftest import make_interview, make_survey
from tests.guides import guide, question
from tests.llm.calling import PROMPT
from tests.surveys.test_views import heading

pytestmark = pytest.mark.django_db
NOW = timezone.now()
ARMS = [{"key": "one", "sections_first": ["main"]}, {"key": "other", "manner": "Be brief."}]
GUIDE = guide(question("last_cup"), arms=ARMS)


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("researcher"))
    return client


def begun(staff: Client, survey: Survey, language: str = "ar") -> Interview:
    """Button, first page, consent, first page of the interview."""
    first = staff.post(reverse("admin:surveys_survey_preview", args=[survey.pk]))
    page = staff.get(f"{first['location']}?lang={language}").content.decode()
    form = unescape(re.search(r'name="form" value="([^"]+)"', page)[1])
    mine = staff.post(f"/s/{survey.slug}/consent", {"form": form, "answer": "agree"})["location"]
    staff.get(mine)
    assert [text.count('<p class="banner">') for text in (page, staff.get(mine).content.decode())] == [1, 1]
    return Interview.objects.latest("pk")


def finished(interview: Interview) -> Interview:
    Turn.objects.create(interview=interview, number=1, role="interviewer", move="ask", text="Well?", question_key="last_cup")
    Turn.objects.create(interview=interview, number=2, role="participant", move="answer", text="With milk.", question_key="last_cup")
    Interview.objects.filter(pk=interview.pk).update(status="completed", awaiting="nobody", completed_at=timezone.now())
    interview_completed.send(sender=Interview, interview_id=interview.pk)
    return interview


def test_a_preview_follows_the_draft_as_it_is_and_publishes_nothing(staff: Client) -> None:
    survey = load(GUIDE, slug="tea")
    SurveyText.objects.filter(survey=survey, language="en").update(title="Tea, once more")
    first = staff.post(reverse("admin:surveys_survey_preview", args=[survey.pk]))
    assert heading(staff.get(f"{first['location']}?lang=en")) == "Tea, once more"
    assert (survey.current_version, GuideVersion.objects.count(), GuideVersion.every.count()) == (None, 0, 1)


def test_a_language_that_is_not_worded_yet_keeps_nobody_from_previewing_the_others(staff: Client) -> None:
    survey = load(GUIDE, slug="tea")
    SurveyText.objects.filter(language="ja").delete()
    Wording.objects.filter(language="ar").update(options="One label too many")
    assert snapshot(survey).guide.languages == ("en",)
    SurveyText.objects.all().delete()
    page = staff.post(reverse("admin:surveys_survey_preview", args=[survey.pk]), follow=True).content.decode()
    assert "English is offered but has no title and consent text" in page


def test_only_staff_come_in(staff: Client, client: Client) -> None:
    survey = make_survey(GUIDE)
    address = staff.post(reverse("admin:surveys_survey_preview", args=[survey.pk]))["location"]
    form = unescape(re.search(r'name="form" value="([^"]+)"', staff.get(address).content.decode())[1])
    stranger = Client()
    assert stranger.get(address).status_code == 404
    assert stranger.post("/s/tea/consent", {"form": form, "answer": "agree"})["location"] == "/s/tea/"
    assert not Participant.objects.exists()


@pytest.mark.parametrize("status", ["draft", "open", "paused", "closed"])
def test_a_preview_is_marked_whatever_the_survey_s_status(staff: Client, status: str) -> None:
    survey = make_survey(GUIDE, status=status)
    interview = begun(staff, survey)
    assert (interview.participant.origin, interview.language, interview.guide_version.preview) == ("preview", "ar", True)


def test_previews_take_the_arms_by_turns_and_leave_the_balance_alone(staff: Client) -> None:
    survey = make_survey(GUIDE)
    arms = {begun(staff, survey).arm, begun(staff, survey).arm}
    survey.refresh_from_db()
    assert (arms, survey.interviews_begun) == ({"one", "other"}, 0)


def test_a_preview_leaves_no_trace_in_results(staff: Client, tmp_path: Path) -> None:
    survey = make_survey(GUIDE)
    finished(make_interview(survey))
    before = (staff.get("/findings/tea/").content, exported(survey, tmp_path / "before"), look(Scope.of(survey, "all", ""), NOW))
    analysed = set(InterviewAnalysis.objects.values_list("interview", flat=True))
    finished(begun(staff, survey))
    queueing.sweep()
    assert set(InterviewAnalysis.objects.values_list("interview", flat=True)) == analysed
    assert list(staleness.stale(survey, "offline")) == list(analysed)
    assert (staff.get("/findings/tea/").content, exported(survey, tmp_path / "after"), look(Scope.of(survey, "all", ""), NOW)) == before
    with pytest.raises(Unknown):
        Scope.of(survey, "preview", "")


def exported(survey: Survey, folder: Path) -> dict[str, bytes]:
    wanted: dict[str, Any] = {"format": "csv", "verbosity": 0, "stdout": io.StringIO(), "include_pilot": True, "include_simulated": True}
    call_command("export", survey.slug, output=folder, **wanted)
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


def test_what_a_preview_costs_counts_against_the_budget_and_stays_when_it_is_deleted(staff: Client) -> None:
    survey = make_survey(GUIDE)
    interview = begun(staff, survey)
    record_call(survey.pk, interview.participant_id, "interviewer", PROMPT, Completion(None, "claude-sonnet-5", Usage(input=1_000_000)))  # type: ignore[arg-type]
    page = staff.post(reverse("admin:surveys_survey_clear_previews", args=[survey.pk]), follow=True).content.decode()
    assert "1 preview deleted." in page
    assert (Participant.objects.count(), GuideVersion.every.filter(preview=True).count(), spent(survey)) == (0, 0, 2)


def test_trying_out_withdrawal_is_no_withdrawal(staff: Client) -> None:
    person = begun(staff, make_survey(GUIDE)).participant
    erase(person, status="running")
    assert (Participant.objects.count(), Withdrawal.objects.count()) == (0, 0)


def test_a_survey_with_previews_alone_can_be_deleted_once_they_are(staff: Client) -> None:
    survey = make_survey(GUIDE)
    begun(staff, survey)
    address = reverse("admin:surveys_survey_delete", args=[survey.pk])
    assert "The survey has previews: delete them first." in staff.get(address, follow=True).content.decode()
    staff.post(reverse("admin:surveys_survey_clear_previews", args=[survey.pk]))
    staff.post(address, {"post": "yes"})
    assert not Survey.objects.exists()


def test_pilot_interviews_are_marked_and_left_out_unless_asked_for(client: Client, tmp_path: Path) -> None:
    survey = make_survey(guide(question("last_cup")), status="pilot")
    page = client.get("/s/tea/").content.decode()
    form = unescape(re.search(r'name="form" value="([^"]+)"', page)[1])
    client.get(client.post("/s/tea/consent", {"form": form, "answer": "agree"})["location"])
    finished(Interview.objects.get())
    plain, pilot = Scope.of(survey, "", ""), Scope.of(survey, "pilot", "")
    assert Participant.objects.get().origin == "pilot"
    assert (look(plain, NOW).begun, look(pilot, NOW).begun) == (0, 1)
    for folder, asked, rows in (("plain", {}, 0), ("pilot", {"include_pilot": True}, 1)):
        call_command("export", "tea", format="csv", output=tmp_path / folder, verbosity=0, stdout=io.StringIO(), **asked)
        assert len(files.read(tmp_path / folder / "interviews.csv")) == rows
