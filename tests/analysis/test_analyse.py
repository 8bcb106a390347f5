"""`manage.py analyse`: what it does, says and returns, in one process and in several."""

import re

import pytest
from django.core.management import CommandError, call_command

from analysis.management.commands import analyse
from analysis.models import Fact, InterviewAnalysis
from llm import ModelError
from tests.analysis.talk import CODES, WISHES, ScriptedModel, coded, held, survey_with_codebook

pytestmark = pytest.mark.django_db(transaction=True)


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], model: ScriptedModel, *options: str) -> str:
    monkeypatch.setattr(analyse, "model_for", lambda purpose: model)
    call_command("analyse", "--survey", "tea", *options)
    return capsys.readouterr().out.strip()


def test_it_codes_what_is_stale_and_then_there_is_nothing_left_to_do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    survey = survey_with_codebook()
    for _ in range(3):
        held(survey, *WISHES)
    invented = CODES | {"mood": [coded("4", (2, "never said"))]}
    assert run(monkeypatch, capsys, ScriptedModel(code=invented), "--limit", "2") == (
        "2 done, 0 failed, 0 skipped as fresh. Quotes: 6 kept, 2 dropped."
    )
    assert run(monkeypatch, capsys, ScriptedModel()) == "1 done, 0 failed, 2 skipped as fresh. Quotes: 3 kept, 0 dropped."
    assert run(monkeypatch, capsys, ScriptedModel()) == "0 done, 0 failed, 3 skipped as fresh. Quotes: 0 kept, 0 dropped."


def test_failures_are_grouped_by_reason_and_the_command_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    survey = survey_with_codebook()
    for _ in range(2):
        held(survey, *WISHES)
    refusing = ScriptedModel(code=ModelError("no", code="refused", retry=False))
    with pytest.raises(CommandError) as failed:
        run(monkeypatch, capsys, refusing)
    assert failed.value.returncode == 1
    assert capsys.readouterr().out.strip() == "0 done, 2 failed (refused: 2), 0 skipped as fresh. Quotes: 0 kept, 0 dropped."
    assert run(monkeypatch, capsys, ScriptedModel()).startswith("0 done, 0 failed, 0 skipped")
    assert run(monkeypatch, capsys, ScriptedModel(), "--retry-failed").startswith("2 done, 0 failed, 0 skipped")


def test_an_unknown_survey_and_a_missing_queue_are_said(settings: object) -> None:
    survey_with_codebook()
    settings.REDIS_URL = ""  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="There is no survey 'coffee'"):
        call_command("analyse", "--survey", "coffee")
    with pytest.raises(CommandError, match="REDIS_URL is not set"):
        call_command("analyse", "--survey", "tea", "--queue")


@pytest.mark.stack
def test_several_processes_share_the_work(capsys: pytest.CaptureFixture[str]) -> None:
    survey = survey_with_codebook()
    interviews = [held(survey, *WISHES).pk for _ in range(4)]
    call_command("analyse", "--survey", "tea", "--workers", "2")
    assert re.match(r"4 done, 0 failed, 0 skipped as fresh\.", capsys.readouterr().out)
    assert set(Fact.objects.values_list("interview", flat=True)) == set(interviews)
    assert set(InterviewAnalysis.objects.values_list("status", "lease_owner")) == {("done", "")}
