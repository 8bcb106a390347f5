"""Codes and sentences as vectors that can be compared: what all codes share, and what a language is like, taken away."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from llm.offline.background import NEUTRAL
from llm.offline.embedding import Embedder, Vectors, unit
from llm.offline.evidence import NONE, Said

_LIST = re.compile(r"\s*[;,]\s*")
OWN_SHARE = 0.5  # of a language's own background; the rest is that of all languages


@dataclass(frozen=True)
class Prototypes:
    """Codes in codebook order; `rows[i]`, of length 1, stands for `keys[i]`."""

    keys: tuple[str, ...]
    rows: Vectors


def prototypes(dimension: Mapping[str, Any], embedder: Embedder) -> Prototypes:
    return _prototypes(json.dumps(dimension["codes"], sort_keys=True, default=str), embedder)


@lru_cache(maxsize=128)
def _prototypes(codes_json: str, embedder: Embedder) -> Prototypes:
    """Label, definition, inclusions and examples weigh the same, however many of each there are."""
    codes = json.loads(codes_json)
    parts = {code["key"]: [embedder.vectors(texts) for texts in _parts(code)] for code in codes}
    shared = np.mean([np.concatenate(rows).mean(axis=0) for key, rows in parts.items() if key != NONE], axis=0)
    rows = [np.mean([unit((part - shared).mean(axis=0)) for part in parts[code["key"]]], axis=0) for code in codes]
    return Prototypes(tuple(code["key"] for code in codes), unit(np.array(rows, dtype=np.float32)))


def _parts(code: Mapping[str, Any]) -> list[list[str]]:
    """The texts of a code, by kind. 'none' is known by its examples: its definition talks about the interview."""
    examples = list(code.get("examples") or ())
    if code["key"] == NONE and examples:
        return [examples]
    included = [phrase for phrase in _LIST.split((code.get("include") or "").strip(" .")) if phrase]
    return [texts for texts in ([code["label"]], [code.get("definition") or ""], included, examples) if any(texts)]


def sentence_rows(said: Sequence[Said], embedder: Embedder) -> Vectors:
    """One row of length 1 for each sentence, its language's background taken away."""
    rows = embedder.vectors([sentence.text for sentence in said])
    return unit(rows - np.stack([_background(sentence.language, embedder) for sentence in said]))


@lru_cache(maxsize=256)
def _background(language: str, embedder: Embedder) -> Vectors:
    everywhere = embedder.vectors([text for texts in NEUTRAL.values() for text in texts]).mean(axis=0)
    own = NEUTRAL.get(language) or NEUTRAL.get(language.split("-")[0])
    shared: Vectors = everywhere if own is None else OWN_SHARE * embedder.vectors(own).mean(axis=0) + (1 - OWN_SHARE) * everywhere
    return shared
