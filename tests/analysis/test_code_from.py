"""Coding from the original or from its translation: what the model reads, what stands as evidence, what becomes stale; and what is paid once."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync

from analysis import pipeline
from analysis.models import Coding, Quote, StepResult
from analysis.staleness import stale
from analysis.steps import code
from llm.anthropic import AnthropicModel
from surveys.models import ModelCall, Survey
from tests.analysis.talk import CODES, WISHES, ScriptedModel, coded, held, survey_with_codebook, unavailable
from tests.support.answers import default_answer, schema_of
from tests.support.messages_server import MessagesServer

pytestmark = pytest.mark.django_db(transaction=True)
GERMAN = (("wish", "Ich möchte mehr Zeit mit meinen Kindern haben, das wünsche ich mir."), ("worry", "Dass Leute ihre Arbeit verlieren."))
FROM_ENGLISH = {"wish": [coded("time", (2, "EN: Ich möchte mehr Zeit"))], "worry": [coded("jobs", (4, "not said"))], "mood": [coded("4")]}


def from_translation(survey: Survey) -> None:
    Survey.objects.filter(pk=survey.pk).update(code_from="translation")


def test_from_a_translation_the_coder_reads_only_that_and_the_whole_turn_is_the_evidence() -> None:
    survey = survey_with_codebook()
    from_translation(survey)
    interview = held(survey, *GERMAN)
    model = ScriptedModel(code=FROM_ENGLISH)
    assert async_to_sync(pipeline.analyse)(interview.pk, model).status == "done"
    asked = next(prompt.messages[0].text for prompt in model.calls if prompt.name == "code")
    assert f"EN: {GERMAN[0][1]}" in asked
    assert f"\n{GERMAN[0][1]}" not in asked
    assert list(Quote.objects.values_list("coding__code", "start", "text")) == [("time", 0, GERMAN[0][1])]
    result = StepResult.objects.get(step="code")
    assert (result.made_from["prompt"], result.quotes_dropped) == (f"{code.FILE.version} from translation", 1)
    assert set(Coding.objects.values_list("coder__prompt_version", flat=True)) == {result.made_from["prompt"]}


def test_without_a_translation_nothing_is_coded_from_it() -> None:
    survey = survey_with_codebook()
    from_translation(survey)
    interview = held(survey, *GERMAN)
    async_to_sync(pipeline.analyse)(interview.pk, ScriptedModel(translate=unavailable))
    assert StepResult.objects.get(step="code").made_from["left_out"] == "no translation"


def test_what_is_coded_from_is_part_of_what_makes_a_coding_stale() -> None:
    survey = survey_with_codebook()
    interviews = [held(survey, *GERMAN).pk, held(survey, *WISHES).pk]
    async_to_sync(pipeline.analyse_many)(interviews, model=ScriptedModel())
    assert list(stale(survey, "scripted")) == []
    from_translation(survey)
    survey.refresh_from_db()
    assert list(stale(survey, "scripted")) == interviews
    outcomes = async_to_sync(pipeline.analyse_many)(interviews, model=ScriptedModel(code=FROM_ENGLISH), concurrency=1)
    assert {outcome.steps for outcome in outcomes} == {("code", "publish")}


def answer(body: dict[str, Any]) -> dict[str, Any]:
    return CODES if "wish" in schema_of(body).get("properties", {}) else default_answer(body)


def test_interviews_share_the_codebook_byte_for_byte_so_that_it_is_paid_once(messages_server: MessagesServer) -> None:
    messages_server.answer = answer
    survey = survey_with_codebook()
    interviews = [held(survey, *WISHES, country="KE").pk, held(survey, WISHES[1], WISHES[0], country="NG").pk]
    model = AnthropicModel("claude-test", api_key="k", base_url=messages_server.url, timeout=10, max_retries=0, max_concurrency=1)
    async_to_sync(pipeline.analyse_many)(interviews, model=model, concurrency=1)
    first, second = (body for body in messages_server.bodies if "wish" in schema_of(body).get("properties", {}))
    same = ("system", "output_config", "model")
    assert {key: first[key] for key in same} == {key: second[key] for key in same}
    assert first["system"][0]["cache_control"] == {"type": "ephemeral"}
    assert first["messages"] != second["messages"]
    assert not any("cache_control" in block for message in first["messages"] for block in message["content"])
    words = len(first["system"][0]["text"].split())
    calls = ModelCall.objects.filter(purpose="code").order_by("pk").values_list("cache_write_tokens", "cache_read_tokens")
    assert list(calls) == [(words, 0), (0, words)]
