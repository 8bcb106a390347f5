"""Someone tells of distress or danger: calm words, help lines, their own choice, and a researcher who is told. Over a real wire."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone

from interviewer.models import Interview
from interviewer.safety import alerts
from interviewer.safety.models import SafetyAlert
from interviewer.switching import change_language
from interviewer.tasks import tell_contact, tell_of_alerts_left_behind
from interviewer.withdrawing import withdraw
from surveys.models import Survey
from surveys.support import SupportResource
from tests.conftest import make_interview, make_survey
from tests.guides import TEXTS, TWO_OPEN, guide, question
from tests.support.messages_server import MessagesServer
from tests.support.participant import ScriptedParticipant
from tests.support.stack import Stack

STOCK = (
    "Thank you for telling me. I am an automated interviewer and cannot help you myself, but there are people who can. "
    "If you or someone else is in danger now, please call your local emergency number."
)
CHOICE = "Would you like to go on with the interview, or end it here?"
LINE = "Befrienders\n0722 178 177\n24 h\nhttps://befrienders.example"


def lines() -> None:
    SupportResource.objects.all().delete()
    SupportResource.objects.create(country="KE", name="Befrienders", contact="0722 178 177", note="24 h", url="https://befrienders.example")
    SupportResource.objects.create(name="Anywhere", url="https://anywhere.example")


def stored(interview: Interview) -> list[tuple[str, str, Any]]:
    return list(interview.turns.order_by("number").values_list("move", "question_key", "value"))


@pytest.mark.stack
def test_words_of_danger_bring_help_and_a_choice_and_the_interview_goes_on_to_the_next_question(stack: Stack) -> None:
    lines()
    interview = make_interview(make_survey(TWO_OPEN), country="KE")
    with ScriptedParticipant(stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        turn = me.says("I drink it alone. I want to kill myself.")
        assert turn["text"] == f"{STOCK}\n\n{LINE}\n\n{CHOICE}"
        assert [option["value"] for option in turn["options"]] == ["go_on", "end"]
        me.answer("More words instead of a choice.")
        assert me.until("error")["code"] == "invalid"
        assert me.says(value="go_on")["text"] == "Let us go on.\n\n[en] best_cup?"
    assert stored(interview) == [
        ("open", "last_cup", None),
        ("answer", "last_cup", None),
        ("support", "", None),
        ("choose", "", "go_on"),
        ("ask", "best_cup", None),
    ]
    alert = SafetyAlert.objects.get(interview=interview)
    assert (alert.turn.number, alert.concern, alert.found_by, alert.seen_at) == (3, "danger", "words", None)


@pytest.mark.stack
def test_the_surveys_own_words_are_said_in_the_participants_language_and_they_may_end_here(stack: Stack) -> None:
    lines()
    texts = {"en": TEXTS, "ja": TEXTS, "ar": TEXTS | {"support": "لست وحدك."}}
    interview = make_interview(make_survey(guide(question("last_cup"), texts=texts)), language="ar")
    with ScriptedParticipant(stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        said = me.says("لم أعد أحتمل.")["text"]
        assert said.startswith("لست وحدك.\n\nAnywhere\nhttps://anywhere.example\n\n")
        me.answer(value="end")
        assert me.until("ended")["status"] == "ended"
    interview.refresh_from_db()
    assert (interview.ended_because, interview.safety_alerts.get().concern) == ("asked", "distress")


@pytest.mark.stack
def test_who_changes_the_language_reads_the_help_again_in_the_new_one_and_is_reported_once(stack: Stack) -> None:
    lines()
    SupportResource.objects.create(country="KE", language="ar", name="مساعدة", contact="1190")
    interview = make_interview(make_survey(TWO_OPEN), country="KE")
    with ScriptedParticipant(stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        assert "Befrienders" in me.says("I want to die.")["text"]
    assert change_language(interview.pk, "ar")
    with ScriptedParticipant(stack.websocket_url, interview.participant.token, after=3) as me:
        again = me.next_turn()
        assert ("مساعدة\n1190" in again["text"], [option["value"] for option in again["options"]]) == (True, ["go_on", "end"])
        assert me.says(value="go_on")["text"].endswith("[ar] best_cup?")
    assert SafetyAlert.objects.count() == 1


@pytest.mark.stack
@pytest.mark.parametrize("order", ["concern first", "words first"])
def test_the_models_concern_counts_and_none_of_its_words_stay(model_stack: Stack, messages_server: MessagesServer, order: str) -> None:
    lines()
    interview = make_interview(make_survey(TWO_OPEN))
    say = "You drink alone. What happened then?"
    reply = {"move": "probe", "probe_kind": "elaborate", "concern": "distress", "say": say}
    late = {"move": "probe", "probe_kind": "elaborate", "say": say, "concern": "distress"}
    messages_server.answer = lambda _: reply if order == "concern first" else late
    with ScriptedParticipant(model_stack.websocket_url, interview.participant.token) as me:
        me.next_turn()
        assert me.says("Nothing has had any taste since she left.")["text"] == f"{STOCK}\n\nAnywhere\nhttps://anywhere.example\n\n{CHOICE}"
        kinds = [frame["type"] for frame in me.frames if frame["type"] in ("say", "retract", "turn")][2:]
        assert kinds == (["say", "turn"] if order == "concern first" else ["say", "retract", "say", "turn"])
        assert order == "words first" or "alone" not in str(me.frames)
        me.says(value="go_on")
        assert me.says("It is still hard.")["text"] == say  # distress is answered once
    alert = interview.safety_alerts.get()
    assert (alert.concern, alert.found_by) == ("distress", "model")


# --- Telling the contact ------------------------------------------------------------------------------------------------


@pytest.fixture
def alert(db: None) -> Callable[..., SafetyAlert]:
    def make(**fields: Any) -> SafetyAlert:
        interview = make_interview(make_survey(TWO_OPEN))
        turn = interview.turns.create(number=1, role="interviewer", move="support", text="I want to die, you said.")
        alerts.raise_alert(turn, alerts.Raised(alerts.Concern.DANGER, alerts.FoundBy.WORDS))
        SafetyAlert.objects.update(**fields)
        return SafetyAlert.objects.get()

    return make


def test_the_contact_is_told_once_that_there_is_an_alert_and_nothing_of_what_was_said(alert: Callable[..., SafetyAlert], settings: Any) -> None:
    settings.PUBLIC_URL, settings.EMAIL_URL = "https://interviews.example.org", "smtp://mail.example.org"
    raised = alert()
    assert tell_contact(raised.pk) is False  # nobody is named
    Survey.objects.update(safety_contact=User.objects.create(username="r", email="r@example.org"))
    assert [tell_contact(raised.pk), tell_contact(raised.pk), tell_contact(0)] == [True, False, False]
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["r@example.org"], "Safety alert in “Tea”")
    assert f"https://interviews.example.org/admin/interviewer/safetyalert/{raised.pk}/change/" in message.body
    assert "die" not in message.body


def test_alerts_whose_mail_never_left_are_found_again(alert: Callable[..., SafetyAlert], settings: Any) -> None:
    settings.EMAIL_URL = "smtp://mail.example.org"
    raised = alert()
    Survey.objects.update(safety_contact=User.objects.create(username="r", email="r@example.org"))
    assert alerts.left_behind() == []
    for ago, found in ((timedelta(minutes=11), [raised.pk]), (timedelta(days=8), [])):
        SafetyAlert.objects.update(at=timezone.now() - ago)
        assert alerts.left_behind() == found
    SafetyAlert.objects.update(at=timezone.now() - timedelta(hours=1))
    settings.EMAIL_URL = ""
    assert (tell_contact(raised.pk), alerts.left_behind(), tell_of_alerts_left_behind(), mail.outbox) == (False, [], 0, [])


def test_withdrawal_takes_alerts_with_it(alert: Callable[..., SafetyAlert]) -> None:
    withdraw(alert().interview.participant)
    assert not SafetyAlert.objects.exists()
