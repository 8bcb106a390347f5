"""Intervals for coefficients: units drawn again with replacement, corrected for bias and for skewness (BCa)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Self

import numpy as np

from analysis.agreement.coefficients import Measure
from analysis.agreement.ratings import Floats, Ints
from analysis.agreement.results import MINIMUM, Estimate, Result, TooFew, Undefined
from analysis.statistics import CONFIDENCE, Interval, wilson

RESAMPLES = 2000
SEED = 1
BOOTSTRAP = f"BCa bootstrap of units, {RESAMPLES} resamples"
COMPLETE = "every pair agrees; low end from the Wilson interval of the disagreeing share"
AT_ONCE = 2_000_000  # floats held for one batch of resamples
NOTHING = 1e-12  # below it, a disagreement is a rounding error
_normal = NormalDist()


@dataclass(frozen=True, eq=False)
class Kinds:
    """Units that are coded alike, taken together: it changes no probability of a resample and makes a thousand units a few dozen rows."""

    example: Ints  # one unit of each kind, shape (kinds,)
    times: Floats  # how many units are of the kind
    weight: Floats  # how much each of them counts

    @classmethod
    def of(cls, rows: Floats | Ints, weights: Floats) -> Self:
        """rows: shape (units, anything); units are alike if their rows and weights are."""
        _, example, times = np.unique(np.column_stack([rows, weights]), axis=0, return_index=True, return_counts=True)
        return cls(example, times.astype(np.float64), weights[example])


def estimate(measure: Measure, kinds: Kinds, *, n: int, undefined: str, minimum: int = MINIMUM, seed: int = SEED, caution: str = "") -> Result:
    """A coefficient with its 95 % interval, or why there is none.

    measure: see `coefficients`, taking weights of shape (B, kinds). n: units with two or more codings. undefined: the reason to give if the expected
    disagreement is nothing. Source: B. Efron (1987), Better bootstrap confidence intervals, JASA 82, 171-185.
    If every pair agrees, no resample can disagree. The low end is then where the share of units that Wilson's interval leaves open disagrees as far
    as values can, the expected disagreement being as observed.
    """
    if n < minimum:
        return TooFew(n, minimum)
    observed, expected = (float(part[0]) for part in measure((kinds.times * kinds.weight)[None, :]))
    if not expected > NOTHING:
        return Undefined(n, undefined)
    if observed < NOTHING:
        low = 1 - (1 - wilson(n, n).low) / expected
        return Estimate(1.0, Interval(max(-1.0, low), 1.0), n, COMPLETE, caution)
    value = 1 - observed / expected
    drawn = _values(measure, kinds, _draws(kinds.times, seed))
    defined = drawn[np.isfinite(drawn)]
    left_out = _values(measure, kinds, _without_one(kinds.times))
    if defined.size < RESAMPLES:
        lost = f"undefined in {RESAMPLES - defined.size} of {RESAMPLES} resamples, which are left out"
        caution = f"{caution}; {lost}" if caution else lost
    return Estimate(value, _bca(value, defined, left_out, kinds.times), n, BOOTSTRAP, caution)


def _draws(times: Floats, seed: int) -> Iterator[Floats]:
    """How often each kind is drawn in each resample, in batches of shape (resamples, kinds)."""
    rng = np.random.default_rng(seed)
    units = int(times.sum())
    batch = max(1, AT_ONCE // len(times))
    for start in range(0, RESAMPLES, batch):
        yield rng.multinomial(units, times / units, size=min(batch, RESAMPLES - start)).astype(np.float64)


def _without_one(times: Floats) -> Iterator[Floats]:
    """All units but one, the one being of each kind in turn, in batches of shape (kinds left out, kinds)."""
    batch = max(1, AT_ONCE // len(times))
    for start in range(0, len(times), batch):
        rows = np.arange(start, min(start + batch, len(times)))
        weights = np.tile(times, (len(rows), 1))
        weights[np.arange(len(rows)), rows] -= 1
        yield weights


def _values(measure: Measure, kinds: Kinds, batches: Iterable[Floats]) -> Floats:
    """The coefficient under each weighting, nan where it is undefined."""
    values = []
    for batch in batches:
        observed, expected = measure(batch * kinds.weight)
        values.append(1 - np.divide(observed, expected, out=np.full_like(observed, np.nan), where=expected > NOTHING))
    return np.concatenate(values)


def _bca(value: float, drawn: Floats, left_out: Floats, times: Floats) -> Interval:
    tail = (1 - CONFIDENCE) / 2
    below = float((drawn < value - NOTHING).mean() + (np.abs(drawn - value) <= NOTHING).mean() / 2)
    if not 0 < below < 1:
        low, high = np.quantile(drawn, [tail, 1 - tail])
        return Interval(float(low), float(high))
    bias, skew = _normal.inv_cdf(below), _acceleration(left_out, times)

    def level(share: float) -> float:
        z = bias + _normal.inv_cdf(share)
        return _normal.cdf(bias + z / (1 - skew * z))

    low, high = np.quantile(drawn, [level(tail), level(1 - tail)])
    return Interval(float(low), float(high))


def _acceleration(left_out: Floats, times: Floats) -> float:
    """From the jackknife: Efron (1987), formula 6.6."""
    defined = np.isfinite(left_out)
    values, times = left_out[defined], times[defined]
    if not values.size:
        return 0.0
    difference = np.average(values, weights=times) - values
    squares = float((times * difference**2).sum())
    return float((times * difference**3).sum()) / (6 * squares**1.5) if squares > 0 else 0.0
