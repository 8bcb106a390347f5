"""What is alike stands together before a model compares it: texts in an order in which neighbours are alike, and the nearest of many."""

from collections.abc import Sequence

import numpy as np

from llm.offline.embedding import Vectors

NEAR = 0.86  # cosine of two texts that are put in one group, for vectors as they come


def grouped(texts: Sequence[str], vectors: Vectors, near: float = NEAR) -> list[int]:
    """Their places, group by group: each text in turn joins the group whose first is nearest to it, or begins one. Larger groups first."""
    groups: list[list[int]] = []
    for place in sorted(range(len(texts)), key=lambda place: texts[place]):
        likeness = [float(vectors[place] @ vectors[group[0]]) for group in groups]
        best = int(np.argmax(likeness)) if likeness else -1
        if best >= 0 and likeness[best] >= near:
            groups[best].append(place)
        else:
            groups.append([place])
    return [place for group in sorted(groups, key=lambda group: -len(group)) for place in group]


def nearest(of: Vectors, among: Vectors, most: int) -> list[int]:
    """The places of those nearest to any of `of`, in their own order."""
    if len(among) <= most:
        return list(range(len(among)))
    best = (among @ of.T).max(axis=1)
    return sorted(int(place) for place in np.argsort(-best, kind="stable")[:most])
