"""Invitations and reminders: what is sent, to whom, when, and never twice."""

import threading
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from surveys import outcomes
from surveys.invitations import letters, lifecycle, sending
from surveys.invitations.models import Contact, InvitationPlan, InvitationText, Mailing, MailMinute
from surveys.invitations.optout import opt_out
from surveys.models import Participant, Survey
from surveys.recruitment import Result
from surveys.tasks import send_due_mail
from surveys.withdrawal import erase
from tests.conftest import make_survey
from tests.support.mail_server import HANG_UP, MailServer
from tests.surveys.invitations.conftest import GUIDE, invited

SITE = "https://interviews.example.org"


def parts(mail: EmailMessage) -> list[tuple[str, str]]:
    return [(part.get_content_type(), part.get_content().replace("\r\n", "\n")) for part in mail.iter_parts()]


def on_record() -> list[tuple[Any, ...]]:
    return list(Mailing.objects.values_list("contact__email", "step", "outcome", "reason", "attempts"))


def days_pass(days: float) -> None:
    """Everything recorded so far has happened so much earlier."""
    for mailing in Mailing.objects.all():
        mailing.at -= timedelta(days=days)
        mailing.next_at = mailing.next_at and mailing.next_at - timedelta(days=days)
        mailing.save()


def test_the_whole_invitation(survey: Survey, mail_server: MailServer) -> None:
    contact = invited(survey, name="Anna O’Neil")
    assert send_due_mail() == 1
    [mail] = mail_server.mails
    link, stop = f"{SITE}/s/tea/p/{contact.token}/", f"{SITE}/s/tea/p/{contact.token}/stop"
    assert mail_server.recipients == ["anna@example.org"]
    headers = {name: str(value).strip() for name, value in mail.items() if name not in ("Date", "Content-Type")}
    assert headers == {
        "MIME-Version": "1.0",
        "Subject": "Invitation to an interview: Tea",
        "From": "Tea survey <tea@example.org>",
        "To": "Anna O’Neil <anna@example.org>",
        "Message-ID": Mailing.objects.get().message_id,
        "Content-Language": "en",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert headers["Message-ID"].endswith("@interviews.example.org>")
    assert parts(mail) == [
        (
            "text/plain",
            "Hello Anna O’Neil,\n\nYou are invited to an interview: Tea. It is held in writing, whenever it suits you.\n\n"
            f"This link is for you alone:\n{link}\n\nIf you want no more e-mails about this survey:\n{stop}\n",
        ),
        (
            "text/html",
            '<!doctype html>\n<html lang="en" dir="ltr">\n'
            '  <head><meta charset="utf-8"><title>Invitation to an interview: Tea</title></head>\n  <body>\n'
            "<p>Hello <bdi>Anna O’Neil</bdi>,</p>\n"
            "<p>You are invited to an interview: <bdi>Tea</bdi>. It is held in writing, whenever it suits you.</p>\n"
            f'<p>This link is for you alone:<br>\n<a href="{link}">{link}</a></p>\n'
            f'<p>If you want no more e-mails about this survey:<br>\n<a href="{stop}">{stop}</a></p>\n  </body>\n</html>\n',
        ),
    ]
    assert on_record() == [("anna@example.org", 0, "sent", "", 1)]


def test_the_researchers_own_words_in_a_language_from_right_to_left(survey: Survey, mail_server: MailServer) -> None:
    plan = InvitationPlan.objects.create(survey=survey, reply_to="anna@uni.example")
    body = "مرحبا {name}،\n\n{link}\nhttps://uni.example/<b>\n\n{opt_out}"
    InvitationText.objects.create(plan=plan, language="ar", subject="دعوة: {survey}", body=body)
    contact = invited(survey, name='ليلى "<i>"', language="ar")
    sending.send_due()
    [mail] = mail_server.mails
    link, stop = f"{SITE}{contact.path}", f"{SITE}{contact.path}stop"
    assert (mail["Subject"], mail["Reply-To"], mail["Content-Language"]) == ("دعوة: الشاي", "anna@uni.example", "ar")
    assert mail["To"].addresses[0].display_name == 'ليلى "<i>"'
    [(_, text), (_, html)] = parts(mail)
    assert text == f'مرحبا ليلى "<i>"،\n\n{link}\nhttps://uni.example/<b>\n\n{stop}\n'
    assert '<html lang="ar" dir="rtl">' in html
    assert "<p>مرحبا <bdi>ليلى &quot;&lt;i&gt;&quot;</bdi>،</p>" in html
    assert f'<a href="{link}">{link}</a>' in html
    assert "<b>" not in html


@pytest.mark.parametrize(
    ("name", "outcome", "display"),
    [
        ("Eve\r\nBcc: all@example.org", "failed", []),
        ("Eve\nBcc: all@example.org", "failed", []),
        ('Eve" <all@example.org>, "Ben', "sent", ['Eve" <all@example.org>, "Ben']),
        ("李 娜, Dr. O’Neil", "sent", ["李 娜, Dr. O’Neil"]),
    ],
)
def test_a_name_adds_no_header_and_no_recipient(survey: Survey, mail_server: MailServer, name: str, outcome: str, display: list[str]) -> None:
    invited(survey, name=name)
    sending.send_due()
    assert Mailing.objects.get().outcome == outcome
    assert [mail["To"].addresses[0].display_name for mail in mail_server.mails] == display
    assert mail_server.recipients == ["anna@example.org"] * len(display)
    assert all(len(mail["To"].addresses) == 1 and mail["Bcc"] is None for mail in mail_server.mails)


def test_reminders_follow_after_the_days_set_and_then_no_more(survey: Survey, mail_server: MailServer) -> None:
    InvitationPlan.objects.create(survey=survey, reminders=2, days_between=3)
    invited(survey)
    sent = []
    for _ in range(5):
        sent.append(len(sending.send_due()))
        days_pass(2.9)
        sent.append(len(sending.send_due()))
        days_pass(0.2)
    assert sent == [1, 0, 1, 0, 1, 0, 0, 0, 0, 0]
    assert [mail["Subject"] for mail in mail_server.mails] == ["Invitation to an interview: Tea", "Reminder: Tea", "Reminder: Tea"]


def takes_part(contact: Contact) -> Participant:
    Contact.objects.filter(pk=contact.pk).update(participant=Participant.objects.create(survey=contact.survey, language="en"))
    participant = Contact.objects.get(pk=contact.pk).participant
    assert participant is not None
    return participant


STOPPED: dict[str, Callable[[Contact], object]] = {
    "completed": lambda contact: outcomes.decide(takes_part(contact), Result.COMPLETE),
    "declined": lambda contact: Contact.objects.filter(pk=contact.pk).update(declined_at=timezone.now()),
    "opted out": opt_out,
    "revoked": lambda contact: lifecycle.revoke([contact.pk]),
    "withdrawn": lambda contact: erase(takes_part(contact), status="running"),
    "deleted": lambda contact: contact.delete(),
}


@pytest.mark.parametrize("stop", STOPPED)
def test_reminders_stop(survey: Survey, mail_server: MailServer, stop: str) -> None:
    contact, other = invited(survey), invited(survey, "ben@example.org")
    sending.send_due()
    STOPPED[stop](Contact.objects.get(pk=contact.pk))
    days_pass(5)
    assert [(attempt.contact, attempt.step) for attempt in sending.send_due()] == [(other, 1)]


def test_who_has_begun_and_not_ended_is_reminded(survey: Survey, mail_server: MailServer) -> None:
    contact = invited(survey)
    sending.send_due()
    takes_part(contact)
    days_pass(5)
    assert [attempt.step for attempt in sending.send_due()] == [1]


@pytest.mark.parametrize("status", ["draft", "paused", "closed"])
def test_nothing_is_sent_unless_the_survey_is_open(survey: Survey, mail_server: MailServer, status: str) -> None:
    invited(survey)
    Survey.objects.update(status=status)
    assert sending.send_due() == []
    Survey.objects.update(status="pilot")
    assert len(sending.send_due()) == 1


@pytest.mark.parametrize(
    "held",
    [
        {"paused": True},
        {"not_before": timezone.now() + timedelta(hours=1)},
        {"not_after": timezone.now() - timedelta(hours=1)},
    ],
)
def test_the_plan_holds_mail_back(survey: Survey, mail_server: MailServer, held: dict[str, Any]) -> None:
    invited(survey)
    InvitationPlan.objects.create(survey=survey, **held)
    assert sending.send_due() == []


def test_only_what_was_released_goes_out(survey: Survey, mail_server: MailServer) -> None:
    invited(survey, queued_at=None)
    assert sending.send_due() == []


@pytest.mark.parametrize("missing", ["EMAIL_URL", "PUBLIC_URL"])
def test_without_server_or_address_nothing_is_sent(survey: Survey, mail_server: MailServer, settings: Any, missing: str) -> None:
    setattr(settings, missing, "")
    invited(survey)
    assert sending.send_due() == []
    assert letters.not_set_up() == f"This program is not set up for e-mail: {missing} is not set."


def test_a_temporary_failure_is_tried_again_later(survey: Survey, mail_server: MailServer) -> None:
    invited(survey)
    mail_server.faults["RCPT"] = ["450 Mailbox busy", "451 Greylisted"]
    rounds = []
    for wait in (0, 4 / 1440, 2 / 1440, 14 / 1440, 2 / 1440, 5):
        days_pass(wait)
        sending.send_due()
        rounds.append(on_record()[0][2:])
    first, second, sent = ("later", "smtp-450", 1), ("later", "smtp-451", 2), ("sent", "", 3)
    assert rounds == [first, first, second, second, sent, sent]
    assert [mail["To"] for mail in mail_server.mails] == ["anna@example.org"] * 2  # the second is the reminder


def test_after_six_waits_a_failure_is_final(survey: Survey, mail_server: MailServer) -> None:
    invited(survey)
    mail_server.faults["RCPT"] = ["450 Mailbox busy"] * 9
    for _ in range(9):
        sending.send_due()
        days_pass(2)
    assert on_record() == [("anna@example.org", 0, "failed", "smtp-450", 7)]


def test_an_address_refused_for_good_gets_nothing_more(survey: Survey, mail_server: MailServer) -> None:
    contact = invited(survey)
    mail_server.faults["RCPT"] = ["550 No such user"]
    sending.send_due()
    days_pass(30)
    assert sending.send_due() == []
    assert on_record() == [("anna@example.org", 0, "failed", "smtp-550", 1)]
    assert Contact.objects.get().refused_at is not None
    lifecycle.try_again([contact.pk])
    assert len(sending.send_due()) == 1
    assert on_record() == [("anna@example.org", 0, "sent", "", 1)]


def test_a_mail_refused_for_what_it_says_is_marked_and_the_next_goes_on(survey: Survey, mail_server: MailServer) -> None:
    invited(survey)
    invited(survey, "ben@example.org")
    mail_server.faults["END"] = ["554 Looks like spam"]
    sending.send_due()
    assert on_record() == [("anna@example.org", 0, "failed", "smtp-554", 1), ("ben@example.org", 0, "sent", "", 1)]
    assert not Contact.objects.exclude(refused_at=None).exists()


@pytest.mark.parametrize(("verb", "record"), [("END", ("unknown", "connection-lost")), ("MAIL", ("later", "smtp-451"))])
def test_trouble_with_the_server_stops_the_round(survey: Survey, mail_server: MailServer, verb: str, record: tuple[str, str]) -> None:
    invited(survey)
    invited(survey, "ben@example.org")
    mail_server.faults[verb] = [HANG_UP if verb == "END" else "451 Not now"]
    sending.send_due()
    assert on_record() == [("anna@example.org", 0, *record, 1)]
    sending.send_due()
    assert mail_server.recipients == ["ben@example.org"], "what may have been sent is not sent again"


def test_a_server_that_is_away_costs_no_attempt(survey: Survey, settings: Any, mail_server: MailServer, caplog: pytest.LogCaptureFixture) -> None:
    invited(survey)
    settings.EMAIL_PORT = 1
    assert sending.send_due() == []
    assert on_record() == []
    assert "anna" not in caplog.text
    assert "ConnectionRefusedError" in caplog.text


def test_a_worker_that_died_while_sending_leaves_it_unknown(survey: Survey, mail_server: MailServer) -> None:
    contact = invited(survey)
    Mailing.objects.create(contact=contact, step=0, at=timezone.now() - timedelta(minutes=21))
    assert sending.send_due() == []
    assert on_record() == [("anna@example.org", 0, "unknown", "worker-lost", 1)]
    days_pass(4)
    assert [attempt.step for attempt in sending.send_due()] == [1]


def test_a_minute_takes_so_many_mails_and_no_more(survey: Survey, mail_server: MailServer, settings: Any) -> None:
    settings.INVITATIONS_PER_MINUTE = 3
    for number in range(5):
        invited(survey, f"a{number}@example.org")
    rounds = [len(sending.send_due()) for _ in range(2)]
    MailMinute.objects.all().delete()  # as if the minute were over
    rounds.append(len(sending.send_due()))
    assert rounds in ([3, 0, 2], [3, 2, 0])  # the clock may turn in between


def test_surveys_take_turns(survey: Survey, mail_server: MailServer) -> None:
    small = make_survey(GUIDE, slug="coffee")
    for number in range(4):
        invited(survey, f"a{number}@example.org")
    invited(small, "b@example.org")
    invited(small, "c@example.org")
    sending.send_due()
    assert mail_server.recipients == [f"{name}@example.org" for name in ("b", "a0", "c", "a1", "a2", "a3")]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail_each_contact(survey: Survey, mail_server: MailServer) -> None:
    for number in range(12):
        invited(survey, f"a{number}@example.org")
    together = threading.Barrier(3)

    def work() -> None:
        together.wait()
        sending.send_due()
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(mail_server.recipients) == sorted(f"a{number}@example.org" for number in range(12))
    assert mail_server.connections > 1
