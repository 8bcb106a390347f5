"""The coefficients as ratios of disagreements, for many weightings of the units at once.

Every coefficient here is 1 − observed / expected, disagreements scaled so that the two values furthest apart disagree by 1. A function takes the
units once and returns a Measure: given weights of shape (B, units), the observed and the expected disagreement, each of shape (B,). So a bootstrap
of B resamples is one call.
"""

from collections.abc import Callable

import numpy as np

from analysis.agreement.ratings import Floats, Ints, Level

Measure = Callable[[Floats], tuple[Floats, Floats]]


def costs(values: int, *, power: int = 0, positions: Floats | None = None) -> Floats:
    """How far two values disagree, shape (values, values), 0 to 1: all alike (power 0), by distance (1), by its square (2).

    `positions`: where the values lie, shape (values,); default: equally spaced. J. Cohen (1968), Psychological Bulletin 70, 213-220.
    """
    if power == 0 or values < 2:
        return 1.0 - np.eye(values)
    at = np.arange(values, dtype=np.float64) if positions is None else positions
    return np.asarray((np.abs(at[:, None] - at[None, :]) / (at.max() - at.min())) ** power)


def _pair_disagreement(counts: Floats, cost: Floats) -> tuple[Floats, Floats]:
    """For each unit the mean disagreement of its pairs of codings, and 1 if it has a pair, each of shape (units,)."""
    size = counts.sum(axis=1)
    pairs = size * (size - 1)
    paired = (pairs > 0).astype(np.float64)
    return ((counts @ cost) * counts).sum(axis=1) / np.where(pairs > 0, pairs, 1.0), paired


def _shares(counts: Floats) -> tuple[Floats, Floats]:
    """For each unit the share of its codings that have each value, (units, values), and 1 if it has any, (units,)."""
    size = counts.sum(axis=1)
    return counts / np.where(size > 0, size, 1.0)[:, None], (size > 0).astype(np.float64)


def _divide(a: Floats, b: Floats) -> Floats:
    """a / b, and nan where there is nothing to divide by: the resample holds no pair."""
    return np.divide(a, b, out=np.full_like(a, np.nan), where=b > 0)


def percent(counts: Floats, cost: Floats) -> Measure:
    """Agreement of two codings of a unit drawn at random: nothing is expected, so the coefficient is the agreement itself."""
    disagreement, paired = _pair_disagreement(counts, cost)

    def measure(weights: Floats) -> tuple[Floats, Floats]:
        observed = _divide(weights @ disagreement, weights @ paired)
        return observed, np.ones_like(observed)

    return measure


def cohen(codes: Ints, cost: Floats) -> Measure:
    """Cohen's kappa of two coders, codes of shape (units, 2), none missing.

    J. Cohen (1960), Educational and Psychological Measurement 20, 37-46; with weights (1968), Psychological Bulletin 70, 213-220.
    """
    values = len(cost)
    first, second = np.eye(values)[codes[:, 0]], np.eye(values)[codes[:, 1]]
    disagreement = cost[codes[:, 0], codes[:, 1]]

    def measure(weights: Floats) -> tuple[Floats, Floats]:
        total = weights.sum(axis=1)
        expected = ((weights @ first @ cost) * (weights @ second)).sum(axis=1)
        return _divide(weights @ disagreement, total), _divide(expected, total**2)

    return measure


def fleiss(counts: Floats) -> Measure:
    """Fleiss' kappa, any number of coders, not the same ones for every unit.

    J. L. Fleiss (1971), Psychological Bulletin 76, 378-382; units with gaps: K. L. Gwet (2014), Handbook of Inter-Rater Reliability, ch. 2.
    """
    disagreement, paired = _pair_disagreement(counts, 1.0 - np.eye(counts.shape[1]))
    shares, coded = _shares(counts)

    def measure(weights: Floats) -> tuple[Floats, Floats]:
        overall = _divide(weights @ shares, np.repeat((weights @ coded)[:, None], shares.shape[1], axis=1))
        return _divide(weights @ disagreement, weights @ paired), 1.0 - (overall**2).sum(axis=1)

    return measure


def gwet(counts: Floats, cost: Floats) -> Measure:
    """Gwet's AC1 (all disagreements alike) or AC2 (with costs): chance agreement counts only units that are hard to code.

    K. L. Gwet (2008), British Journal of Mathematical and Statistical Psychology 61, 29-48; AC2 and gaps: Gwet (2014), ch. 2 and 3.
    """
    values = len(cost)
    disagreement, paired = _pair_disagreement(counts, cost)
    shares, coded = _shares(counts)
    spread = (1.0 - cost).sum() / (values * (values - 1)) if values > 1 else np.inf

    def measure(weights: Floats) -> tuple[Floats, Floats]:
        observed = _divide(weights @ disagreement, weights @ paired)
        if values < 2:
            return observed, np.zeros_like(observed)
        overall = _divide(weights @ shares, np.repeat((weights @ coded)[:, None], values, axis=1))
        return observed, 1.0 - spread * (overall * (1.0 - overall)).sum(axis=1)

    return measure


def krippendorff(counts: Floats, level: Level, numbers: Floats | None = None) -> Measure:
    """Krippendorff's alpha with gaps; `numbers` of shape (values,) for the interval level.

    K. Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; (2019), Content Analysis, 4th ed., ch. 12. The ordinal difference is the
    squared distance of mid-ranks, so the ordinal level is the interval level on ranks that each resample makes anew.
    """
    counts = np.where((counts.sum(axis=1) >= 2)[:, None], counts, 0.0)
    size = counts.sum(axis=1)
    others = np.where(size >= 2, size - 1, 1.0)

    def measure(weights: Floats) -> tuple[Floats, Floats]:
        given = weights @ counts
        total = given.sum(axis=1)
        if level is Level.NOMINAL:
            observed = weights @ ((size**2 - (counts**2).sum(axis=1)) / others)
            expected = total**2 - (given**2).sum(axis=1)
        else:
            at = _positions(given, level, numbers)
            within = 2 * (size * (at**2 @ counts.T) - (at @ counts.T) ** 2) / others
            observed = (weights * within).sum(axis=1)
            expected = 2 * (total * (given * at**2).sum(axis=1) - (given * at).sum(axis=1) ** 2)
        return _divide(observed, total), _divide(expected, total * (total - 1))

    return measure


def _positions(given: Floats, level: Level, numbers: Floats | None) -> Floats:
    """Where the values lie, between 0 and 1, shape (B, values): mid-ranks, or the numbers themselves."""
    if level is Level.ORDINAL:
        at = np.cumsum(given, axis=1) - given / 2
    elif numbers is None:
        raise ValueError("the interval level needs values that are numbers")
    else:
        at = np.broadcast_to(numbers, given.shape)
    low, high = at[:, :1], at[:, -1:]
    return np.asarray((at - low) / np.where(high > low, high - low, 1.0))
