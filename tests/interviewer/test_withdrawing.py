"""Withdrawing: by link or by receipt code, and nothing of the person is left."""

import re
from html import unescape

import pytest
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.apps import apps
from django.db import connection
from django.test import Client

from interviewer.importing import Target, store
from interviewer.imports import Record, Spoken
from interviewer.models import Interview, Turn
from llm import Completion, Prompt, Usage
from surveys import receipts
from surveys.accounting import record_call
from surveys.models import ConsentRecord, ModelCall, Participant, Survey
from surveys.withdrawal import HasWithdrawn, Withdrawal, WithdrawnId, by_receipt
from tests.conftest import make_interview, make_survey
from tests.guides import TWO_OPEN

pytestmark = pytest.mark.django_db
SECRET = "My neighbour Ferdinand brews it."


def heading(response) -> str:
    return unescape(re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.DOTALL)[1])


@pytest.fixture
def survey() -> Survey:
    return make_survey(TWO_OPEN)


@pytest.fixture
def interview(survey: Survey) -> Interview:
    made = make_interview(survey, external_id="panel-7")
    made.turns.create(number=1, role="interviewer", move="open", text="Hello.")
    made.turns.create(number=2, role="participant", move="answer", text=SECRET)
    ModelCall.objects.create(survey=survey, participant=made.participant, purpose="interview", model="m", prompt_version="p", cost_usd="0.25")
    return made


def left_of(*needles: str) -> list[str]:
    """The tables in which any of these still stands."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
            if any(needle in str(row) for row in cursor.fetchall() for needle in needles):
                found.append(model._meta.db_table)
    return found


def test_withdrawing_asks_first(client: Client, interview: Interview) -> None:
    page = client.get(f"/i/{interview.participant.token}/withdraw")
    assert heading(page) == "Withdraw from the survey"
    assert Interview.objects.count() == 1


def test_withdrawing_leaves_only_the_fact_of_it(client: Client, survey: Survey, interview: Interview) -> None:
    token = interview.participant.token
    page = client.post(f"/i/{token}/withdraw", follow=True)
    assert heading(page) == "You have withdrawn"
    assert [model.objects.count() for model in (Participant, ConsentRecord, Interview, Turn)] == [0, 0, 0, 0]
    assert left_of(SECRET, token, "panel-7", receipts.fingerprint(receipts.code(token))) == []
    assert list(Withdrawal.objects.values_list("survey", "origin", "status")) == [(survey.pk, "live", "running")]
    assert {field.name for field in Withdrawal._meta.get_fields()} == {"id", "survey", "on", "origin", "status"}
    assert list(ModelCall.objects.values_list("participant", "survey")) == [(None, survey.pk)]
    assert float(ModelCall.objects.get().cost_usd) == 0.25
    assert client.get(f"/i/{token}/").status_code == 404
    assert heading(client.get("/s/tea/")) == "Tea"


def test_withdrawing_twice_is_withdrawing_once(client: Client, interview: Interview) -> None:
    codes = [client.post(f"/i/{interview.participant.token}/withdraw").status_code for _ in range(2)]
    assert codes == [302, 404]
    assert Withdrawal.objects.count() == 1


def test_who_has_not_begun_can_withdraw_too(client: Client, survey: Survey) -> None:
    participant = Participant.objects.create(survey=survey, language="en", origin="pilot")
    ConsentRecord.objects.create(participant=participant, guide_version=survey.current_version, language="en", text="I agree.", given=True)
    client.post(f"/i/{participant.token}/withdraw")
    assert list(Withdrawal.objects.values_list("origin", "status")) == [("pilot", "consented")]


@pytest.mark.parametrize("status", ["paused", "closed"])
def test_one_can_withdraw_from_a_survey_that_is_over(client: Client, interview: Interview, status: str) -> None:
    Survey.objects.update(status=status)
    client.post(f"/i/{interview.participant.token}/withdraw")
    assert not Participant.objects.exists()


def test_others_stay(client: Client, survey: Survey, interview: Interview) -> None:
    other = make_interview(survey)
    client.post(f"/i/{interview.participant.token}/withdraw")
    assert list(Interview.objects.all()) == [other]


def test_the_receipt_code_withdraws_without_the_link(client: Client, interview: Interview) -> None:
    typed = receipts.code(interview.participant.token).lower().replace("-", " ")
    page = client.post("/withdraw", {"code": typed}, follow=True)
    assert heading(page) == "You have withdrawn"
    assert not Participant.objects.exists()
    again = client.post("/withdraw", {"code": typed})
    assert 'id="code_error"' in again.content.decode()


@pytest.mark.parametrize("code", ["", "0123-4567-89AB-CDEF", "<script>", "\0", "x" * 10_000])
def test_a_code_nobody_was_given_withdraws_nobody(client: Client, interview: Interview, code: str) -> None:
    page = client.post("/withdraw", {"code": code}, headers={"Accept-Language": "ar"})
    assert page.status_code == 200
    assert 'aria-describedby="code_error"' in page.content.decode()
    assert '<html lang="ar" dir="rtl">' in page.content.decode()
    assert "<script>" not in page.content.decode()
    assert Participant.objects.count() == 1


def test_only_the_hash_of_a_code_is_stored(interview: Interview) -> None:
    code = receipts.code(interview.participant.token)
    assert left_of(code, code.replace("-", "")) == []
    assert by_receipt(code) == interview.participant


def test_who_declined_was_given_no_code(survey: Survey) -> None:
    participant = Participant.objects.create(survey=survey, language="en")
    ConsentRecord.objects.create(participant=participant, guide_version=survey.current_version, language="en", text="I agree.", given=False)
    assert by_receipt(receipts.code(participant.token)) is None


def test_someone_who_has_withdrawn_is_not_taken_in_again_under_their_id(client: Client, survey: Survey, interview: Interview) -> None:
    client.post(f"/i/{interview.participant.token}/withdraw")
    with pytest.raises(HasWithdrawn):
        Participant.objects.get_or_create(survey=survey, external_id="panel-7", defaults={"language": "en"})
    version = survey.current_version
    record = Record(2, "panel-7", (Spoken(True, SECRET),))
    stored = store([record, Record(3, "panel-8", record.turns)], Target(survey, version, version.guide, "en"))
    assert [(problem.line, problem.why) for problem in stored.problems] == [(2, "its id belongs to someone who has withdrawn")]
    assert stored.imported == 1
    elsewhere = make_survey(TWO_OPEN, slug="coffee")
    assert Participant.objects.create(survey=elsewhere, external_id="panel-7", language="en").pk
    assert WithdrawnId.objects.count() == 1


def test_a_withdrawal_that_fails_half_way_removes_nothing(client: Client, interview: Interview, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Participant) -> None:
        Turn.objects.filter(interview__participant=self).delete()
        raise RuntimeError

    monkeypatch.setattr(Participant, "delete", broken)
    with pytest.raises(RuntimeError):
        client.post(f"/i/{interview.participant.token}/withdraw")
    assert (Turn.objects.count(), Withdrawal.objects.count()) == (2, 0)


@pytest.mark.django_db(transaction=True)
def test_a_call_that_ends_after_the_withdrawal_is_paid_for_by_nobody(client: Client, interview: Interview) -> None:
    survey, person = interview.participant.survey_id, interview.participant_id
    client.post(f"/i/{interview.participant.token}/withdraw")
    prompt = Prompt(name="interview", version="p", system="", messages=())
    record_call(survey, person, "interview", prompt, Completion("x", model="m", usage=Usage(input=5), latency_ms=1))
    assert list(ModelCall.objects.values_list("participant", "input_tokens").order_by("pk")) == [(None, 0), (None, 5)]


@pytest.mark.django_db(transaction=True)
def test_open_pages_are_told_where_to_go(client: Client, interview: Interview, settings) -> None:
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    layer = get_channel_layer()
    channel = async_to_sync(layer.new_channel)()
    async_to_sync(layer.group_add)(f"interview.{interview.pk}", channel)
    client.post(f"/i/{interview.participant.token}/withdraw")
    assert async_to_sync(layer.receive)(channel) == {"type": "withdrawn", "next": "/withdrawn?lang=en"}


@pytest.mark.django_db(transaction=True)
def test_a_channel_layer_that_is_down_keeps_nobody_from_withdrawing(client: Client, interview: Interview, monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> None:
        raise OSError

    monkeypatch.setattr("interviewer.withdrawing.get_channel_layer", down)
    assert client.post(f"/i/{interview.participant.token}/withdraw").status_code == 302
    assert not Participant.objects.exists()
