"""The turns that are not in the survey's analysis language, in that language."""

from collections.abc import Iterator
from pathlib import Path

from asgiref.sync import sync_to_async
from pydantic import BaseModel, Field

from analysis.material import Basis, Material, Said, digest
from analysis.models import Translation
from analysis.step import UNAVAILABLE, Step, ask, recording
from llm import Model, ModelError, Prompt, PromptFile
from llm.prompt import Message, fence
from surveys.languages import name as language_name

NAME = "translate"
FILE = PromptFile.load(Path(__file__).parent.parent / "prompts" / "translate.md")
AT_ONCE = 12_000  # characters put to the model in one call
MAX_TOKENS = 16_000


class Translated(BaseModel):
    number: int = Field(description="The number of the turn.")
    text: str = Field(description="The turn, translated.")


class Translations(BaseModel):
    turns: list[Translated]


def fingerprint(basis: Basis, model: str) -> str:
    return digest([NAME, FILE.version, basis.transcript_hash, basis.languages_hash, basis.language, basis.analysis_language, model])


async def run(material: Material, model: Model) -> None:
    wanted = foreign(material)
    texts: dict[int, str] = {}
    used, left_out = "", ""
    try:
        for portion in portions(wanted):
            completion = await ask(material, model, prompt(material, portion), Translations)
            texts |= _checked(completion.value, portion)
            used = completion.model
    except ModelError as error:
        if error.code != UNAVAILABLE:
            raise
        left_out = "needs a language model"
    await sync_to_async(_store)(material, wanted, texts, used, left_out, fingerprint(material.basis, model.name))


def foreign(material: Material) -> list[Said]:
    target = material.basis.analysis_language
    return [turn for turn in material.turns if turn.text.strip() and material.language_of(turn) != target]


def portions(turns: list[Said]) -> Iterator[list[Said]]:
    """The turns in order, as many at once as one call can translate; a longer one goes alone."""
    portion: list[Said] = []
    for turn in turns:
        if portion and sum(len(each.text) for each in portion) + len(turn.text) > AT_ONCE:
            yield portion
            portion = []
        portion.append(turn)
    if portion:
        yield portion


def prompt(material: Material, turns: list[Said]) -> Prompt:
    numbered = "\n\n".join(f"Turn {turn.number}:\n{fence(turn.text, 'words')}" for turn in turns)
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


def _checked(value: Translations, turns: list[Said]) -> dict[int, str]:
    texts = {each.number: each.text for each in value.turns if each.text.strip()}
    if missing := [turn.number for turn in turns if turn.number not in texts]:
        raise ModelError(f"The translation lacks turn {', '.join(map(str, missing))}.", code="malformed", retry=True)
    return {turn.number: texts[turn.number] for turn in turns}


def _store(material: Material, turns: list[Said], texts: dict[int, str], model: str, left_out: str, mark: str) -> None:
    with recording(NAME, material, mark) as record:
        Translation.objects.filter(turn__interview=material.basis.interview_id).delete()
        target = material.basis.analysis_language
        if left_out:
            record.made_from["left_out"] = left_out
            return
        Translation.objects.bulk_create(Translation(turn_id=turn.id, language=target, text=texts[turn.number], model=model) for turn in turns)
        record.made_from |= {"model": model, "prompt": FILE.version}


STEP = Step(NAME, fingerprint, run)
