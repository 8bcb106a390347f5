"""The three prompts of a round: propose codes of one interview, compare proposals, word the candidates. Nothing in them depends on a row's number."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis import coding
from analysis.codebook import NONE, Dimension
from analysis.induction.records import Round
from analysis.material import Material
from analysis.prompting import as_facts, as_text
from llm import Prompt, PromptFile
from llm.prompt import Message, fence
from surveys.languages import name as language_name

FOLDER = Path(__file__).parent.parent / "prompts"
PROPOSE, MERGE, DESCRIBE = (PromptFile.load(FOLDER / f"{name}.md") for name in ("propose", "merge_codes", "describe_codes"))
VERSION = "+".join(file.version for file in (PROPOSE, MERGE, DESCRIBE))


@dataclass(frozen=True)
class Entry:
    """A proposal or a candidate as a model is shown it. ref: P1, C1. said: quotes, each with its language."""

    ref: str
    label: str
    definition: str
    said: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        return f"{self.label}. {self.definition}".strip()

    @property
    def facts(self) -> dict[str, Any]:
        return {"ref": self.ref, "label": self.label, "said": [{"text": text, "language": language} for text, language in self.said]}


def part(material: Material, questions: Sequence[str]) -> Material:
    """What is read of an interview: the turns of the questions, or all where there are none, or where no turn says its question."""
    if not questions or not any(turn.question for turn in material.turns):
        return material
    return replace(material, turns=tuple(turn for turn in material.turns if turn.question in questions))


def propose(round_: Round, material: Material) -> Prompt:
    return Prompt(
        name="propose",
        version=PROPOSE.version,
        system=PROPOSE.fill(about=_about(round_), language=language_name(material.basis.analysis_language)),
        messages=(Message("user", as_text(material)),),
        max_tokens=4_000,
        facts={"turns": as_facts(material)},
    )


def merge(round_: Round, candidates: Sequence[Entry], proposals: Sequence[Entry]) -> Prompt:
    known = "\n\n".join(map(_entry, candidates)) or "(none yet)"
    return Prompt(
        name="merge_codes",
        version=MERGE.version,
        system=MERGE.fill(about=_about(round_)),
        messages=(Message("user", f"Candidates\n\n{known}\n\nProposals\n\n" + "\n\n".join(map(_entry, proposals))),),
        max_tokens=8_000,
        facts={"candidates": [each.facts for each in candidates], "proposals": [each.facts for each in proposals]},
    )


def describe(round_: Round, candidates: Sequence[tuple[Entry, Sequence[Entry]]], present: Dimension | None, language: str) -> Prompt:
    """candidates: each with its proposals."""
    shown = "\n\n".join(f"{each.ref}\n" + "\n".join(map(_entry, members)) for each, members in candidates)
    codes = [code for code in present.codes if code.key != NONE] if present else []
    listed = coding.codes_as_text(codes) or "(none)"
    return Prompt(
        name="describe_codes",
        version=DESCRIBE.version,
        system=DESCRIBE.fill(about=_about(round_), language=language_name(language), existing=listed),
        messages=(Message("user", shown),),
        max_tokens=8_000,
        facts={"candidates": [each.facts for each, _ in candidates], "existing": [code.model_dump(mode="json") for code in codes]},
    )


def _about(round_: Round) -> str:
    return round_.about.strip() or round_.title


def _entry(entry: Entry) -> str:
    quotes = "\n".join(fence(text, "words") for text, _ in entry.said)
    return f"{entry.ref}: {entry.text}\n{quotes}".rstrip()
