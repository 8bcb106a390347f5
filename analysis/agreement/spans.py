"""How far two coders mark the same words: overlap of spans, counted in characters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.agreement import coefficients
from analysis.agreement.bootstrap import SEED, Kinds, estimate
from analysis.agreement.coefficients import Measure
from analysis.agreement.ratings import Floats, Level
from analysis.agreement.results import MINIMUM, Result

Span = tuple[int, int]


@dataclass(frozen=True)
class MarkedText:
    """A text both coders read, its length in code points, and the spans (start, end) that each of them marked."""

    length: int
    first: Sequence[Span]
    second: Sequence[Span]


def span_f1(texts: Sequence[MarkedText], *, minimum: int = MINIMUM, seed: int = SEED) -> Result:
    """Twice the characters both marked over the characters each marked, all texts together: 0 to 1, the F1 of either coder against the other.

    G. Hripcsak & A. S. Rothschild (2005), Agreement, the F-measure, and reliability in information retrieval, JAMIA 12, 296-298: what kappa tends to
    where what nobody marked has no natural size. n is texts; texts are resampled. Undefined where nobody marked anything.
    Raises ValueError for a span outside its text.
    """
    return _estimate(_characters(texts), _dice, "nobody marked anything", len(texts), minimum, seed)


def span_alpha(texts: Sequence[MarkedText], *, minimum: int = MINIMUM, seed: int = SEED) -> Result:
    """Krippendorff's alpha with every character a unit that each coder marked or did not; else as `span_f1`.

    The binary question of K. Krippendorff, Y. Mathet, S. Bouvry & A. Widlöcher (2016), On the reliability of unitizing textual continua, Quality &
    Quantity 50, 2347-2364: is this matter relevant or not. It corrects for chance, which F1 does not: marking everything gives a high F1.
    """
    return _estimate(_characters(texts), _alpha, "every character is marked, or none is", len(texts), minimum, seed)


def _estimate(cells: Floats, measure_of: Callable[[Floats], Measure], undefined: str, n: int, minimum: int, seed: int) -> Result:
    kinds = Kinds.of(cells, np.ones(len(cells)))
    return estimate(measure_of(cells[kinds.example]), kinds, n=n, undefined=undefined, minimum=minimum, seed=seed)


def _characters(texts: Sequence[MarkedText]) -> Floats:
    """Characters marked by both, by the first only, by the second only, by neither; shape (texts, 4)."""
    rows = np.zeros((len(texts), 4))
    for row, text in zip(rows, texts, strict=True):
        first, second = (_marked(text.length, spans) for spans in (text.first, text.second))
        row[:] = (first & second).sum(), (first & ~second).sum(), (~first & second).sum(), (~first & ~second).sum()
    return rows


def _marked(length: int, spans: Sequence[Span]) -> NDArray[np.bool_]:
    marked = np.zeros(length, dtype=bool)
    for start, end in spans:
        if not 0 <= start < end <= length:
            raise ValueError(f"no such span in a text of {length} characters: {start} to {end}")
        marked[start:end] = True
    return marked


def _dice(cells: Floats) -> Measure:
    def measure(weights: Floats) -> tuple[Floats, Floats]:
        both, first, second, _ = (weights @ cells).T
        marked = 2 * both + first + second
        return np.divide(first + second, marked, out=np.zeros_like(marked), where=marked > 0), (marked > 0).astype(np.float64)

    return measure


def _alpha(cells: Floats) -> Measure:
    """The pooled 2 × 2 table is four kinds of character, each coded by two coders."""
    kinds_of_character = np.array([[2.0, 0.0], [1.0, 1.0], [1.0, 1.0], [0.0, 2.0]])
    alpha = coefficients.krippendorff(kinds_of_character, Level.NOMINAL)
    return lambda weights: alpha(weights @ cells)
