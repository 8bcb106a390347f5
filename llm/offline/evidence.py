"""What a participant said, sentence by sentence, as the evidence a code can rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llm.offline.lexicon import declines, denies, lexicon
from llm.offline.text import folded, sentences

Facts = Mapping[str, Any]
NONE = "none"


@dataclass(frozen=True)
class Said:
    """A sentence as it stands in a turn."""

    turn: int
    text: str
    language: str
    denial: bool

    @property
    def quote(self) -> dict[str, Any]:
        return {"turn": self.turn, "text": self.text}


def said_in(turns: Sequence[Facts], denial: str | None) -> list[Said]:
    """The sentences that can bear a code. A refusal bears none; a plain no bears one where the dimension has a code for it."""
    found = []
    for turn in turns:
        language = turn.get("language") or ""
        for sentence in sentences(turn["text"]):
            no = denial is not None and denies(sentence, language)
            if no or not declines(sentence, language):
                found.append(Said(turn["number"], sentence, language, no))
    return found


def denial_code(dimension: Facts) -> str | None:
    """The code that a plain no gets: every one of its examples begins with one."""
    for entry in dimension["codes"]:
        examples = entry.get("examples") or ()
        if entry["key"] != NONE and examples and all(_opens_with_no(example) for example in examples):
            return str(entry["key"])
    return None


def _opens_with_no(example: str) -> bool:
    return denies(example, "en") or denies(example, "") or folded(example).startswith(tuple(lexicon("en").denial))
