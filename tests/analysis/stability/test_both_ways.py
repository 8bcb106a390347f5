"""The same interviews coded from what was said and from its translation, through the wire: what is compared, what is left out, what it says."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from analysis import material, pipeline
from analysis.models import Coding, Fact
from analysis.privacy.masking import Kind
from analysis.privacy.records import Mask
from analysis.stability import running
from analysis.stability.comparable import OUT_OF_DATE, SAME, UNTRANSLATED, left_out
from analysis.stability.records import RunCoding, StabilityCheck
from analysis.steps import detect_language, translate
from interviewer.models import Interview
from llm import choose
from surveys.models import Survey
from tests.analysis.talk import WISHES, ScriptedModel, coded, held, survey_with_codebook, unavailable
from tests.support.messages_server import MessagesServer

pytestmark = pytest.mark.django_db(transaction=True)
REST = {"mood": [coded("4")], "worry": [coded("none")]}
SAID = {
    "de": (("wish", "Ich möchte mehr Zeit mit meinen Kindern haben, schreibt an anna@tee.de"), ("worry", "Dass Leute ihre Arbeit verlieren.")),
    "fr": (("wish", "Je voudrais avoir plus de temps avec mes enfants."), ("worry", "Que les gens perdent leur travail.")),
}


@pytest.fixture
def server(messages_server: MessagesServer, settings: Any) -> Iterator[MessagesServer]:
    """From a German's translation the model says 'money' of the wish, where it says 'time' of the original; of everyone else always 'time'."""

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        asked = json.dumps(body["messages"], ensure_ascii=False)
        code, quote = ("money", "EN: Ich") if "EN: Ich" in asked else ("time", next(word for word in ("Zeit", "temps", "time") if word in asked))
        return {"wish": [coded(code, (2, quote))]} | REST

    messages_server.answer = answer
    mine = {"backend": "anthropic", "api_key": "k", "base_url": messages_server.url, "analyst": "claude-test", "max_retries": 0}
    settings.LLM = settings.LLM | mine
    settings.LLM_PRICES = {"claude-test": ["1", "5"]}
    choose.model_for.cache_clear()
    cache.clear()
    yield messages_server
    choose.model_for.cache_clear()


def translated(*interviews: Interview, **answers: Any) -> None:
    model = ScriptedModel("claude-test", **answers)
    for interview in interviews:
        async_to_sync(detect_language.run)(material.load(interview.pk), model)
        async_to_sync(translate.run)(material.load(interview.pk), model)


@pytest.fixture
def survey(server: MessagesServer) -> Survey:
    """Ten Germans and two French whose words are translated, one whose are not, and two who spoke English. One is counted."""
    survey = survey_with_codebook()
    translated(*(held(survey, *SAID[language], language=language) for language in ["de"] * 10 + ["fr"] * 2))
    counted, _ = held(survey, *WISHES), held(survey, *WISHES)
    async_to_sync(pipeline.analyse)(counted.pk, ScriptedModel("claude-test"))
    translated(held(survey, *SAID["fr"], language="fr"), translate=unavailable)
    return survey


def stability(*options: str) -> None:
    call_command("stability", "--survey", "tea", "--name", "Ways", "--interviews", "15", "--runs", "0", "--both-ways", *options)


def test_both_ways_are_coded_whatever_is_counted_and_nothing_of_that_changes(
    survey: Survey, server: MessagesServer, capsys: pytest.CaptureFixture[str]
) -> None:
    Survey.objects.filter(pk=survey.pk).update(code_from="translation")
    assert Fact.objects.exists()
    before = list(Coding.objects.order_by("pk").values()), list(Fact.objects.order_by("pk").values())
    stability("--json")
    found = json.loads(capsys.readouterr().out)
    assert (list(Coding.objects.order_by("pk").values()), list(Fact.objects.order_by("pk").values())) == before
    assert (server.requests, found["left_out"]) == (24, {SAME: 2, UNTRANSLATED: 1})
    versions = set(RunCoding.objects.filter(error="", run__wording="translation").values_list("prompt_version", flat=True))
    assert [version.endswith(" from translation") for version in versions] == [True]
    wish = found["dimensions"]["wish"]["both_ways"]
    figures = wish["shares"]["time"]
    assert (wish["units"], figures["n"], figures["original"]["value"], figures["translation"]["value"]) == (12, 12, 1.0, 2 / 12)
    assert figures["difference"]["value"] == -10 / 12
    assert figures["difference"]["high"] < 0
    assert wish["shares"]["none"]["difference"]["value"] == 0.0
    assert (wish["codes"]["time"]["percent_agreement"]["value"], wish["codes_by_language"]["de"]["time"]["differ"]) == (pytest.approx(2 / 12), 10)
    assert wish["shares_by_language"]["de"]["money"]["translation"]["value"] == 1.0
    assert wish["shares_by_language"]["fr"]["time"]["difference"] == {"too_few": True, "n": 2, "needed": 10}
    stability()
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert f"left out: 2 {SAME}; 1 {UNTRANSLATED}" in lines
    assert "shares, fr n from the original from the translation difference" in lines
    assert "time 12 1.000 [0.758, 1.000] 0.167 [0.047, 0.448] -0.833 [-0.953, -0.462]" in lines
    assert "time 2 too few to say too few to say too few to say" in lines
    assert server.requests == 24


def test_a_mask_that_the_translation_does_not_know_leaves_the_interview_out(survey: Survey) -> None:
    interviews = list(Interview.objects.values_list("pk", flat=True))
    turn = Interview.objects.filter(language="de").earliest("pk").turns.get(number=2)
    Mask.objects.create(turn=turn, start=0, end=3, kind=Kind.NAME, found_by=Mask.FoundBy.PERSON)
    assert left_out(survey, interviews)[turn.interview_id] == OUT_OF_DATE


def test_where_nothing_is_translated_it_is_refused_with_the_reason(server: MessagesServer) -> None:
    survey = survey_with_codebook()
    translated(*(held(survey, *SAID["de"], language="de") for _ in range(2)), translate=unavailable)
    with pytest.raises(CommandError, match="No interview that was drawn can be coded both ways: 2 no translation, which needs a language model"):
        stability()
    assert (server.requests, StabilityCheck.objects.count()) == (0, 0)


def test_the_pages_show_both_shares_and_open_what_was_coded_differently_with_masked_words(survey: Survey, admin_client: Client) -> None:
    asked = {"name": "Ways", "interviews": "15", "runs": "0", "both_ways": "on", "seed": "1"}
    forecast = admin_client.get("/findings/tea/stability/", asked).content.decode()
    assert "<strong>24 calls</strong>" in forecast
    assert f"left out of that comparison: 2 {SAME}; 1 {UNTRANSLATED}." in forecast
    admin_client.post("/findings/tea/stability/begin", asked)
    running.go_on(StabilityCheck.objects.get())
    assert f"left out: 2 {SAME}" in admin_client.get("/findings/tea/stability/").content.decode()
    page = admin_client.get("/findings/tea/agreement/?between=both_ways&sample=Ways&dimension=wish&code=time").content.decode()
    assert "Difference</th>" in page
    assert '<strong>differs</strong> -83 <span class="quiet">[-95, -46]</span>' in page
    assert "<td>German</td>" in page
    address = "/findings/tea/agreement/units/?between=both_ways&dimension=wish&code=time"
    german = admin_client.get(f"{address}&language=de").content.decode()
    assert "<strong>10</strong> interviews coded differently" in german
    assert 'from the original</span> <span class="code">Time</span>' in german
    assert 'from the translation</span> <span class="code">Money</span>' in german
    assert "EN: Ich möchte mehr Zeit" in german
    assert "anna@tee.de" not in german
    assert "<strong>0</strong> interviews" in admin_client.get(f"{address}&language=fr").content.decode()
