"""A coder that knows the truth and errs on purpose: which codes it gives a simulated person. Pure, seeded, repeatable."""

import random
from collections.abc import Collection

from analysis.codebook import NONE, Dimension, Shape
from interviewer.simulation.profiles import seeded

# Raise it when the coder errs otherwise than before.
VERSION = "noise@1"
WORST, BEST = 0.84, 0.96  # how often it is right about a code that holds; each language has its own share, between these
FALSE_ALARM = 0.008  # how often it gives a code of a multiple dimension that does not hold, for each such code


def skill(language: str) -> float:
    """How often the coder gives a code that holds, from 0 to 1; invented, and the same for a language always."""
    return seeded(f"{VERSION}:{language}").uniform(WORST, BEST)


def codes(dimension: Dimension, true: Collection[str], language: str, rng: random.Random) -> list[str]:
    """What the coder gives, in the codebook's order; codes that the codebook does not have are not given."""
    keys = dimension.code_keys
    holding = [key for key in keys if key in true]
    if dimension.shape is Shape.MULTIPLE:
        return _several(keys, holding, language, rng)
    if not holding:
        return [NONE] if NONE in keys else []
    if rng.random() < skill(language):
        return holding[:1]
    if dimension.shape is Shape.ORDINAL:
        place = keys.index(holding[0])
        return [rng.choice(keys[max(0, place - 1) : place] + keys[place + 1 : place + 2])]
    return [rng.choice([key for key in keys if key != holding[0]])]


def _several(keys: Collection[str], holding: Collection[str], language: str, rng: random.Random) -> list[str]:
    right = skill(language)
    given = [key for key in keys if key != NONE and rng.random() < (right if key in holding else FALSE_ALARM)]
    return given or [NONE]
