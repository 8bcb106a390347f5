"""The codes of the survey's codebook that hold of the interview, each with the words that show it. What still stands is not asked again."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from pydantic import BaseModel

from analysis.carrying import adopt, carry, choose, planned
from analysis.codebook import NONE, Dimension
from analysis.coding import Given, Settled, as_text, in_original, schema, settle
from analysis.elicited import Put, elicited, naming_words
from analysis.material import Basis, Material, digest
from analysis.models import Coder, Coding, CodingResult, Quote, Translation
from analysis.privacy.masked import STEP as MASK
from analysis.prompting import as_facts
from analysis.prompting import as_text as transcript
from analysis.step import UNAVAILABLE, Record, Step, ask, recording
from analysis.steps import translate
from analysis.touched import Plan, dimension_sha, merged
from llm import Completion, Model, ModelError, Prompt, PromptFile
from llm.prompt import Message

NAME = "code"
FILE = PromptFile.load(Path(__file__).parent.parent / "prompts" / "code.md")
NOTHING = Settled((), 0, 0)


def version(basis: Basis) -> str:
    """Of the prompt, and of what is put into it: a coder who reads translations is another coder."""
    return f"{FILE.version} from translation" if basis.from_translation else FILE.version


def fingerprint(basis: Basis, model: str) -> str:
    return digest([NAME, version(basis), basis.words_hash, basis.languages_hash, basis.codebook_sha, model, *_translated(basis, model)])


def _translated(basis: Basis, model: str) -> list[str]:
    return [translate.fingerprint(basis, model)] if basis.from_translation else []


def mark(basis: Basis, model: str, dimension: Dimension) -> str:
    """The fingerprint of one dimension's coding: whatever else the codebook says is nothing to it."""
    return digest([NAME, version(basis), basis.words_hash, basis.languages_hash, dimension_sha(dimension), model, *_translated(basis, model)])


async def run(material: Material, model: Model) -> None:
    left_out = _nothing_to_code(material)
    plans = () if left_out else await sync_to_async(plans_for)(material, model.name)
    completion = None
    if asking := [plan for plan in plans if plan.asked]:
        try:
            completion = await ask(material, model, prompt(material.as_coded, asking), schema_for(asking))
        except ModelError as error:
            if error.code != UNAVAILABLE:
                raise
            left_out, plans = "needs a language model", ()
    await sync_to_async(_store)(material, model.name, plans, completion, left_out)


def plans_for(material: Material, model: str) -> tuple[Plan, ...]:
    return planned(material, lambda dimension: mark(material.basis, model, dimension))


def _nothing_to_code(material: Material) -> str:
    if material.codebook is None:
        return "no codebook"
    if not material.words:
        return "no words"
    if material.basis.from_translation and any(turn.by_participant and not turn.translation for turn in translate.foreign(material)):
        return "no translation"
    return "" if material.coded_dimensions else "no question that is coded was answered"


def _asked(plan: Plan) -> Dimension:
    return plan.dimension.only(plan.asked)


def prompt(material: Material, plans: Sequence[Plan] | None = None) -> Prompt:
    """plans: those with something to ask; by default the whole of every dimension is asked."""
    assert material.codebook is not None
    plans = [Plan(dimension) for dimension in material.coded_dimensions] if plans is None else plans
    dimensions = tuple(plan.dimension for plan in plans)
    only = {plan.dimension.key: plan.asked for plan in plans if plan.asked != plan.dimension.code_keys}
    limited = material.codebook.model_copy(update={"dimensions": dimensions})
    return Prompt(
        name=NAME,
        version=version(material.basis),
        system=FILE.fill(codebook=as_text(material.codebook, dimensions, only)),
        messages=(Message("user", transcript(material)),),
        max_tokens=8_000,
        facts={"codebook": limited.model_dump(mode="json"), "asked": only, "turns": as_facts(material)},
    )


def schema_for(plans: Iterable[Plan]) -> type[BaseModel]:
    return schema(tuple(map(_asked, plans)))


def settled_by(plans: Iterable[Plan], value: BaseModel, material: Material) -> Settled:
    return in_original(settle(value, [_asked(plan) for plan in plans if plan.asked], material.as_coded.words), material.words)


def _store(material: Material, model: str, plans: Sequence[Plan], completion: Completion[BaseModel] | None, left_out: str) -> None:
    basis = material.basis
    with recording(NAME, material, fingerprint(basis, model)) as record:
        adopt(basis.interview_id)
        CodingResult.objects.filter(interview=basis.interview_id, fingerprint="").delete()  # made of words since struck
        record.made_from |= {"codebook": basis.codebook_sha, "prompt": version(basis), "asked_of": model}
        if left_out:
            record.made_from["left_out"] = left_out
        settled = settled_by(plans, completion.value, material) if completion else NOTHING
        coder = Coder.objects.get_or_create(model=completion.model, prompt_version=version(basis), user=None)[0] if completion else None
        results = _write(material, model, plans, settled, coder)
        choose(basis.interview_id, basis.codebook_id, results)
        _note(record, plans, completion.model if completion else "", settled)


def _write(material: Material, model: str, plans: Sequence[Plan], settled: Settled, coder: Coder | None) -> list[int]:
    """The results that hold now: those that are made, and those that are as they should be already."""
    put = _put(material) if settled.codings else ()
    here = dict(CodingResult.objects.filter(pk__in=[each.former.result for each in plans if each.former]).values_list("pk", "codebook_id"))
    results = []
    for plan in plans:
        if plan.former and not plan.asked and here[plan.former.result] == material.basis.codebook_id:
            results.append(plan.former.result)
            continue
        given = {each.code: each for each in settled.codings if each.dimension == plan.dimension.key}
        kept = merged(plan, given)
        result = _result(material, model, plan, coder)
        if plan.former:
            carry(plan.former.result, kept.carried, result)
        none = [Given(plan.dimension.key, NONE, None)] if kept.none else []
        _write_given(result, [*(each for key, each in given.items() if key in kept.given), *none], plan.dimension, put)
        results.append(result.pk)
    return results


def _result(material: Material, model: str, plan: Plan, coder: Coder | None) -> CodingResult:
    """A new one, in place of what the same coder made of it before under this version."""
    basis = material.basis
    if not plan.asked or coder is None:
        assert plan.former is not None
        coder = CodingResult.objects.select_related("coder").get(pk=plan.former.result).coder
    where: dict[str, Any] = {
        "interview_id": basis.interview_id,
        "codebook_id": basis.codebook_id,
        "dimension": plan.dimension.key,
    }
    CodingResult.objects.filter(coder=coder, **where).delete()
    return CodingResult.objects.create(**where, coder=coder, fingerprint=mark(basis, model, plan.dimension), asked=list(plan.asked))


def _write_given(result: CodingResult, given: Sequence[Given], dimension: Dimension, put: Sequence[Put]) -> None:
    codings = Coding.objects.bulk_create(_coding(result, each, dimension, put) for each in given)
    Quote.objects.bulk_create(
        Quote(coding=coding, turn_id=span.turn, start=span.start, end=span.end, text=span.text)
        for coding, each in zip(codings, given, strict=True)
        for span in each.evidence
    )


def _coding(result: CodingResult, given: Given, dimension: Dimension, put: Sequence[Put]) -> Coding:
    return Coding(
        interview_id=result.interview_id,
        codebook_id=result.codebook_id,
        coder_id=result.coder_id,
        result=result,
        dimension=given.dimension,
        code=given.code,
        confidence=given.confidence,
        stance=given.stance,
        elicited=elicited(naming_words(dimension, given.code), {span.turn for span in given.evidence}, put) if given.code != NONE else "",
    )


def _put(material: Material) -> tuple[Put, ...]:
    """The turns in the analysis language, in which codebooks are written."""
    target = material.basis.analysis_language
    translated: Mapping[int, str] = dict(
        Translation.objects.filter(turn__interview=material.basis.interview_id, language=target).values_list("turn_id", "text")
    )
    return tuple(
        Put(turn.id, turn.by_participant, turn.text if material.language_of(turn) == target else translated.get(turn.id)) for turn in material.turns
    )


def _note(record: Record, plans: Sequence[Plan], model: str, settled: Settled) -> None:
    record.quotes_dropped = settled.quotes_dropped
    record.made_from |= {
        "model": model,
        "quotes": sum(len(given.evidence) for given in settled.codings),
        "codings_without_evidence": settled.without_evidence,
        "asked": {plan.dimension.key: list(plan.asked) for plan in plans if plan.in_part},
        "carried": [plan.dimension.key for plan in plans if not plan.asked],
    }


STEP = Step(NAME, fingerprint, run, lambda basis: (MASK, translate.NAME) if basis.from_translation else (MASK,))
