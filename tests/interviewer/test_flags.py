"""A participant reports a question, takes the report back, and is heard on the researcher's pages."""

import pytest
from django.test import Client
from django.urls import reverse

from interviewer.flags import Flag
from interviewer.models import Interview
from interviewer.safety.links import links
from interviewer.safety.models import SafetyAlert
from interviewer.withdrawing import withdraw
from tests.conftest import make_interview, make_survey
from tests.guides import TWO_OPEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def interview() -> Interview:
    made = make_interview(make_survey(TWO_OPEN))
    made.turns.create(number=1, role="interviewer", move="open", question_key="last_cup", text="Hello. last_cup?")
    made.turns.create(number=2, role="participant", move="answer", question_key="last_cup", text="Yesterday.")
    made.turns.create(number=3, role="interviewer", move="probe", question_key="last_cup", text="Why so late?")
    return made


def address(interview: Interview, number: int) -> str:
    return reverse("interviewer:flag", args=[interview.participant.token, number])


def test_a_question_is_reported_on_a_page_of_its_own_changed_and_taken_back(client: Client, interview: Interview) -> None:
    page = address(interview, 3)
    assert "Why so late?" in client.get(page).content.decode()
    back = client.post(page, {"do": "report", "reason": " It presumes. "})
    assert back["Location"] == f"/i/{interview.participant.token}/#turn-3"
    client.post(page, {"do": "report", "reason": "It presumes lateness."})
    assert list(Flag.objects.values_list("turn__number", "reason")) == [(3, "It presumes lateness.")]
    assert "It presumes lateness." in client.get(page).content.decode()
    assert "You reported this question." in client.get(f"/i/{interview.participant.token}/").content.decode()
    client.post(page, {"do": "take_back"})
    assert not Flag.objects.exists()


def test_from_within_the_interview_the_answer_is_json(client: Client, interview: Interview) -> None:
    def send(**fields: str) -> object:
        return client.post(address(interview, 3), fields, headers={"Accept": "application/json"}).json()

    assert [send(do="report", reason=""), send(do="report", reason="Odd."), send(do="take_back")] == [
        {"flagged": ""},
        {"flagged": "Odd."},
        {"flagged": None},
    ]


def test_only_the_interviewers_turns_of_ones_own_interview_can_be_reported(client: Client, interview: Interview) -> None:
    other = make_interview(interview.participant.survey)
    for page in (address(interview, 2), address(interview, 9), address(other, 3)):
        assert client.post(page, {"do": "report"}).status_code == 302
    assert client.post(reverse("interviewer:flag", args=["nobody", 3]), {"do": "report"}).status_code == 404
    assert not Flag.objects.exists()


def test_reports_and_alerts_are_counted_where_the_researcher_looks_and_go_with_the_participant(admin_client: Client, interview: Interview) -> None:
    monitor = reverse("interviewer:monitor", args=["tea"])
    assert "Safety and reports" not in admin_client.get(monitor).content.decode()
    Flag.objects.create(turn=interview.turns.get(number=3), reason="It presumes.")
    SafetyAlert.objects.create(interview=interview, turn=interview.turns.get(number=1), concern="danger", found_by="words")
    page = admin_client.get(monitor).content.decode()
    assert "<strong>1 safety alert nobody has seen.</strong>" in page
    assert "Reported, by question: last_cup 1." in page
    assert "It presumes." in admin_client.get(reverse("admin:interviewer_interview_change", args=[interview.pk])).content.decode()
    assert "Why so late?" in admin_client.get(reverse("admin:interviewer_flag_changelist")).content.decode()
    record = admin_client.get(reverse("interviewer:record_as_json", args=[interview.participant.token])).json()
    assert [turn.get("reported") for turn in record["turns"]] == [None, None, "It presumes."]
    assert [alert["concern"] for alert in record["safety_alerts"]] == ["danger"]
    withdraw(interview.participant)
    assert (Flag.objects.count(), SafetyAlert.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Samaritans\n116 123\nhttps://www.samaritans.org.",
            [("116 123", "tel:116123"), ("https://www.samaritans.org", "https://www.samaritans.org")],
        ),
        ("+254 (0) 722-178 177, 09:00-22:00, 24 h, 24/7", [("+254 (0) 722-178 177", "tel:+2540722178177")]),
        ("*4141 or 119 ext 8", [("*4141", "tel:*4141"), ("119", "tel:119")]),
        ("In 9-8-8: nothing, javascript:alert(1), http://x", [("http://x", "http://x")]),
    ],
)
def test_addresses_and_numbers_are_found(text: str, found: list[tuple[str, str]]) -> None:
    assert [tuple(link) for link in links(text)] == found
