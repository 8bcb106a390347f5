"""The offline coder: each sentence goes to the codes it is nearest to in meaning; the sentence is the evidence."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llm.offline.embedding import Embedder
from llm.offline.evidence import NONE, Said, denial_code, said_in
from llm.offline.ordinal import level
from llm.offline.prototypes import prototypes, sentence_rows

Facts = Mapping[str, Any]
Coding = dict[str, Any]
MOST_CODES = 4
MOST_QUOTES = 2
NEXT_BEST = 0.03  # a sentence also gets its second code if that is this near to the first
FURTHER = 0.5  # of the best code's score: what a further code of the person needs
CLOSE = 0.75  # of the best sentence's score for a code: what a further quote needs
STEEPNESS = 8.0  # of confidence as a function of the lead over the next code
DENIAL = 0.3  # what a plain "no" adds to the code for no


def code(facts: Facts, embedder: Embedder) -> dict[str, list[Coding]]:
    """For each dimension of the codebook its codings: {code, confidence, quotes: [{turn, text}], stance}. By rule no stance can be told."""
    asked = facts.get("asked", {})
    codings = {dimension["key"]: _code_dimension(dimension, facts["turns"], embedder) for dimension in facts["codebook"]["dimensions"]}
    return {key: _only(given, asked[key]) if key in asked else given for key, given in codings.items()}


def _only(given: list[Coding], asked: Sequence[str]) -> list[Coding]:
    """Weighed against all the codes of the dimension; told of those asked about."""
    return [each for each in given if each["code"] in asked] or [_coding(NONE, 0.4, [])]


def _code_dimension(dimension: Facts, turns: Sequence[Facts], embedder: Embedder) -> list[Coding]:
    relevant = _relevant(dimension.get("questions") or (), turns)
    denial = denial_code(dimension)
    said = said_in(relevant, denial)
    if str(dimension["shape"]) == "ordinal":
        return [_coding(*level(dimension, said, embedder))]
    scores, keys = _scores(dimension, said, denial, embedder)
    chosen = _one(scores) if str(dimension["shape"]) == "single" else _several(scores, embedder)
    codings = [_coding(keys[place], _confidence(lead), _evidence(said, scores[:, place])) for place, lead in chosen]
    return codings or [_coding(NONE, 0.6 if not said else 0.4, [])]


def _relevant(questions: Sequence[str], turns: Sequence[Facts]) -> list[Facts]:
    """The answers to these questions. In a transcript without questions, such as an imported one, any turn may hold them."""
    if not questions or not any(turn["question"] for turn in turns):
        return list(turns)
    return [turn for turn in turns if turn["question"] in questions]


def _coding(key: str, confidence: float, evidence: Sequence[Said]) -> Coding:
    return {"code": key, "confidence": round(confidence, 2), "quotes": [said.quote for said in evidence], "stance": "unclear"}


def _scores(dimension: Facts, said: Sequence[Said], denial: str | None, embedder: Embedder) -> tuple[NDArray[np.float64], list[str]]:
    """Sentences × codes without 'none'; zero where the sentence says nothing that a code is about."""
    codes = prototypes(dimension, embedder)
    keys = [key for key in codes.keys if key != NONE]
    if not said:
        return np.zeros((0, len(keys))), keys
    likeness = (sentence_rows(said, embedder) @ codes.rows.T).astype(np.float64)
    silence = likeness[:, codes.keys.index(NONE)]
    scores = likeness[:, [codes.keys.index(key) for key in keys]]
    if denial:
        scores[:, keys.index(denial)] += DENIAL * np.array([s.denial for s in said])
    best = scores.max(axis=1)
    telling = (best >= embedder.least) & (best - silence >= embedder.lead_over_none)
    return np.where(telling[:, None], np.maximum(scores, 0), 0).round(6), keys


def _one(scores: NDArray[np.float64]) -> list[tuple[int, float]]:
    """The code with the best sentence, counting also how the answer as a whole leans."""
    if not scores.any():
        return []
    whole = scores.max(axis=0) + scores.sum(axis=0) / max(1, np.count_nonzero(scores.any(axis=1)))
    first, second, _ = _top_three(whole)
    return [(int(whole.argmax()), (first - second) / 2)]


def _top_three(scores: NDArray[np.float64]) -> tuple[float, float, float]:
    """Best first; zeros where there are fewer."""
    first, second, third = np.sort(np.append(scores, (0.0, 0.0)))[::-1][:3].tolist()
    return first, second, third


def _several(scores: NDArray[np.float64], embedder: Embedder) -> list[tuple[int, float]]:
    """Each sentence's best code, and its second where it is nearly as near; the clear ones, best first."""
    won: dict[int, tuple[float, float]] = {}
    for row in scores[scores.any(axis=1)]:
        order = np.argsort(-row, kind="stable")
        first, second, third = _top_three(row)
        won[int(order[0])] = max(won.get(int(order[0]), (0.0, 0.0)), (first, first - second))
        if first - second < NEXT_BEST and second - third > NEXT_BEST and second >= embedder.least:
            won[int(order[1])] = max(won.get(int(order[1]), (0.0, 0.0)), (second, second - third))
    bar = FURTHER * max((score for score, _ in won.values()), default=0.0)
    kept = sorted(((score, place, lead) for place, (score, lead) in won.items() if score >= bar), key=lambda item: (-item[0], item[1]))
    return [(place, lead) for _, place, lead in kept[:MOST_CODES]]


def _confidence(lead: float) -> float:
    """From 0.5, where two codes are equally near, towards 0.95."""
    return min(0.95, 1 / (1 + math.exp(-STEEPNESS * lead)))


def _evidence(said: Sequence[Said], scores: NDArray[np.float64]) -> list[Said]:
    """The sentences nearest to a code, in the order in which they were said."""
    best = [place for place in np.argsort(-scores, kind="stable")[:MOST_QUOTES] if scores[place] > 0 and scores[place] >= CLOSE * scores.max()]
    return [said[place] for place in sorted(best)]
