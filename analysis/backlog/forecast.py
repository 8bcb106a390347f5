"""What a run would cost and how long it would take, before it begins: a sample's prompts counted, and what replies have been like so far."""

import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db.models import Avg, Count
from pydantic import BaseModel

from analysis.backlog.records import CodingRun, RunUnit
from analysis.coding import schema as codes
from analysis.material import Material, load
from analysis.privacy.masked import STEP as MASK
from analysis.quality import judging
from analysis.steps import code, mask, quality, summarise, translate
from llm import Model, ModelError, Prompt, Usage
from llm.usage import cost_usd
from surveys.models import ModelCall

SAMPLE = 20
LETTERS_A_TOKEN = 3.5  # of Latin script; others need more tokens, so where letters are counted this is a rough guess
KNOWN_FROM = 20  # calls of a step before their average reply counts as known
OUTPUT = {MASK: 60, translate.NAME: 600, summarise.NAME: 150, code.NAME: 500, quality.NAME: 250}  # tokens of a reply, while none is known
SECONDS_A_CALL = 5.0  # likewise
Call = tuple[Prompt, type[BaseModel]]


@dataclass(frozen=True)
class Tokens:
    """Of one prompt: what repeats from interview to interview, and what does not."""

    shared: int
    own: int


def forecast(run: CodingRun, model: Model) -> dict[str, Any]:
    """Stored with the run. cost and cost_uncached: US dollars with and without the prompt cache; None where the model's price is not known."""
    units = list(RunUnit.objects.filter(run=run).values_list("interview", "step"))
    ids = sorted({interview for interview, _ in units})
    drawn = random.Random(run.pk).sample(ids, min(SAMPLE, len(ids)))  # noqa: S311 - no secret
    calls = [each for interview in drawn for each in _calls(load(interview), {step for of, step in units if of == interview})]
    counted_by, tokens = async_to_sync(_counted)(model, calls)
    share = len(ids) / len(drawn) if drawn else 0.0
    requests = round(len(calls) * share)
    cached, uncached = _usage(run, calls, tokens, share, cache=True), _usage(run, calls, tokens, share, cache=False)
    cost, most = _price(run.model, cached), _price(run.model, uncached)
    found = {
        "interviews": len(ids),
        "requests": requests,
        "sampled": len(drawn),
        "counted_by": counted_by,
        "tokens_in": cached.input + cached.cache_read + cached.cache_write,
        "tokens_out": cached.output,
        "cost": cost,
        "cost_uncached": most,
        "usd_per_request": round(most / requests, 8) if most and requests else None,
        "minutes": _minutes(run, requests),
    }
    CodingRun.objects.filter(pk=run.pk).update(forecast=found)
    run.forecast = found
    return found


def _calls(material: Material, steps: set[str]) -> Iterator[Call]:
    """As the steps would make them, as far as that can be told before the languages are detected."""
    if not material.words:
        return
    if MASK in steps:
        yield mask.prompt(material), mask.Identifiers
    if translate.NAME in steps:
        for portion in translate.portions(translate.foreign(material)):
            yield translate.prompt(material, portion), translate.schema(len(portion))
    if summarise.NAME in steps:
        yield summarise.prompt(material), summarise.Summarised
    if code.NAME in steps and material.coded_dimensions:
        yield code.prompt(material), codes(material.coded_dimensions)
    if quality.NAME in steps:
        questions = tuple(dict.fromkeys(turn.question for turn in material.words if turn.question))
        if questions:
            yield quality.prompt(material, questions), judging.schema(questions)


async def _counted(model: Model, calls: list[Call]) -> tuple[str, list[Tokens]]:
    count: Callable[[Prompt, type[BaseModel]], Awaitable[int]] | None = getattr(model, "count", None)
    if count is not None:
        try:
            return "the model's server", [_split(prompt, await count(prompt, schema)) for prompt, schema in calls]
        except ModelError:
            pass  # letters will do for a forecast
    return "letters, roughly", [_split(prompt, round(_letters(prompt) / LETTERS_A_TOKEN)) for prompt, _ in calls]


def _letters(prompt: Prompt) -> int:
    return len(prompt.system) + sum(len(message.text) for message in prompt.messages)


def _split(prompt: Prompt, tokens: int) -> Tokens:
    shared = round(tokens * len(prompt.system) / max(1, _letters(prompt)))
    return Tokens(shared, tokens - shared)


def _usage(run: CodingRun, calls: list[Call], tokens: list[Tokens], share: float, *, cache: bool) -> Usage:
    batch, replies = run.mode == CodingRun.Mode.BATCH, _replies(run)
    own = sum(each.own for each in tokens)
    shared = sum(each.shared for each in tokens)
    written = sum({prompt.system: each.shared for (prompt, _), each in zip(calls, tokens, strict=True)}.values()) if cache else 0
    output = sum(replies.get(prompt.name, OUTPUT.get(prompt.name, 0)) for prompt, _ in calls)
    return Usage(
        input=round((own if cache else own + shared) * share),
        cache_read=round(shared * share) - written if cache else 0,
        cache_write=written,
        kept_an_hour=written if batch else 0,
        output=round(output * share),
        batch=batch,
    )


def _replies(run: CodingRun) -> dict[str, float]:
    """Average tokens of the survey's replies so far, by step."""
    rows = ModelCall.objects.filter(survey=run.survey, model__startswith=run.model, outcome="ok").values("purpose")
    return {row["purpose"]: row["mean"] for row in rows.annotate(mean=Avg("output_tokens"), n=Count("pk")) if row["n"] >= KNOWN_FROM}


def _price(model: str, usage: Usage) -> float | None:
    cost: Decimal | None = cost_usd(model, usage, settings.LLM_PRICES)
    return None if cost is None else float(cost)


def _minutes(run: CodingRun, requests: int) -> float | None:
    """None for a batch: its server says a day at most, and usually less than an hour."""
    if run.mode == CodingRun.Mode.BATCH:
        return None
    known: float | None = ModelCall.objects.filter(survey=run.survey, outcome="ok", latency_ms__gt=0).aggregate(mean=Avg("latency_ms"))["mean"]
    seconds = requests * ((known or 0) / 1000 or SECONDS_A_CALL) / settings.LLM["max_concurrency"]
    return float(round(seconds / 60, 1))


def in_words(found: dict[str, Any], mode: str) -> str:
    """One sentence or two for a page or a terminal."""
    if not found.get("sampled"):
        return "Nothing is to be done."
    cost, most = found["cost"], found["cost_uncached"]
    money = "at a price that is not known" if cost is None else f"about ${cost:.2f} (${most:.2f} if nothing is cached)"
    length = "within 24 hours, usually within one" if found["minutes"] is None else f"about {found['minutes']} minutes"
    price = "half the price, " if mode == CodingRun.Mode.BATCH else ""
    return (
        f"{found['interviews']} interviews, about {found['requests']} requests: {price}{money}, {length}. "
        f"Estimated from {found['sampled']} of them; tokens counted by {found['counted_by']}."
    )
