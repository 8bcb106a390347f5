"""What identifies people in the words said: found by rule, then by a model where there is one; people's say comes on top and stays."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from asgiref.sync import sync_to_async
from pydantic import BaseModel, Field

from analysis.material import Basis, Material, Said, digest
from analysis.privacy import interview, rules
from analysis.privacy.masked import STEP as NAME
from analysis.privacy.masked import Found, found_by_rule
from analysis.privacy.masking import Hidden, Kind
from analysis.privacy.records import Mask
from analysis.prompting import as_facts, as_text
from analysis.spans import locate
from analysis.step import UNAVAILABLE, Step, ask, recording
from llm import Completion, Model, ModelError, Prompt, PromptFile
from llm.prompt import Message

FILE = PromptFile.load(Path(__file__).parent.parent / "prompts" / "mask.md")
LONGEST = 120  # code points: what a model takes for longer than this is no identifier


class Identifier(BaseModel):
    turn: int = Field(description="The number of the turn.")
    text: str = Field(description="Copied letter by letter from that turn.")
    kind: Literal["name", "e-mail", "phone", "link", "handle", "address", "account", "card", "id", "masked"]


class Identifiers(BaseModel):
    found: list[Identifier]


def fingerprint(basis: Basis, model: str) -> str:
    return digest([NAME, rules.VERSION, FILE.version, basis.transcript_hash, model])


async def run(material: Material, model: Model) -> None:
    completion, left_out = None, "" if material.words else "no words"
    if material.words:
        try:
            completion = await ask(material, model, prompt(material), Identifiers)
        except ModelError as error:
            if error.code != UNAVAILABLE:
                raise
            left_out = "needs a language model"
    await sync_to_async(_store)(material, completion, left_out, fingerprint(material.basis, model.name))


def prompt(material: Material) -> Prompt:
    """What the rules find is masked here, too."""
    return Prompt(
        name=NAME,
        version=FILE.version,
        system=FILE.text,
        messages=(Message("user", as_text(material)),),
        max_tokens=2_000,
        facts={"turns": as_facts(material)},
    )


def settle(given: Iterable[Identifier], turns: Iterable[Said]) -> tuple[Found, int]:
    """(by turn what the transcript holds of it, how many it does not hold)."""
    by_number = {turn.number: turn for turn in turns}
    found: dict[int, list[Hidden]] = {}
    dropped = 0
    for each in given:
        turn = by_number.get(each.turn)
        span = locate(each.text, turn.text) if turn and len(each.text) <= LONGEST else None
        if turn is None or span is None:
            dropped += 1
            continue
        found.setdefault(turn.id, []).append(Hidden(*turn.in_original(*span), Kind(each.kind)))
    return {turn: tuple(hidden) for turn, hidden in found.items()}, dropped


def _store(material: Material, completion: Completion[Identifiers] | None, left_out: str, mark: str) -> None:
    by_rule = found_by_rule([material.basis.interview_id])
    by_model, dropped = settle(completion.value.found, material.turns) if completion else ({}, 0)
    said = [interview.Said(turn.id, turn.shown.original) for turn in material.turns]
    with recording(NAME, material, mark) as record:
        Mask.objects.filter(turn__interview=material.basis.interview_id).exclude(found_by=Mask.FoundBy.PERSON).delete()
        rows = [*_rows(by_rule, Mask.FoundBy.RULE, mark), *_rows(interview.spread(said, by_model), Mask.FoundBy.MODEL, mark)]
        Mask.objects.bulk_create(rows)
        last = material.turns[-1].id if material.turns else 0
        record.quotes_dropped = dropped
        record.made_from |= {"rules": rules.VERSION, "last_turn": last, "masks": len(rows)}
        record.made_from |= {"model": completion.model, "prompt": FILE.version} if completion else {"left_out": left_out}


def _rows(found: Mapping[int, Iterable[Hidden]], found_by: Mask.FoundBy, mark: str) -> list[Mask]:
    return [
        Mask(turn_id=turn, start=each.start, end=each.end, kind=each.kind, found_by=found_by, fingerprint=mark)
        for turn, hidden in found.items()
        for each in hidden
    ]


STEP = Step(NAME, fingerprint, run)
