"""What refusing and not understanding look like on the surface, language by language. Pure."""

from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from llm.offline.text import folded, is_unspaced, weight

FILE = Path(__file__).with_name("phrases.yaml")
LONGEST = {"refuses": 10.0, "confused": 8.0}  # words: who says more than this has said something
Kind = Literal["refuses", "confused"]


@cache
def _phrases() -> dict[str, dict[str, list[str]]]:
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


@cache
def _known(language: str, kind: Kind) -> tuple[str, ...]:
    """The language's own phrases, and English ones, which people use anywhere."""
    base = language if language in _phrases() else "zh-hans" if language.startswith("zh") else language.split("-")[0]
    own = _phrases().get(base, {}).get(kind, [])
    return tuple(folded(phrase) for phrase in [*own, *_phrases()["en"][kind]])


def holds(text: str, language: str, kind: Kind) -> bool:
    """Whether a short text has such a phrase in it, whole words in scripts that part words; one of a single word must be all there is."""
    plain = folded(text)
    return weight(text) <= LONGEST[kind] and any(_stands(phrase, plain) for phrase in _known(language, kind))


def _stands(phrase: str, plain: str) -> bool:
    bare = phrase.strip()
    if is_unspaced(bare) or "\uac00" <= bare[0] <= "\ud7a3":  # what follows is attached
        return bare in plain
    if " " not in bare and bare.isascii():
        return phrase == plain or (len(bare) > 5 and plain.endswith(phrase))
    return f" {bare}" in plain  # endings may be attached
