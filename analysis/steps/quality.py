"""How each question was answered: by a model with a quote where there is one, else by rule."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from pydantic import BaseModel

from analysis.material import Basis, Material, Said, digest
from analysis.models import Coder
from analysis.privacy.masked import STEP as MASK
from analysis.prompting import as_facts, as_text
from analysis.quality import judging
from analysis.quality.labels import PUT, VERSION, Label, Labelled, of_interview
from analysis.quality.reading import Judged, by_rule
from analysis.quality.records import AnswerQuality, InterviewQuality, placed
from analysis.step import UNAVAILABLE, Step, ask, recording
from interviewer.models import Interview
from llm import Completion, Model, ModelError, Prompt, PromptFile
from llm.prompt import Message

NAME = "quality"
FILE = PromptFile.load(Path(__file__).parent.parent / "prompts" / "quality.md")
RULES = "rules"


def fingerprint(basis: Basis, model: str) -> str:
    return digest([NAME, VERSION, FILE.version, basis.words_hash, basis.languages_hash, model])


async def run(material: Material, model: Model) -> None:
    ruled = await sync_to_async(by_rule)(material)
    completion = None
    if questions := _to_judge(ruled, material):
        try:
            completion = await ask(material, model, prompt(material, questions), judging.schema(questions))
        except ModelError as error:
            if error.code != UNAVAILABLE:
                raise
    await sync_to_async(_store)(material, ruled, completion, questions, fingerprint(material.basis, model.name))


def _to_judge(ruled: Sequence[Judged], material: Material) -> tuple[str, ...]:
    """Open questions with words to read. What was left out or left unanswered, code knows."""
    said = {turn.question for turn in material.words}
    return tuple(each.question.key for each in ruled if each.is_open and each.labelled.label in PUT and each.question.key in said)


def prompt(material: Material, questions: Sequence[str]) -> Prompt:
    return Prompt(
        name=NAME,
        version=FILE.version,
        system=FILE.fill(questions=", ".join(questions)),
        messages=(Message("user", as_text(material)),),
        max_tokens=4_000,
        facts={"questions": tuple(questions), "turns": as_facts(material)},
    )


def _store(material: Material, ruled: Sequence[Judged], completion: Completion[BaseModel] | None, questions: Sequence[str], mark: str) -> None:
    given, dropped = judging.settle(completion.value, questions, material.words) if completion else ({}, 0)
    # How fast an answer came is measured, which a model is not told: there the rule stands.
    given = {key: label for key, label in given.items() if label.label is Label.SUBSTANTIVE or key not in _rushed(ruled)}
    with recording(NAME, material, mark) as record:
        rules, _ = Coder.objects.get_or_create(model=RULES, prompt_version=VERSION, user=None)
        judge = rules
        if completion:
            judge, _ = Coder.objects.get_or_create(model=completion.model, prompt_version=FILE.version, user=None)
        record.quotes_dropped = dropped
        record.made_from |= {"model": completion.model if completion else RULES, "rules": VERSION, "prompt": FILE.version, "by_model": len(given)}
        _write(material, [replace(each, labelled=given.get(each.question.key, each.labelled)) for each in ruled], given, judge, rules)


def _rushed(ruled: Sequence[Judged]) -> set[str]:
    return {each.question.key for each in ruled if each.labelled.label is Label.RUSHED}


def _write(material: Material, judged: Sequence[Judged], given: Mapping[str, Labelled], judge: Coder, rules: Coder) -> None:
    interview, turns = material.basis.interview_id, {turn.id: turn for turn in material.turns}
    AnswerQuality.objects.filter(interview=interview).delete()
    InterviewQuality.objects.filter(interview=interview).delete()
    AnswerQuality.objects.bulk_create(
        AnswerQuality(
            **placed(material.basis),
            coder=judge if each.question.key in given else rules,
            question=each.question.key,
            label=each.labelled.label,
            reason=each.labelled.reason,
            turn_id=each.labelled.turn,
            **_words(turns, each.labelled),
        )
        for each in judged
    )
    if judged:
        labels = [each.labelled.label for each in judged if each.is_open] or [each.labelled.label for each in judged]
        completed = Interview.objects.filter(pk=interview, status=Interview.Status.COMPLETED).exists()
        InterviewQuality.objects.create(
            **placed(material.basis),
            coder=rules,
            label=of_interview(labels, completed=completed),
            substantive=labels.count(Label.SUBSTANTIVE),
            put=sum(label in PUT for label in labels),
        )


def _words(turns: Mapping[int, Said], labelled: Labelled) -> dict[str, Any]:
    """The quote as it is shown, and its place in the original."""
    if not labelled.turn:
        return {"start": labelled.start, "end": labelled.end, "quote": ""}
    turn = turns[labelled.turn]
    start, end = turn.in_original(labelled.start, labelled.end)
    return {"start": start, "end": end, "quote": turn.text[labelled.start : labelled.end]}


STEP = Step(NAME, fingerprint, run, lambda basis: (MASK,))
