"""Does a participant tell of distress, or of danger to themselves or to others? Pure: phrases are looked for, whatever the model thinks."""

import re
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from interviewer.guard.text import folded, pattern

FOLDER = Path(__file__).resolve().parents[1] / "safety_words"


class Concern(StrEnum):
    """In ascending order."""

    NONE = "none"
    DISTRESS = "distress"
    DANGER = "danger"


_ORDER = tuple(Concern)


def stricter(one: Concern, other: Concern) -> Concern:
    return max(one, other, key=_ORDER.index)


def concern(text: str, language: str) -> Concern:
    """What the words tell of.

    Danger is looked for in every language, since people in need may fall back on their own; distress, where a false alarm costs more than
    it helps, in the interview's language alone.
    """
    if not text.strip():
        return Concern.NONE
    if any(_tells(text, Concern.DANGER, code) for code in languages()):
        return Concern.DANGER
    own = (code for code in languages() if code.split("-")[0] == language.split("-")[0])
    return Concern.DISTRESS if any(_tells(text, Concern.DISTRESS, code) for code in own) else Concern.NONE


@cache
def languages() -> tuple[str, ...]:
    """Those that have a file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def _tells(text: str, of: Concern, code: str) -> bool:
    found, unless = _patterns(code, of)
    said = folded(text, code)
    return found.search(unless.sub("_", said)) is not None


@cache
def _patterns(code: str, of: Concern) -> tuple[re.Pattern[str], re.Pattern[str]]:
    phrases: dict[str, list[str]] = yaml.safe_load((FOLDER / f"{code}.yaml").read_text(encoding="utf-8"))
    found, unless = pattern(tuple(phrases[of]), code), pattern(tuple(phrases["unless"]), code)
    if found is None or unless is None:
        raise ValueError(f"{code}: a list of phrases is empty")
    return found, unless
