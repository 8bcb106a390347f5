"""Codes without a language model: what people said, grouped by likeness; a group is named after its most typical words, and says so."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from llm.offline.embedding import Embedder, Vectors, unit
from llm.offline.evidence import Said, said_in
from llm.offline.prototypes import sentence_rows
from llm.offline.text import folded, is_unspaced, shortened, weight

Facts = Mapping[str, Any]
MOST = 4  # sentences of an interview
FEWEST_WORDS = 4.0
ALIKE = {"e5-small-q4": 0.5, "letters": 0.35}  # cosine, a language's background taken away, from which two sentences are of one group
WORDS, SHORTEST = 3, 4
NOTE = "Answers alike in wording or meaning, grouped offline. Named after their most typical words: not written by a language model."


def propose(facts: Facts) -> dict[str, Any]:
    """The longest sentences that say something."""
    telling = [said for said in said_in(facts["turns"], None) if weight(said.text) >= FEWEST_WORDS]
    longest = sorted(telling, key=lambda said: (-weight(said.text), said.text))[:MOST]
    return {"codes": [{"label": shortened(said.text, 80), "definition": "", "quotes": [said.quote]} for said in telling if said in longest]}


def compare(facts: Facts, embedder: Embedder) -> dict[str, Any]:
    """Each proposal goes to the candidate or earlier proposal it is nearest to, if it is near enough."""
    candidates, proposals = facts["candidates"], facts["proposals"]
    refs = [each["ref"] for each in candidates]
    rows = [_row(each, embedder) for each in candidates]
    verdicts = []
    for proposal in proposals:
        row = _row(proposal, embedder)
        likeness = [float(row @ other) for other in rows]
        best = int(np.argmax(likeness)) if likeness else -1
        near = best >= 0 and likeness[best] >= ALIKE[embedder.name]
        reason = f"Likeness {likeness[best]:.2f}." if best >= 0 else ""
        verdicts.append(
            {"proposal": proposal["ref"], "relation": "same" if near else "different", "of": refs[best] if near else "", "reason": reason}
        )
        if not near:
            refs.append(proposal["ref"])
            rows.append(row)
    return {"verdicts": verdicts}


def describe(facts: Facts, embedder: Embedder) -> dict[str, Any]:
    every = Counter(word for each in facts["candidates"] for word in _words(each))
    existing = facts["existing"]
    known = [_code_row(code, embedder) for code in existing]
    return {"codes": [_described(each, every, existing, known, embedder) for each in facts["candidates"]]}


def _described(candidate: Facts, every: Counter[str], existing: Sequence[Facts], known: Sequence[Vectors], embedder: Embedder) -> dict[str, Any]:
    likeness = [float(_row(candidate, embedder) @ row) for row in known]
    best = int(np.argmax(likeness)) if likeness else -1
    near = best >= 0 and likeness[best] >= ALIKE[embedder.name]
    return {
        "candidate": candidate["ref"],
        "label": " · ".join(_typical(candidate, every)) or candidate["label"],
        "definition": NOTE,
        "include": "",
        "exclude": "",
        "relation": "same" if near else "different",
        "existing": existing[best]["key"] if near else "",
        "reason": f"Likeness {likeness[best]:.2f}." if near else "",
    }


def _row(entry: Facts, embedder: Embedder) -> Vectors:
    """The mean of what was said, of length 1."""
    said = [Said(0, each["text"], each["language"], denial=False) for each in entry["said"]] or [Said(0, entry["label"], "", denial=False)]
    mean: Vectors = unit(sentence_rows(said, embedder).mean(axis=0))
    return mean


def _code_row(code: Facts, embedder: Embedder) -> Vectors:
    texts = [text for text in (code["label"], code.get("definition", ""), *code.get("examples", ())) if text]
    mean: Vectors = unit(sentence_rows([Said(0, text, "en", denial=False) for text in texts], embedder).mean(axis=0))
    return mean


def _words(entry: Facts) -> set[str]:
    """Words of at least four letters; of a script without spaces, pairs of letters."""
    found: set[str] = set()
    for each in entry["said"]:
        for word in folded(each["text"]).split():
            if is_unspaced(word):
                found |= {word[at : at + 2] for at in range(len(word) - 1)}
            elif len(word) >= SHORTEST:
                found.add(word)
    return found


def _typical(entry: Facts, every: Counter[str]) -> list[str]:
    """Said often here and seldom elsewhere."""
    alone = Counter(word for each in entry["said"] for word in _words({"said": [each]}))
    ranked = sorted(alone, key=lambda word: (-alone[word] / math.sqrt(every[word]), -len(word), word))
    return ranked[:WORDS]
