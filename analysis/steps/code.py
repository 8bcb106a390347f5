"""The codes of the survey's codebook that hold of the interview, each with the words that show it."""

from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from pydantic import BaseModel

from analysis.coding import Given, Settled, as_text, schema, settle
from analysis.material import Basis, Material, digest
from analysis.models import Coder, Coding, Quote
from analysis.prompting import as_facts
from analysis.prompting import as_text as transcript
from analysis.step import UNAVAILABLE, Record, Step, ask, recording
from llm import Completion, Model, ModelError, Prompt, PromptFile
from llm.prompt import Message

NAME = "code"
FILE = PromptFile.load(Path(__file__).parent.parent / "prompts" / "code.md")


def fingerprint(basis: Basis, model: str) -> str:
    return digest([NAME, FILE.version, basis.transcript_hash, basis.languages_hash, basis.codebook_sha, model])


async def run(material: Material, model: Model) -> None:
    completion, left_out = None, _nothing_to_code(material)
    if not left_out:
        try:
            completion = await ask(material, model, prompt(material), schema(material.coded_dimensions))
        except ModelError as error:
            if error.code != UNAVAILABLE:
                raise
            left_out = "needs a language model"
    await sync_to_async(_store)(material, completion, left_out, fingerprint(material.basis, model.name))


def _nothing_to_code(material: Material) -> str:
    if material.codebook is None:
        return "no codebook"
    if not material.words:
        return "no words"
    return "" if material.coded_dimensions else "no question that is coded was answered"


def prompt(material: Material) -> Prompt:
    assert material.codebook is not None
    dimensions = material.coded_dimensions
    limited = material.codebook.model_copy(update={"dimensions": dimensions})
    return Prompt(
        name=NAME,
        version=FILE.version,
        system=FILE.fill(codebook=as_text(material.codebook, dimensions)),
        messages=(Message("user", transcript(material)),),
        max_tokens=8_000,
        facts={"codebook": limited.model_dump(mode="json"), "turns": as_facts(material)},
    )


def _store(material: Material, completion: Completion[BaseModel] | None, left_out: str, mark: str) -> None:
    with recording(NAME, material, mark) as record:
        Coding.objects.filter(interview=material.basis.interview_id, coder__user__isnull=True).delete()
        record.made_from["codebook"] = material.basis.codebook_sha
        if completion is None:
            record.made_from["left_out"] = left_out
            return
        settled = settle(completion.value, material.coded_dimensions, material.words)
        _write(material, completion.model, settled)
        _note(record, completion.model, settled)


def _write(material: Material, model: str, settled: Settled) -> None:
    coder, _ = Coder.objects.get_or_create(model=model, prompt_version=FILE.version, user=None)
    codings = Coding.objects.bulk_create(_coding(material.basis, coder, given) for given in settled.codings)
    Quote.objects.bulk_create(
        Quote(coding=coding, turn_id=each.turn, start=each.start, end=each.end, text=each.text)
        for coding, given in zip(codings, settled.codings, strict=True)
        for each in given.evidence
    )


def _coding(basis: Basis, coder: Coder, given: Given) -> Coding:
    values: dict[str, Any] = {"interview_id": basis.interview_id, "codebook_id": basis.codebook_id, "coder": coder}
    return Coding(**values, dimension=given.dimension, code=given.code, confidence=given.confidence)


def _note(record: Record, model: str, settled: Settled) -> None:
    record.quotes_dropped = settled.quotes_dropped
    record.made_from |= {
        "model": model,
        "prompt": FILE.version,
        "quotes": sum(len(given.evidence) for given in settled.codings),
        "codings_without_evidence": settled.without_evidence,
    }


STEP = Step(NAME, fingerprint, run)
