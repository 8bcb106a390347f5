"""What the participant said, in a few sentences of the analysis language."""

from pathlib import Path

from asgiref.sync import sync_to_async
from pydantic import BaseModel, Field

from analysis.material import Basis, Material, digest
from analysis.models import Summary
from analysis.privacy.masked import STEP as MASK
from analysis.prompting import as_facts, as_text
from analysis.step import UNAVAILABLE, Step, ask, recording
from llm import Completion, Model, ModelError, Prompt, PromptFile
from llm.prompt import Message
from surveys.languages import name as language_name

NAME = "summarise"
FILE = PromptFile.load(Path(__file__).parent.parent / "prompts" / "summarise.md")


class Summarised(BaseModel):
    summary: str = Field(min_length=1, description="Two to five sentences.")


def fingerprint(basis: Basis, model: str) -> str:
    return digest([NAME, FILE.version, basis.words_hash, basis.languages_hash, basis.analysis_language, model])


async def run(material: Material, model: Model) -> None:
    completion, left_out = None, "" if material.words else "no words"
    if material.words:
        try:
            completion = await ask(material, model, prompt(material), Summarised)
        except ModelError as error:
            if error.code != UNAVAILABLE:
                raise
            left_out = "needs a language model"
    await sync_to_async(_store)(material, completion, left_out, fingerprint(material.basis, model.name))


def prompt(material: Material) -> Prompt:
    target = material.basis.analysis_language
    return Prompt(
        name=NAME,
        version=FILE.version,
        system=FILE.fill(language=language_name(target)),
        messages=(Message("user", as_text(material)),),
        max_tokens=1_500,
        facts={"turns": as_facts(material), "language": target},
    )


def _store(material: Material, completion: Completion[Summarised] | None, left_out: str, mark: str) -> None:
    basis = material.basis
    with recording(NAME, material, mark) as record:
        if completion is None:
            Summary.objects.filter(interview=basis.interview_id).delete()
            record.made_from["left_out"] = left_out
            return
        Summary.objects.update_or_create(
            interview_id=basis.interview_id,
            defaults={
                "text": completion.value.summary,
                "language": basis.language if completion.verbatim else basis.analysis_language,
                "model": completion.model,
                "prompt_version": FILE.version,
            },
        )
        record.made_from |= {"model": completion.model, "prompt": FILE.version}


STEP = Step(NAME, fingerprint, run, lambda basis: (MASK,))
