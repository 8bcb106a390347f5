"""What participants strike or take back: gone from everything that was made of it, whatever is being made at the time."""

import io
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test import Client

from analysis import pipeline
from analysis.export import files
from analysis.lease import LeaseLost
from analysis.material import load
from analysis.models import Coding, Fact, InterviewAnalysis, Quote, StepResult, Summary, Translation, TurnLanguage
from analysis.quality.records import AnswerQuality, InterviewQuality
from analysis.step import recording
from analysis.steps import STEPS
from interviewer.amendments import Correction
from interviewer.models import Interview, Turn
from surveys.models import Participant, Survey
from surveys.withdrawal import Withdrawal
from tests.analysis.talk import WISHES, ScriptedModel, held, survey_with_codebook

pytestmark = pytest.mark.django_db(transaction=True)
DERIVED = (Quote, Coding, Fact, Summary, Translation, TurnLanguage, AnswerQuality, InterviewQuality, StepResult, InterviewAnalysis)
WORRY_TURN = 4


@pytest.fixture
def survey() -> Survey:
    return survey_with_codebook()


@pytest.fixture
def interview(survey: Survey) -> Interview:
    made = held(survey, *WISHES, external_id="panel-7", occupation="Beekeeper")
    analyse(made)
    return made


def analyse(interview: Interview, model: ScriptedModel | None = None) -> ScriptedModel:
    model = model or ScriptedModel()
    async_to_sync(pipeline.analyse)(interview.pk, model)
    return model


def strike(interview: Interview, number: int) -> None:
    Client().post(f"/i/{interview.participant.token}/strike/{number}")


def withdraw(interview: Interview) -> None:
    assert Client().post(f"/i/{interview.participant.token}/withdraw").status_code == 302


def codes(interview: Interview) -> list[tuple[str, str]]:
    return list(Coding.objects.filter(interview=interview).order_by("dimension", "code").values_list("dimension", "code"))


def exported(survey: Survey, folder: Path) -> dict[str, list[dict[str, Any]]]:
    call_command("export", survey.slug, format="csv", output=folder, verbosity=0, stdout=io.StringIO())
    return {name: files.read(folder / f"{name}.csv") for name in ("interviews", "turns", "codings", "themes_by_country")}


def holding(folder: Path, *needles: str) -> set[str]:
    return {path.name for path in folder.glob("*.csv") if any(needle in path.read_text(encoding="utf-8") for needle in needles)}


def test_what_was_made_of_struck_words_goes_with_them(interview: Interview) -> None:
    before = codes(interview)
    strike(interview, WORRY_TURN)
    turn = interview.turns.get(number=WORRY_TURN)
    assert [model.objects.filter(turn=turn).count() for model in (Quote, Translation, TurnLanguage)] == [0, 0, 0]
    assert codes(interview) == [code for code in before if code[0] != "worry"]
    assert not Fact.objects.filter(dimension="worry").exists()
    assert [model.objects.count() for model in (Summary, AnswerQuality, InterviewQuality, StepResult)] == [0, 0, 0, 0]
    assert list(InterviewAnalysis.objects.values_list("status", "lease_owner")) == [("waiting", "")]


def test_the_interview_is_analysed_again_without_them(interview: Interview) -> None:
    strike(interview, WORRY_TURN)
    model = analyse(interview)
    put = "".join(message.text for prompt in model.calls for message in prompt.messages)
    assert {"summarise", "code"} <= set(model.names)
    assert "more time with my children" in put
    assert "lose their jobs" not in put
    assert InterviewAnalysis.objects.get().status == "done"


def test_a_coding_that_rests_on_other_words_too_stays(interview: Interview) -> None:
    coding = Coding.objects.get(dimension="worry", code="jobs")
    other = interview.turns.get(number=2)
    Quote.objects.create(coding=coding, turn=other, start=0, end=6, text=other.text[:6])
    strike(interview, WORRY_TURN)
    assert list(coding.quotes.values_list("turn__number", flat=True)) == [2]
    assert Fact.objects.filter(coding=coding).exists()


def test_words_struck_in_a_running_interview_start_no_analysis(survey: Survey) -> None:
    interview = held(survey, *WISHES)
    Interview.objects.update(status="running", awaiting="participant")
    strike(interview, WORRY_TURN)
    assert interview.turns.get(number=WORRY_TURN).text == ""
    assert not InterviewAnalysis.objects.exists()


@pytest.mark.parametrize("step", STEPS[:4], ids=lambda step: step.name)
def test_a_step_that_has_read_words_struck_meanwhile_writes_nothing(interview: Interview, step: Any) -> None:
    material = load(interview.pk)
    strike(interview, WORRY_TURN)
    left = {model: model.objects.count() for model in DERIVED}
    with pytest.raises(LeaseLost):
        async_to_sync(step.run)(material, ScriptedModel())
    assert {model: model.objects.count() for model in DERIVED} == left


def test_everyone_reads_that_words_were_struck_and_what_was_corrected(admin_client: Client, interview: Interview, tmp_path: Path) -> None:
    Client().post(f"/i/{interview.participant.token}/record", {"text": "I meant the children's time."})
    Client().post(f"/i/{interview.participant.token}/record", {"text": "=And bees."})
    strike(interview, WORRY_TURN)
    page = admin_client.get(f"/findings/tea/interviews/{interview.pk}/").content.decode()
    assert page.count("struck out by the participant") == 1
    assert "I meant the children&#x27;s time." in page
    tables = exported(interview.participant.survey, tmp_path)
    assert [(row["number"], row["text"] == "", row["struck_at"] is not None) for row in tables["turns"]] == [
        (1, False, False),
        (2, False, False),
        (3, False, False),
        (4, True, True),
    ]
    assert tables["interviews"][0]["corrections"] == "I meant the children's time.\n\n=And bees."
    assert holding(tmp_path, "lose their jobs") == set()


def test_a_withdrawal_reaches_codes_quotes_exports_and_aggregates(survey: Survey, interview: Interview, admin_client: Client, tmp_path: Path) -> None:
    other = held(survey, ("wish", "I want money."), country="FR")
    analyse(other)
    Correction.objects.create(interview=interview, text="I meant the children's time.")
    words = ("more time with my children", "lose their jobs", "Beekeeper", "panel-7", "children's time")
    exported(survey, tmp_path / "before")
    assert holding(tmp_path / "before", *words) == {"interviews.csv", "turns.csv", "codings.csv", "quality.csv"}
    token = interview.participant.token
    withdraw(interview)
    tables = exported(survey, tmp_path / "after")
    assert holding(tmp_path / "after", *words, token) == set()
    assert {row["interview_id"] for name in ("interviews", "turns", "codings") for row in tables[name]} == {other.pk}
    assert {row["country"] for row in tables["themes_by_country"]} == {"FR"}
    assert {model: model.objects.filter(interview=interview.pk).count() for model in (Coding, Fact, StepResult, InterviewAnalysis)} == {
        Coding: 0,
        Fact: 0,
        StepResult: 0,
        InterviewAnalysis: 0,
    }
    assert "1 finished (1 live), 1 withdrawn" in " ".join(admin_client.get("/findings/tea/").content.decode().split())
    assert "1 person has withdrawn" in admin_client.get("/findings/tea/exports/?for=team").content.decode()
    assert admin_client.get("/admin/surveys/withdrawal/").status_code == 200


def test_a_result_that_comes_after_the_withdrawal_is_not_kept(interview: Interview) -> None:
    material = load(interview.pk)
    withdraw(interview)
    for step in STEPS:
        with pytest.raises((IntegrityError, Interview.DoesNotExist)):
            async_to_sync(step.run)(material, ScriptedModel())
    assert [model.objects.count() for model in DERIVED] == [0] * len(DERIVED)
    assert async_to_sync(pipeline.analyse)(interview.pk, ScriptedModel()).status == "busy"


def test_a_withdrawal_waits_for_the_result_being_written_and_takes_it_along(interview: Interview) -> None:
    material, writing = load(interview.pk), Event()
    failures: list[BaseException] = []

    def write() -> None:
        try:
            with recording("code", material, "x"):
                coding = Coding.objects.filter(interview=interview).earliest("pk")
                Quote.objects.create(coding=coding, turn_id=material.words[0].id, start=0, end=1, text="I")
                writing.set()
                withdrawing.join(1)  # as long as it waits for us
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    def leave() -> None:
        try:
            writing.wait(30)
            withdraw(interview)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    withdrawing = Thread(target=leave)
    threads = (withdrawing, Thread(target=write))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert [model.objects.count() for model in (*DERIVED, Turn, Participant)] == [0] * (len(DERIVED) + 2)
    assert Withdrawal.objects.count() == 1
