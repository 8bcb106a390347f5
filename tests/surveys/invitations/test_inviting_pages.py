"""What a researcher does to invite: contacts in, mails previewed and let go, sending paused, links out; and the commands that do the same."""

import csv
import io
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from surveys import outcomes
from surveys.invitations import lifecycle, sending
from surveys.invitations.models import Contact, InvitationPlan, InvitationText, Mailing
from surveys.invitations.optout import opt_out
from surveys.invitations.standing import counts
from surveys.models import ConsentRecord, Participant, Survey
from surveys.recruitment import Result
from tests.interviewer.test_withdrawing import left_of
from tests.support.mail_server import MailServer
from tests.surveys.invitations.conftest import invited

PAGE = "/admin/surveys/contact/inviting/tea/"
TWO = b"email,name\nanna@example.org,Anna\nnobody,Ben\nben@example.org,=1+1\n"


def said(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def test_a_file_is_taken_and_its_bad_rows_are_named(admin_client: Client, survey: Survey) -> None:
    page = admin_client.post(PAGE, {"file": SimpleUploadedFile("c.csv", TWO), "source": "fair"}, follow=True)
    assert said(page) == [
        "2 added, 0 updated, 1 row not taken. Nobody is written to before you say so.",
        "Line 3 has something else than an address under “email”.",
    ]
    told = Contact.objects.values_list("email", "queued_at", "source")
    assert list(told) == [
        ("anna@example.org", None, "fair"),
        ("ben@example.org", None, "fair"),
    ]


def test_a_file_of_another_kind_is_refused_and_nothing_taken(admin_client: Client, survey: Survey) -> None:
    page = admin_client.post(PAGE, {"text": "phone\n1\n"})
    assert page.status_code == 400
    assert "The first line must name the columns" in page.content.decode()


def test_invitations_go_to_those_who_were_counted_and_only_after_asking(admin_client: Client, survey: Survey, mail_server: MailServer) -> None:
    invited(survey, queued_at=None)
    asked = admin_client.get(f"{PAGE}release")
    assert 'value="Send now to 1 person"' in asked.content.decode()
    assert sending.send_due() == []
    late = invited(survey, "late@example.org", queued_at=None)
    admin_client.post(f"{PAGE}release", {"up_to": asked.context["up_to"]})
    sending.send_due()
    assert mail_server.recipients == ["anna@example.org"]
    assert Contact.objects.get(pk=late.pk).queued_at is None


def test_sending_is_paused_and_resumed(admin_client: Client, survey: Survey, mail_server: MailServer) -> None:
    invited(survey)
    admin_client.post(f"{PAGE}pause")
    assert "Nothing is sent now: Sending is paused." in admin_client.get(PAGE).content.decode()
    assert sending.send_due() == []
    admin_client.post(f"{PAGE}pause", {"resume": "1"})
    assert len(sending.send_due()) == 1


def test_the_mails_are_previewed_in_each_language(admin_client: Client, survey: Survey) -> None:
    plan = InvitationPlan.objects.create(survey=survey)
    InvitationText.objects.create(plan=plan, language="ja", reminder_body="{name} {link} {opt_out}")
    page = admin_client.get(f"{PAGE}preview")
    assert [mail["label"] for mail in page.context["mails"]] == [
        "English, invitation", "English, reminder", "Arabic, invitation", "Arabic, reminder", "Japanese, invitation", "Japanese, reminder",
    ]  # fmt: skip
    assert page.context["mails"][-1]["body"].startswith("Ana O’Neil ")
    assert 'dir="rtl"' in page.content.decode()


def test_a_text_that_lacks_its_links_is_not_saved(admin_client: Client, survey: Survey) -> None:
    plan = InvitationPlan.objects.create(survey=survey)
    address = admin_client.get(f"{PAGE}plan")["Location"]
    rows = {"texts-TOTAL_FORMS": "1", "texts-INITIAL_FORMS": "0", "texts-0-language": "en", "texts-0-body": "Hello {name} {link}"}
    page = admin_client.post(address, {"reminders": "1", "days_between": "3", **rows})
    assert "{opt_out} is missing: without it nobody could stop the mails." in page.content.decode()
    assert not plan.texts.exists()
    saved = admin_client.post(address, {"reminders": "1", "days_between": "3", **rows, "texts-0-body": "{link} {opt_out}"})
    assert (saved["Location"], plan.texts.get().body) == (PAGE, "{link} {opt_out}")


def test_links_without_e_mail_are_made_and_saved_as_csv(admin_client: Client, survey: Survey, settings: Any) -> None:
    admin_client.post(f"{PAGE}links", {"count": "2", "beginning": "fair"})
    invited(survey, name="=1+1")
    page = admin_client.get(f"{PAGE}links.csv")
    rows = list(csv.reader(io.StringIO(b"".join(page.streaming_content).decode("utf-8-sig"))))
    first, second, third = Contact.objects.all()
    assert rows == [
        ["email", "name", "language", "external_id", "link", "standing"],
        ["", "", "", "fair-1", f"http://testserver{first.path}", "not invited"],
        ["", "", "", "fair-2", f"http://testserver{second.path}", "not invited"],
        ["anna@example.org", "'=1+1", "", "", f"http://testserver{third.path}", "waiting to be sent"],
    ]


def consented(contact: Contact, *, given: bool = True) -> Participant:
    participant = Participant.objects.create(survey=contact.survey, language="en")
    version = contact.survey.current_version
    ConsentRecord.objects.create(participant=participant, guide_version=version, language="en", text="I agree.", given=given)
    Contact.objects.filter(pk=contact.pk).update(participant=participant)
    return participant


def test_each_contact_stands_somewhere(admin_client: Client, survey: Survey, mail_server: MailServer) -> None:
    people = {name: invited(survey, f"{name}@example.org") for name in ("done", "early", "on", "out", "off", "open", "again", "once")}
    sending.send_due()
    Mailing.objects.create(contact=people["again"], step=1, outcome="sent", at=people["again"].created_at)
    mail_server.faults["RCPT"] = ["550 No"]
    invited(survey, "bad@example.org")
    sending.send_due()
    invited(survey, "soon@example.org")
    invited(survey, "new@example.org", queued_at=None)
    outcomes.decide(consented(people["done"]), Result.COMPLETE)
    outcomes.decide(consented(people["early"]), Result.ENDED)
    consented(people["on"])
    opt_out(people["out"])
    lifecycle.revoke([people["off"].pk])
    lifecycle.opened(people["open"])
    assert counts(survey) == [
        ("completed", 1), ("ended otherwise", 1), ("opted out", 1), ("consented", 1), ("link revoked", 1), ("failed", 1), ("link opened", 1),
        ("reminded", 1), ("invited", 1), ("waiting to be sent", 1), ("not invited", 1),
    ]  # fmt: skip
    page = admin_client.get("/admin/surveys/contact/", {"standing": "failed"})
    assert "bad@example.org" in page.content.decode()
    assert "smtp-550" in page.content.decode()
    assert "done@example.org" not in page.content.decode()


def test_the_list_revokes_restores_and_tries_again(admin_client: Client, survey: Survey) -> None:
    contact = invited(survey)
    told = []
    for action in ("revoke", "restore", "try_again"):
        page = admin_client.post("/admin/surveys/contact/", {"action": action, "_selected_action": [contact.pk]}, follow=True)
        told += said(page)
    assert told == ["Links revoked: 1. Interviews that have begun can go on.", "Links restored: 1.", "Mails that wait to be sent again: 0."]


def test_a_contacts_page_leads_to_no_answers(admin_client: Client, survey: Survey) -> None:
    contact = invited(survey)
    participant = consented(contact)
    html = admin_client.get(f"/admin/surveys/contact/{contact.pk}/change/").content.decode()
    assert contact.token in html
    assert participant.token not in html
    assert f"participant/{participant.pk}/" not in html
    page = admin_client.get(f"/admin/surveys/participant/{participant.pk}/change/").content.decode()
    assert "anna@example.org" not in page


@pytest.mark.parametrize("page", ["", "links.csv", "release", "preview", "plan"])
def test_contacts_are_shown_only_to_those_who_may_see_them(client: Client, survey: Survey, page: str) -> None:
    user = User.objects.create_user("ben", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_survey"))
    client.force_login(user)
    assert client.get(PAGE + page).status_code == 403


def test_nothing_of_a_withdrawn_contact_is_left_anywhere_not_in_the_admins_log_either(admin_client: Client, survey: Survey) -> None:
    contact = invited(survey, "ferdinand@example.org", name="Ferdinand", external_id="panel-7")
    admin_client.post(
        f"/admin/surveys/contact/{contact.pk}/change/", {"name": "Ferdinand II", "mailings-TOTAL_FORMS": 0, "mailings-INITIAL_FORMS": 0}
    )
    assert Contact.objects.get().name == "Ferdinand II"
    client = Client()
    form = re.search(r'name="form" value="([^"]+)"', client.get(contact.path).content.decode())
    client.post(contact.path, {"form": unescape(form[1]), "answer": "agree"})
    client.post(f"/i/{Participant.objects.get().token}/withdraw")
    assert left_of("erdinand", contact.token, "panel-7") == []


def test_the_commands_add_tell_and_send(survey: Survey, mail_server: MailServer, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes(TWO)

    def run(*arguments: Any, **options: Any) -> tuple[str, str]:
        out, err = io.StringIO(), io.StringIO()
        call_command(*arguments, stdout=out, stderr=err, **options)
        return out.getvalue(), err.getvalue()

    added = "2 added, 0 updated, 1 row not taken. Nobody has been written to: manage.py send_invitations tea\n"
    assert run("invite", "tea", str(tmp_path / "c.csv")) == (added, "Line 3 has something else than an address under “email”.\n")
    dry = "anna@example.org: invitation\nben@example.org: invitation\n2 mails would be sent.\n"
    assert run("send_invitations", "tea", dry_run=True) == (dry, "")
    assert mail_server.mails == []
    wet = "anna@example.org: invitation: sent\nben@example.org: invitation: sent\n2 mails sent.\n"
    assert run("send_invitations", "tea") == (wet, "")
    assert run("send_invitations", "tea") == ("0 mails sent.\n", "")
    Survey.objects.update(status="paused")
    with pytest.raises(CommandError, match=r"Nothing is sent. This survey is paused."):
        run("send_invitations", "tea")
