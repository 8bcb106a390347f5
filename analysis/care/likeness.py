"""How alike two answers are, in any script, and the marks by which those that are find each other without comparing all. Pure.

Likeness is the Jaccard similarity of the sets of letter groups (shingles) of two texts, after folding case and punctuation. The marks are bands of
MinHash values: A. Broder (1997), On the resemblance and containment of documents. Of pairs alike by 0.8, 98 of 100 share a band; by 0.9, all
but 2 in 10,000; by 0.3, 6 of 100, and those are compared and dropped.
"""

import hashlib
import zlib
from functools import cache

import numpy as np
from numpy.typing import NDArray

from llm.offline.lexicon import declines
from llm.offline.text import folded, is_unspaced, weight

BANDS, ROWS = 8, 4
ALIKE = 0.8
FEWEST_WORDS = 8.0  # shorter answers are alike by nature
_SPACED, _UNSPACED = 5, 3  # letters in a group


def comparable(text: str, language: str) -> bool:
    return weight(text) >= FEWEST_WORDS and not declines(text, language)


def groups(text: str) -> frozenset[str]:
    plain = folded(text)
    size = _UNSPACED if is_unspaced(plain) else _SPACED
    return frozenset(plain[start : start + size] for start in range(max(1, len(plain) - size + 1)))


def likeness(one: str, other: str) -> float:
    """0 to 1."""
    first, second = groups(one), groups(other)
    return len(first & second) / len(first | second)


def keys(text: str, scope: int) -> list[int]:
    """One signed 64-bit key a band. scope: the survey, so that answers to different ones never meet."""
    hashed = np.fromiter((zlib.crc32(group.encode()) for group in groups(text)), dtype=np.uint64)
    multiplied, added = _functions()
    least = ((hashed[:, None] * multiplied + added) >> np.uint64(32)).min(axis=0)
    return [_key(scope, band, least[band * ROWS : (band + 1) * ROWS]) for band in range(BANDS)]


def _key(scope: int, band: int, values: NDArray[np.uint64]) -> int:
    made_of = f"{scope}:{band}:".encode() + values.tobytes()
    return int.from_bytes(hashlib.blake2b(made_of, digest_size=8).digest(), "big", signed=True)


@cache
def _functions() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Multiply-shift hash functions: odd factors and offsets, always the same."""
    rng = np.random.default_rng(20_250_101)
    count = BANDS * ROWS
    return rng.integers(1, 2**63, count, dtype=np.uint64) | np.uint64(1), rng.integers(0, 2**63, count, dtype=np.uint64)
