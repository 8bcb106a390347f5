"""Codes in order, as points on the line from the lowest to the highest code's meaning."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from llm.offline.embedding import Embedder, Vectors, unit
from llm.offline.evidence import Said
from llm.offline.prototypes import prototypes, sentence_rows

# How far from the middle of the line whole-hearted statements lie, measured in sixteen languages: further above than below.
FULL_ABOVE, FULL_BELOW = 0.22, 0.15


def level(dimension: Mapping[str, Any], said: Sequence[Said], embedder: Embedder) -> tuple[str, float, list[Said]]:
    """Code, confidence and evidence. With nothing said: the middle code, and little confidence in it."""
    codes = prototypes(dimension, embedder)
    middle = (len(codes.keys) - 1) / 2
    if not said:
        return codes.keys[round(middle)], 0.2, []
    steps = np.arange(len(codes.keys)) - middle
    line = unit(np.asarray(steps @ codes.rows, dtype=np.float32))
    places = np.round(sentence_rows(said, embedder) @ line, 6)
    lean = _mean_over_turns(places, [s.turn for s in said])
    exact = middle + middle * float(np.clip(lean / (FULL_ABOVE if lean > 0 else FULL_BELOW), -1, 1))
    nearest = round(exact)
    confidence = 0.3 + 0.5 * (1 - 2 * abs(exact - nearest))
    return codes.keys[nearest], confidence, _evidence(said, places, nearest - middle)


def _mean_over_turns(places: Vectors, turns: Sequence[int]) -> float:
    """Each turn counts once, however long."""
    return float(np.mean([places[[turn == one for turn in turns]].mean() for one in dict.fromkeys(turns)]))


def _evidence(said: Sequence[Said], places: Vectors, side: float) -> list[Said]:
    """The sentence furthest out on the side that was chosen; none for the middle."""
    return [] if side == 0 else [said[int(np.argmax(places * np.sign(side)))]]
