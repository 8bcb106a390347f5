"""What a researcher sees of care and quality, what they decide, and where an interview set aside no longer counts."""

import io
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from analysis import pipeline
from analysis.care.records import CareDecision, SetAside
from analysis.export import files
from analysis.export.tables import TABLES
from analysis.models import Fact
from interviewer.answer_care import AnswerCare
from interviewer.models import Interview
from surveys.models import Survey
from tests.analysis.researchers import researcher
from tests.analysis.talk import ScriptedModel, coded, held, survey_with_codebook, unavailable
from tests.analysis.test_care import LONG, measured

pytestmark = pytest.mark.django_db(transaction=True)
SHORT = "No."


@pytest.fixture
def survey() -> Survey:
    return survey_with_codebook()


@pytest.fixture
def staff(client: Client) -> Client:
    user = researcher("noor", "add_caredecision", "export_for_team")
    client.force_login(user)
    return client


def analysed(survey: Survey, *answers: tuple[str, str], code: str = "time", **fields: Any) -> Interview:
    interview = held(survey, *answers, **fields)
    codes = {"wish": [coded(code, (2, answers[0][1]))], "worry": [coded("none")], "mood": [coded("4")]}
    outcome = async_to_sync(pipeline.analyse)(interview.pk, ScriptedModel(code=codes, quality=unavailable))
    assert outcome.status == "done", outcome
    return interview


def alike(survey: Survey) -> tuple[Interview, Interview]:
    one = analysed(survey, ("wish", LONG), ("worry", SHORT), country="KE")
    return one, analysed(survey, ("wish", f"{LONG} Really."), ("worry", SHORT), code="money", country="FR", language="en")


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response
    return str(response.content.decode())


def text(html: str) -> str:
    return re.sub(r" ([.,])", r"\1", " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split()))


def exported(survey: Survey, folder: Path) -> dict[str, list[dict[str, Any]]]:
    call_command("export", survey.slug, format="csv", output=folder, verbosity=0, stdout=io.StringIO())
    return {name: files.read(folder / f"{name}.csv") for name in TABLES}


def decide(client: Client, interview: Interview, decision: str, reason: str = "Both were sent by one person.") -> str:
    address = f"/findings/tea/interviews/{interview.pk}/care"
    response = client.post(address, {"decision": decision, "reason": reason}, follow=True)
    return text(response.content.decode())


def test_evidence_is_listed_by_kind_with_the_two_answers_side_by_side(staff: Client, survey: Survey) -> None:
    one, other = alike(survey)
    AnswerCare.objects.create(turn=one.turns.get(number=2), **measured(1, pasted=len(LONG)).model_dump(mode="json"))
    one.step_results.filter(step="care").delete()
    async_to_sync(pipeline.analyse)(one.pk, ScriptedModel(quality=unavailable))
    every = page(staff, "/findings/tea/care/")
    assert re.findall(r"kind=(\w+)&amp;state=\">(\d+)<", every) == [
        ("duplicate", "2"),
        ("pasted", "1"),
        ("repeated", "0"),
        ("same_point", "0"),
        ("hurried", "0"),
        ("typed_fast", "0"),
        ("instant", "1"),
        ("unusual_pace", "0"),
    ]
    pairs = page(staff, "/findings/tea/care/?kind=duplicate")
    assert (pairs.count(f">{LONG}<"), pairs.count(f">{LONG} Really.<")) == (2, 2)
    assert f"interview {other.pk}, turn 2" in pairs
    assert "1 interview." in text(page(staff, "/findings/tea/care/?kind=instant"))
    shown = text(page(staff, f"/findings/tea/interviews/{one.pk}/"))
    assert "100% of the answer was pasted; shown from 80%." in shown
    assert "1.0 s in view, 0 characters typed, 112 pasted in 1 goes, input keyboard" in shown


def test_an_interview_set_aside_counts_nowhere_until_the_decision_is_taken_back(staff: Client, survey: Survey, tmp_path: Path) -> None:
    one, other = alike(survey)
    before = exported(survey, tmp_path / "before")
    facts = set(Fact.objects.values_list("interview", "dimension", "code"))
    assert "Set aside by noor." in decide(staff, one, "set_aside")
    assert set(Fact.objects.values_list("interview", flat=True)) == {other.pk}
    after = exported(survey, tmp_path / "after")
    assert {row["interview_id"] for name in TABLES for row in after[name] if "interview_id" in row} == {other.pk}
    assert {row["country"] for row in after["themes_by_country"]} == {"FR"}
    findings = text(page(staff, "/findings/tea/"))
    assert "1 finished (1 live), 1 set aside by the researcher" in findings
    assert "1 interview set aside by the researcher is in none of these files." in text(page(staff, "/findings/tea/exports/?for=team"))
    assert f"Interview {one.pk}" in page(staff, "/findings/tea/care/?state=set_aside")
    async_to_sync(pipeline.analyse)(one.pk, ScriptedModel(name="better"))
    assert not Fact.objects.filter(interview=one).exists()  # another analysis does not bring it back
    decide(staff, one, "taken_back", "They are twins.")
    assert {row[0] for row in Fact.objects.values_list("interview")} == {one.pk, other.pk}
    assert Fact.objects.filter(interview=other).count() == len([fact for fact in facts if fact[0] == other.pk])
    assert {row["interview_id"] for row in exported(survey, tmp_path / "back")["interviews"]} == {row["interview_id"] for row in before["interviews"]}
    assert [(row.decision, row.reason, row.by_name) for row in CareDecision.objects.all()] == [
        ("taken_back", "They are twins.", "noor"),
        ("set_aside", "Both were sent by one person.", "noor"),
    ]


def test_keeping_is_a_decision_too_and_none_is_made_without_a_reason(staff: Client, survey: Survey) -> None:
    one, _ = alike(survey)
    assert "Say why" in decide(staff, one, "set_aside", "  ")
    assert "Choose what to do." in decide(staff, one, "delete")
    assert CareDecision.objects.count() == 0
    decide(staff, one, "kept", "A quotation both know.")
    assert (Fact.objects.filter(interview=one).count(), SetAside.objects.count()) == (3, 0)
    assert [f"Interview {one.pk}<" in page(staff, f"/findings/tea/care/?state={state}") for state in ("kept", "undecided")] == [True, False]


def test_only_who_may_decide_decides_and_a_withdrawal_takes_the_decision_along(client: Client, survey: Survey) -> None:
    one, _ = alike(survey)
    client.force_login(researcher("visitor"))
    assert "Set aside</button>" not in page(client, f"/findings/tea/interviews/{one.pk}/")
    assert client.post(f"/findings/tea/interviews/{one.pk}/care", {"decision": "set_aside", "reason": "x"}).status_code == 403
    client.force_login(User.objects.create_superuser("root"))
    decide(client, one, "set_aside")
    Client().post(f"/i/{one.participant.token}/withdraw")
    assert (CareDecision.objects.count(), SetAside.objects.count()) == (0, 0)


def test_the_list_of_interviews_can_be_narrowed_to_those_with_evidence(admin_client: Client, survey: Survey) -> None:
    one, other = alike(survey)
    plain = analysed(survey, ("wish", "I want more time with my children."), ("worry", SHORT))
    decide(admin_client, one, "set_aside")
    listed = {
        care: {int(pk) for pk in re.findall(r"/interview/(\d+)/change/", page(admin_client, f"/admin/interviewer/interview/?care={care}"))}
        for care in ("evidence", "none", "set_aside")
    }
    assert listed == {"evidence": {one.pk, other.pk}, "none": {plain.pk}, "set_aside": {one.pk}}


def test_labels_are_counted_by_question_country_and_language_and_each_number_opens_what_it_counts(staff: Client, survey: Survey) -> None:
    alike(survey)
    analysed(survey, ("wish", "I'd rather not say."), ("worry", SHORT), country="FR", language="en", code="none")
    shown = page(staff, "/findings/tea/quality/?question=wish&by=country")
    assert "wish 3 67% 21–94% 2 0 1 0 0 0 0 0" in text(shown)
    assert "France 2 50% 9–91% 1 0 1 0 0 0 0 0" in text(shown)
    assert "minimal 1 33% 6–79% No substantive answer to an open question." in text(shown)
    assert "English 3 67% 21–94%" in text(page(staff, "/findings/tea/quality/?question=wish&by=language"))
    cells = re.findall(r'<a href="([^"]*/quality/answers/[^"]*)">(\d+)</a>', shown)
    assert len(cells) == 10
    for address, number in cells:
        assert f"{number} {'interview' if number == '1' else 'interviews'}." in text(page(staff, unescape(address)))
    refused = text(page(staff, "/findings/tea/quality/answers/?question=wish&label=refused"))
    assert "I'd rather not say. Declines to answer." in refused


def test_shares_can_be_of_those_with_a_substantive_answer_and_every_number_still_opens_as_many(staff: Client, survey: Survey) -> None:
    alike(survey)
    analysed(survey, ("wish", "I'd rather not say."), ("worry", SHORT), country="FR", language="en", code="none")
    unlabelled = analysed(survey, ("wish", LONG[:40]), ("worry", SHORT), country="FR")
    unlabelled.quality.delete()
    everyone, some = (page(staff, f"/findings/tea/?dimension=wish&code=time{base}") for base in ("", "&base=substantive"))
    assert ("2 of 4" in text(everyone), "1 of 2" in text(some)) == (True, True)
    assert "3 of 4 finished interviews are labelled; the others are left out." in text(some)
    cells = re.findall(r'<a href="([^"]*/quotes/[^"]*)">(\d+)</a>', some)
    assert len(cells) == 6
    for address, number in cells:
        assert "base=substantive" in address
        assert f"{number} {'person' if number == '1' else 'people'}, of those" in text(page(staff, unescape(address)))


def test_labels_and_evidence_are_exported_with_their_words(survey: Survey, tmp_path: Path) -> None:
    one, other = alike(survey)
    AnswerCare.objects.create(turn=one.turns.get(number=2), **measured(60, typed=112).model_dump(mode="json"))
    tables = exported(survey, tmp_path)
    assert [(row["interview_id"], row["question"], row["label"], row["quote"], row["coder"]) for row in tables["quality"]] == [
        (one.pk, "wish", "substantive", LONG, "rules"),
        (one.pk, "worry", "minimal", SHORT, "rules"),
        (other.pk, "wish", "substantive", f"{LONG} Really.", "rules"),
        (other.pk, "worry", "minimal", SHORT, "rules"),
    ]
    assert tables["care"] == [
        {"interview_id": one.pk, "turn": 2, "visible_ms": 60000, "typed": 112, "pasted": 0, "pastes": 0, "hidden": False, "input": "keyboard"}
    ]
    assert [(row["interview_id"], row["turn"], row["kind"], row["other_interview_id"], row["other_turn"]) for row in tables["care_evidence"]] == [
        (one.pk, 2, "duplicate", other.pk, 2),
        (other.pk, 2, "duplicate", one.pk, 2),
    ]
