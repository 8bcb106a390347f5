"""An extractive summary: the participant's own most central sentences, in the order they were said."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from llm.offline.embedding import Embedder
from llm.offline.lexicon import declines
from llm.offline.text import sentences, weight

SHORTEST = 5  # words, unless nothing longer was said
PER_SENTENCES = 3  # one sentence kept of every three
FEWEST, MOST = 2, 4


def summarise(facts: Mapping[str, Any], embedder: Embedder) -> dict[str, Any]:
    said = [sentence for turn in facts["turns"] for sentence in sentences(turn["text"]) if not declines(sentence, turn.get("language", ""))]
    candidates = list(dict.fromkeys(sentence for sentence in said if weight(sentence) >= SHORTEST)) or list(dict.fromkeys(said))
    if not candidates:
        return {"summary": " ".join(turn["text"].strip() for turn in facts["turns"])}
    wanted = min(MOST, max(FEWEST, len(candidates) // PER_SENTENCES))
    return {"summary": " ".join(candidates[place] for place in _central(candidates, wanted, embedder))}


def _central(candidates: list[str], wanted: int, embedder: Embedder) -> list[int]:
    """Places, in order, of the sentences nearest to the mean of all; earlier ones win a tie."""
    if len(candidates) <= wanted:
        return list(range(len(candidates)))
    rows = embedder.vectors(candidates)
    nearness = np.round(rows @ rows.mean(axis=0), 6)
    return sorted(np.argsort(-nearness, kind="stable")[:wanted].tolist())
