"""The phrases the guard looks for, read from `interviewer/guard_words/`."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from interviewer.guard.text import pattern

FOLDER = Path(__file__).resolve().parents[1] / "guard_words"


@dataclass(frozen=True)
class GuardWords:
    """One language's phrases. `neutral` are phrases that hold one of praise or leading and do neither: "a great deal".

    Themes: name → phrases that name it. A theme is new when none of its phrases, in any language, was said before.
    """

    language: str
    praise: tuple[str, ...] = ()
    neutral: tuple[str, ...] = ()
    leading: tuple[str, ...] = ()
    joiners: tuple[str, ...] = ()
    themes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    stopwords: frozenset[str] = frozenset()

    def pattern(self, kind: str) -> re.Pattern[str] | None:
        return pattern(getattr(self, kind), self.language)


@cache
def languages() -> tuple[str, ...]:
    """Those that have a file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def words_of(language: str) -> GuardWords:
    """The language's own phrases, or those of the language it is a variety of ('pt-br' → 'pt'), or none."""
    base = language.split("-")[0]
    for code in (language, base):
        if code in languages():
            return _read(code)
    return GuardWords(language)


@cache
def _read(code: str) -> GuardWords:
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{code}.yaml").read_text(encoding="utf-8"))
    return GuardWords(
        language=code,
        praise=tuple(found["praise"]),
        neutral=tuple(found.get("neutral", ())),
        leading=tuple(found["leading"]),
        joiners=tuple(found["joiners"]),
        themes=tuple((name, tuple(phrases)) for name, phrases in found["themes"].items()),
        stopwords=frozenset(found.get("stopwords", "").split()),
    )
