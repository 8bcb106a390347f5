"""The turns that are not in the survey's analysis language, in that language."""

import asyncio
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from asgiref.sync import sync_to_async
from pydantic import BaseModel, Field, StringConstraints, create_model

from analysis.material import Basis, Material, Said, digest
from analysis.models import Translation
from analysis.privacy.masked import STEP as MASK
from analysis.step import UNAVAILABLE, Step, ask, recording
from llm import Completion, Model, ModelError, Prompt, PromptFile
from llm.prompt import Message, fence
from surveys.languages import name as language_name

NAME = "translate"
FILE = PromptFile.load(Path(__file__).parent.parent / "prompts" / "translate.md")
AT_ONCE = 12_000  # characters put to the model in one call
MOST_TURNS = 40
MAX_TOKENS = 16_000
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


@cache
def schema(count: int) -> type[BaseModel]:
    """A field for each turn: a reply that leaves one out does not fit. It depends on the count alone, so a model's server can keep it."""
    field = (Words, Field(description="The turn, translated."))
    fields: dict[str, Any] = {_field(place): field for place in range(count)}
    return create_model("Translations", **fields)


def _field(place: int) -> str:
    return f"turn_{place + 1}"


def fingerprint(basis: Basis, model: str) -> str:
    return digest([NAME, FILE.version, basis.words_hash, basis.languages_hash, basis.language, basis.analysis_language, model])


async def run(material: Material, model: Model) -> None:
    wanted = foreign(material)
    texts: dict[int, str] = {}
    used, left_out = "", ""
    try:
        for portion, completion in zip(portions(wanted), await _asked(material, model, wanted), strict=True):
            translated = completion.value.model_dump()
            texts |= {turn.number: translated[_field(place)] for place, turn in enumerate(portion)}
            used = completion.model
    except ModelError as error:
        if error.code != UNAVAILABLE:
            raise
        left_out = "needs a language model"
    await sync_to_async(_store)(material, wanted, texts, used, left_out, fingerprint(material.basis, model.name))


async def _asked(material: Material, model: Model, wanted: list[Said]) -> list[Completion[BaseModel]]:
    """All portions at once; where one cannot be had, the others are heard out before that is raised."""
    asking = (ask(material, model, prompt(material, portion), schema(len(portion))) for portion in portions(wanted))
    heard = await asyncio.gather(*asking, return_exceptions=True)
    for each in heard:
        if isinstance(each, BaseException):
            raise each
    return [each for each in heard if not isinstance(each, BaseException)]


def foreign(material: Material) -> list[Said]:
    target = material.basis.analysis_language
    return [turn for turn in material.turns if turn.text.strip() and material.language_of(turn) != target]


def portions(turns: list[Said]) -> Iterator[list[Said]]:
    """The turns in order, as many at once as one call can translate; a longer one goes alone."""
    portion: list[Said] = []
    for turn in turns:
        if len(portion) == MOST_TURNS or (portion and sum(len(each.text) for each in portion) + len(turn.text) > AT_ONCE):
            yield portion
            portion = []
        portion.append(turn)
    if portion:
        yield portion


def prompt(material: Material, turns: list[Said]) -> Prompt:
    numbered = "\n\n".join(f"{_field(place)}:\n{fence(turn.text, 'words')}" for place, turn in enumerate(turns))
    target = material.basis.analysis_language
    facts = tuple({"number": turn.number, "text": turn.text, "language": material.language_of(turn)} for turn in turns)
    return Prompt(
        name=NAME,
        version=FILE.version,
        system=FILE.fill(language=language_name(target)),
        messages=(Message("user", numbered),),
        max_tokens=MAX_TOKENS,
        facts={"turns": facts, "language": target},
    )


def _store(material: Material, turns: list[Said], texts: dict[int, str], model: str, left_out: str, mark: str) -> None:
    with recording(NAME, material, mark) as record:
        Translation.objects.filter(turn__interview=material.basis.interview_id).delete()
        target = material.basis.analysis_language
        if left_out:
            record.made_from["left_out"] = left_out
            return
        Translation.objects.bulk_create(Translation(turn_id=turn.id, language=target, text=texts[turn.number], model=model) for turn in turns)
        record.made_from |= {"model": model, "prompt": FILE.version}


STEP = Step(NAME, fingerprint, run, lambda basis: (MASK,))
