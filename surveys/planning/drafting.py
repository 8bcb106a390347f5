"""A model drafts a guide from a survey's goal and hypotheses, piece by piece; nothing is written to the survey."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from pydantic import BaseModel, Field

from llm import Completion, Model, ModelError, Prompt, PromptFile
from llm.prompt import Message, fence
from surveys.accounting import record_call
from surveys.languages import name
from surveys.models import Question, Survey
from surveys.planning.sketch import Piece, Section, Sketch, settled, warnings

NAME, PURPOSE = "plan", "planning"
FOLDER = Path(__file__).parent.parent / "prompts"
FRAME = PromptFile.load(FOLDER / "plan_guide.md")
ASK = PromptFile.load(FOLDER / "plan_guide_ask.md")
ASK_SECTION = PromptFile.load(FOLDER / "plan_section_ask.md")
MAX_TOKENS = 16_000
SAID = {
    "refused": "The model declined to draft this.",
    "truncated": "The draft became too long and broke off.",
    "malformed": "The model's reply was not what was asked for.",
    "rate_limited": "The model's server takes no more calls at the moment.",
    "timeout": "The model's server fell silent.",
}


class Wishes(BaseModel):
    questions: int = Field(default=10, ge=1, le=40)
    minutes: int = Field(default=15, ge=1, le=120)
    notes: str = Field(default="", max_length=4000)


class Anew(BaseModel):
    """One section of a draft to be written anew, or one question of it. draft: as the researcher has it now."""

    draft: list[dict[str, Any]]
    section: str
    question: str = ""
    notes: str = Field(default="", max_length=4000)


async def draft(survey: Survey, wishes: Wishes, model: Model) -> AsyncGenerator[Piece, None]:
    taken = await sync_to_async(_taken)(survey)
    prompt = _prompt(survey, ASK, wishes.model_dump(mode="json"), taken)
    async with aclosing(_pieces(survey, model, prompt, Sketch, lambda value: value, taken)) as pieces:
        async for piece in pieces:
            yield piece


async def draft_anew(survey: Survey, anew: Anew, model: Model) -> AsyncGenerator[Piece, None]:
    replaced = [each for section in anew.draft for each in section.get("questions", ()) if _is_replaced(anew, section, each)]
    drafted = {each.get("key", "") for section in anew.draft for each in section.get("questions", ()) if each not in replaced}
    taken = await sync_to_async(_taken)(survey) | drafted
    what = f'the question "{anew.question}", and nothing but this one question,' if anew.question else f'the section "{anew.section}"'
    text = fence(json.dumps(anew.draft, ensure_ascii=False, indent=1), "draft")
    prompt = _prompt(survey, ASK_SECTION, {"draft": text, "what": what, "section": anew.section, "notes": anew.notes}, taken)
    async with aclosing(_pieces(survey, model, prompt, Section, lambda value: {"sections": [value]}, taken)) as pieces:
        async for piece in pieces:
            yield piece


def _is_replaced(anew: Anew, section: dict[str, Any], question: dict[str, Any]) -> bool:
    return section.get("key") == anew.section and anew.question in ("", question.get("key"))


def _taken(survey: Survey) -> set[str]:
    return set(Question.objects.filter(section__survey=survey).values_list("key", flat=True))


def _prompt(survey: Survey, ask: PromptFile, wishes: dict[str, Any], taken: Iterable[str]) -> Prompt:
    hypotheses = [line.strip() for line in survey.hypotheses.splitlines() if line.strip()]
    described = [f"Title: {survey.title}", f"Goal: {survey.goal or '(not stated)'}", "Hypotheses:", *(f"- {each}" for each in hypotheses)]
    values = {key: str(value) or "(none)" for key, value in wishes.items()}
    question = ask.fill(material=fence("\n".join(described), "material"), taken=", ".join(sorted(taken)) or "(none)", **values)
    return Prompt(
        name=NAME,
        version=f"{FRAME.version}+{ask.version}",
        system=FRAME.fill(language=name(survey.languages[0]), analysis_language=name(survey.analysis_language)),
        messages=(Message("user", question),),
        max_tokens=MAX_TOKENS,
        facts={"whole": ask is ASK, "title": survey.title, "hypotheses": hypotheses, "taken": sorted(taken)},
    )


async def _pieces(
    survey: Survey, model: Model, prompt: Prompt, schema: type[BaseModel], as_sketch: Callable[[Any], Any], taken: set[str]
) -> AsyncGenerator[Piece, None]:
    """What the model says, in pieces that are whole; then that it is done, or why it is not."""
    yield {"part": "begin", "model": model.name, "prompt": prompt.version, "template": model.name == "offline"}
    sent, keys = 0, set(taken)
    try:
        async with aclosing(model.stream(prompt, schema)) as parts:
            async for part in parts:
                whole = isinstance(part, Completion)
                value = part.value.model_dump(mode="json") if isinstance(part, Completion) else part.value
                for piece in list(settled(as_sketch(value), whole=whole))[sent:]:
                    sent += 1
                    yield _checked(piece, keys)
                if isinstance(part, Completion):
                    await sync_to_async(record_call)(survey.pk, None, PURPOSE, prompt, part)
    except ModelError as error:
        if error.code != "unavailable":
            await sync_to_async(record_call)(survey.pk, None, PURPOSE, prompt, error)
        yield {"part": "failed", "sentence": _sentence(error, sent)}
        return
    except (GeneratorExit, asyncio.CancelledError):  # nobody reads on: what it cost by then is not known, that it was asked is
        stopped = ModelError("Stopped by the researcher.", code="stopped", retry=False, model=model.name)
        await sync_to_async(record_call)(survey.pk, None, PURPOSE, prompt, stopped)
        raise
    yield {"part": "done"}


def _checked(piece: Piece, keys: set[str]) -> Piece:
    if piece["part"] != "question":
        return piece
    found = warnings(piece["question"], keys)
    keys.add(piece["question"]["key"])
    return piece | {"warnings": found}


def _sentence(error: ModelError, sent: int) -> str:
    said = str(error) if error.code in ("unavailable", "rejected") else SAID.get(error.code, "The reply broke off.")
    return f"{said} What had arrived by then is kept." if sent else said
