"""Surveys that allow batches, runs over them, and what is compared between a run that was broken and one that was not."""

from typing import Any

from analysis.backlog import planning
from analysis.backlog.records import CodingRun, RunUnit
from analysis.backlog.tending import tend
from analysis.models import Coding, Fact, Quote, StepResult, Summary, Translation
from analysis.quality.records import AnswerQuality
from llm.anthropic import AnthropicModel
from surveys.models import Participant, Survey
from tests.analysis.talk import CODES, WISHES, held, survey_with_codebook
from tests.support.answers import default_answer, schema_of
from tests.support.messages_server import MessagesServer

MODEL = "claude-haiku-test"


def answer(body: dict[str, Any]) -> dict[str, Any]:
    return CODES if "wish" in schema_of(body).get("properties", {}) else default_answer(body)


def batched_survey(count: int, slug: str = "tea", **fields: Any) -> Survey:
    """The consent that conftest's participants read is "I agree."."""
    survey = survey_with_codebook(slug)
    Survey.objects.filter(pk=survey.pk).update(batches_allowed=True, batches_consent="I agree.", **fields)
    survey.refresh_from_db()
    for _ in range(count):
        held(survey, *WISHES)
    return survey


def model(server: MessagesServer, name: str = MODEL) -> AnthropicModel:
    return AnthropicModel(name, api_key="k", base_url=server.url, timeout=10, max_retries=0, max_concurrency=4)


def started(survey: Survey, mode: str = "batch", **options: Any) -> CodingRun:
    run = planning.plan(survey, MODEL, mode, **options)
    assert planning.start(run)
    return run


def tended(run: CodingRun, server: MessagesServer, most: int = 12) -> CodingRun:
    """As often as it takes, or as may be."""
    for _ in range(most):
        tend(run.pk, model_of=lambda name: model(server, name))
        run.refresh_from_db()
        if run.ended_at:
            break
    return run


def states(run: CodingRun) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in RunUnit.objects.filter(run=run).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def totals(survey: Survey) -> dict[str, Any]:
    """Everything that is counted or shown of a survey's interviews, whatever their keys."""
    of_survey = {"interview__participant__survey": survey}
    codes = Coding.objects.filter(**of_survey).order_by("interview", "dimension", "code")
    return {
        "codings": [tuple(row) for row in codes.values_list("dimension", "code", "confidence", "coder__model")],
        "quotes": sorted(Quote.objects.filter(turn__interview__participant__survey=survey).values_list("text", "start", "end")),
        "facts": sorted(Fact.objects.filter(survey=survey).values_list("dimension", "code", "country")),
        "summaries": Summary.objects.filter(**of_survey).count(),
        "labels": AnswerQuality.objects.filter(**of_survey).count(),
        "translations": Translation.objects.filter(turn__interview__participant__survey=survey).count(),
        "steps": sorted(StepResult.objects.filter(**of_survey).values_list("step", flat=True)),
        "people": Participant.objects.filter(survey=survey).count(),
    }
