"""What a personal link opens, on any device, and how its holder ends the e-mails."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from interviewer.models import Interview
from surveys.entry import ConsentForm
from surveys.invitations import lifecycle, storing
from surveys.invitations.due import reachable
from surveys.invitations.files import Problem, Row
from surveys.invitations.models import Contact, OptOut
from surveys.invitations.optout import opt_out
from surveys.models import Participant, Survey
from surveys.withdrawal import WithdrawnId
from tests.conftest import make_survey
from tests.surveys.invitations.conftest import GUIDE, invited

pytestmark = pytest.mark.django_db


def heading(page: Any) -> str:
    return unescape(re.search(r"<h1>(.*?)</h1>", page.content.decode(), re.DOTALL)[1])


def form_of(page: Any) -> str:
    return unescape(re.search(r'name="form" value="([^"]+)"', page.content.decode())[1])


def answer(client: Client, contact: Contact, answer: str = "agree") -> Any:
    return client.post(contact.path, {"form": form_of(client.get(contact.path)), "answer": answer})


def test_the_link_opens_the_consent_text_in_the_contacts_language(client: Client, survey: Survey) -> None:
    contact = invited(survey, language="ar")
    page = client.get(contact.path, headers={"Accept-Language": "ja"})
    assert (page.status_code, heading(page), page["Content-Language"]) == (200, "الشاي", "ar")
    assert f'action="{contact.path}"' in page.content.decode()
    assert (page["Referrer-Policy"], page["Cache-Control"]) == ("same-origin", "no-store")
    assert heading(client.get(f"{contact.path}?lang=ja")) == "お茶"
    assert Contact.objects.get().opened_at is not None


def test_agreeing_ties_one_participant_to_the_contact_on_any_device(survey: Survey) -> None:
    contact = invited(survey, external_id="panel-7")
    first, second = Client(), Client()
    forms = [form_of(each.get(contact.path)) for each in (first, second)]
    pages = [each.post(contact.path, {"form": form, "answer": "agree"}) for each, form in zip((first, second), forms, strict=True)]
    participant = Participant.objects.get()
    assert [page["Location"] for page in pages] == [f"/i/{participant.token}/"] * 2
    assert (participant.external_id, participant.consent.given, participant.contact) == ("panel-7", True, contact)
    assert Client().get(contact.path)["Location"] == f"/i/{participant.token}/"


def test_participants_read_in_their_record_what_is_kept_of_them_as_contacts(client: Client, survey: Survey) -> None:
    answer(client, invited(survey, name="Anna", source="newsletter"))
    held = client.get(f"/i/{Participant.objects.get().token}/record.json").json()["contact"]
    assert held.pop("created_at")
    assert held == {"email": "anna@example.org", "name": "Anna", "language": "", "external_id": "", "source": "newsletter"}


def test_two_devices_that_agreed_before_either_answer_came_in_are_one_participant(survey: Survey) -> None:
    contact = invited(survey)
    stale = Contact.objects.select_related("survey").get()
    clients = [Client(), Client()]
    forms = [form_of(each.get(contact.path)) for each in clients]
    clients[0].post(contact.path, {"form": forms[0], "answer": "agree"})
    form = ConsentForm.read(forms[1])
    assert form is not None
    again = lifecycle.answered(stale, form, given=True, browser_languages="")
    assert [again] == list(Participant.objects.all())


def test_after_the_interview_the_link_says_so(client: Client, survey: Survey) -> None:
    contact = invited(survey)
    answer(client, contact)
    client.get(f"/i/{Participant.objects.get().token}/")
    assert reachable(survey).count() == 1
    Interview.objects.update(status="completed", awaiting="nobody", satisfaction=5)
    assert heading(Client().get(contact.path, follow=True)) == "You have already taken part"
    assert reachable(survey).count() == 0


def test_declining_is_on_record_and_can_be_thought_over(client: Client, survey: Survey) -> None:
    contact = invited(survey, external_id="panel-7")
    page = client.post(contact.path, {"form": form_of(client.get(contact.path)), "answer": "decline"}, follow=True)
    assert heading(page) == "You chose not to take part"
    assert f'href="{contact.path}"' in page.content.decode()
    declined = Contact.objects.get()
    assert declined.declined_at is not None
    assert declined.participant.consent.given is False
    answer(client, contact)
    again = Contact.objects.get()
    assert (again.declined_at, again.participant.consent.given, again.participant.external_id) == (None, True, "panel-7")


def test_a_revoked_link_says_so_kindly_and_can_be_restored(client: Client, survey: Survey) -> None:
    contact = invited(survey)
    assert lifecycle.revoke([contact.pk]) == 1
    page = client.get(contact.path)
    assert (page.status_code, heading(page)) == (410, "This link is no longer in use")
    assert lifecycle.restore([contact.pk]) == 1
    assert heading(client.get(contact.path)) == "Tea"


@pytest.mark.parametrize(("status", "code", "title"), [("draft", 404, "This survey is not open yet"), ("paused", 200, "This survey is paused")])
def test_a_survey_that_takes_no_interviews_says_so(client: Client, survey: Survey, status: str, code: int, title: str) -> None:
    contact = invited(survey)
    Survey.objects.update(status=status)
    page = client.get(contact.path)
    assert (page.status_code, heading(page)) == (code, title)
    assert Contact.objects.get().opened_at is None


def test_a_link_that_was_not_given_out_or_belongs_to_another_survey(client: Client, survey: Survey) -> None:
    make_survey(GUIDE, slug="coffee")
    contact = invited(survey)
    for address in ("/s/tea/p/nobody/", f"/s/coffee/p/{contact.token}/", f"/s/coffee/p/{contact.token}/stop"):
        page = client.get(address)
        assert (page.status_code, heading(page)) == (404, "This link opens no interview")


def test_a_form_that_was_not_given_out_leads_back(client: Client, survey: Survey) -> None:
    contact = invited(survey)
    assert client.post(contact.path, {"form": "nonsense", "answer": "agree"})["Location"] == contact.path
    assert not Participant.objects.exists()


# --- No more e-mails ----------------------------------------------------------------------------------------------------


def test_opening_the_opt_out_page_changes_nothing(client: Client, survey: Survey) -> None:
    contact = invited(survey, language="ar")
    page = client.get(f"{contact.path}stop")
    assert (page.status_code, page["Content-Language"]) == (200, "ar")
    assert Contact.objects.get().opted_out_at is None


def test_one_click_of_a_mail_program_opts_out_without_any_cookie(survey: Survey) -> None:
    contact = invited(survey)
    mail_program = Client(enforce_csrf_checks=True)
    for _ in range(2):
        page = mail_program.post(f"{contact.path}stop", {"List-Unsubscribe": "One-Click"})
        assert (page.status_code, heading(page)) == (200, "You will get no more e-mails")
    assert Contact.objects.get().opted_out_at is not None
    assert OptOut.objects.count() == 1
    assert heading(mail_program.get(f"{contact.path}stop")) == "You will get no more e-mails"
    assert heading(mail_program.get(contact.path)) == "Tea"


@pytest.mark.parametrize(("everywhere", "elsewhere"), [("", 1), ("1", 0)])
def test_opting_out_reaches_one_survey_or_all(client: Client, survey: Survey, everywhere: str, elsewhere: int) -> None:
    other = make_survey(GUIDE, slug="coffee")
    third = make_survey(GUIDE, slug="milk")
    contact = invited(survey)
    invited(other, "Anna@Example.org")
    client.post(f"{contact.path}stop", {"everywhere": everywhere})
    assert Contact.objects.filter(survey=other, opted_out_at=None).count() == elsewhere
    assert storing.store(third, [Row(2, "anna@example.org")]).added == elsewhere


def test_an_opt_out_outlives_its_contact(survey: Survey) -> None:
    opt_out(invited(survey))
    Contact.objects.all().delete()
    stored = storing.store(survey, [Row(2, "ANNA@example.org"), Row(3, "ben@example.org")])
    assert (stored.added, stored.problems) == (1, [Problem(2, "has an address that wants no more e-mails")])
    assert "anna" not in str(list(OptOut.objects.values_list()))


def test_withdrawing_deletes_the_contact_and_keeps_them_from_being_invited_again(client: Client, survey: Survey) -> None:
    contact = invited(survey, "Anna@example.org", name="Anna", external_id="panel-7")
    answer(client, contact)
    client.post(f"/i/{Participant.objects.get().token}/withdraw")
    assert not Contact.objects.exists()
    assert WithdrawnId.objects.count() == 2
    stored = storing.store(survey, [Row(2, "anna@example.org"), Row(3, "other@example.org", external_id="panel-7")])
    withdrawn = "is about someone who has withdrawn"
    assert (stored.added, stored.problems) == (0, [Problem(2, withdrawn), Problem(3, withdrawn)])
    assert client.get(contact.path).status_code == 404


def test_a_survey_by_invitation_only_opens_by_personal_links_alone(client: Client, survey: Survey) -> None:
    Survey.objects.update(one_entry=Survey.OneEntry.EXTERNAL_ID)
    contact = invited(survey)
    assert heading(client.get("/s/tea/")) == "This link opens no interview"
    assert answer(client, contact)["Location"] == f"/i/{Participant.objects.get().token}/"
