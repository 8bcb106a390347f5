"""The coefficients of agreement of a table of ratings, each with its interval, its n, or the reason why there is none."""

import numpy as np

from analysis.agreement import coefficients
from analysis.agreement.bootstrap import SEED, Kinds, estimate
from analysis.agreement.ratings import MISSING, Floats, Level, Ratings
from analysis.agreement.results import MINIMUM, Estimate, Result, TooFew
from analysis.statistics import wilson

# Measured: with fewer units that hold anything but the commonest value, a 95 % interval covers the truth in as little as 7 of 10 samples.
RARE = 5


def percent_agreement(ratings: Ratings, *, minimum: int = MINIMUM, seed: int = SEED) -> Result:
    """The share of pairs of codings of the same unit that are equal, each unit counting alike: between 0 and 1.

    Of two coders and units of equal weight it is a plain share, with Wilson's interval; else the units are resampled.
    """
    counts = ratings.counts
    if len(ratings.coders) == 2 and np.allclose(ratings.weights, 1) and ratings.n >= minimum:
        agreed = int((counts == 2).any(axis=1).sum())
        return Estimate(agreed / ratings.n, wilson(agreed, ratings.n), ratings.n, "Wilson")
    kinds = Kinds.of(counts, ratings.weights)
    measure = coefficients.percent(counts[kinds.example], coefficients.costs(len(ratings.values)))
    return estimate(measure, kinds, n=ratings.n, undefined="nothing is expected", minimum=minimum, seed=seed)


def cohen_kappa(ratings: Ratings, *, power: int = 0, minimum: int = MINIMUM, seed: int = SEED) -> Result:
    """Cohen's kappa of a table of two coders: unweighted (power 0), with linear (1) or quadratic (2) weights.

    Values are as far apart as their numbers if all are numbers, else equally spaced. Raises ValueError unless there are two coders.
    """
    if len(ratings.coders) != 2:
        raise ValueError(f"Cohen's kappa compares two coders, not {len(ratings.coders)}")
    both = ratings.pair(0, 1)
    if not both.units:
        return TooFew(0, minimum)
    cost = coefficients.costs(len(ratings.values), power=power, positions=ratings.numbers)
    kinds = Kinds.of(both.codes, both.weights)
    return estimate(
        coefficients.cohen(both.codes[kinds.example], cost),
        kinds,
        n=both.n,
        undefined=_same(both),
        minimum=minimum,
        seed=seed,
        caution=_caution(both),
    )


def fleiss_kappa(ratings: Ratings, *, minimum: int = MINIMUM, seed: int = SEED) -> Result:
    """Fleiss' kappa of any number of coders, gaps allowed, every disagreement alike."""
    kinds = Kinds.of(ratings.counts, ratings.weights)
    return _estimate(coefficients.fleiss(ratings.counts[kinds.example]), kinds, ratings, minimum, seed)


def gwet_ac(ratings: Ratings, *, power: int = 0, minimum: int = MINIMUM, seed: int = SEED) -> Result:
    """Gwet's AC1 (power 0) or AC2 with linear (1) or quadratic (2) weights. It depends on how many values there could be: `ratings.values`."""
    kinds = Kinds.of(ratings.counts, ratings.weights)
    cost = coefficients.costs(len(ratings.values), power=power, positions=ratings.numbers)
    return _estimate(coefficients.gwet(ratings.counts[kinds.example], cost), kinds, ratings, minimum, seed)


def krippendorff_alpha(ratings: Ratings, level: Level = Level.NOMINAL, *, minimum: int = MINIMUM, seed: int = SEED) -> Result:
    """Krippendorff's alpha of any number of coders, gaps allowed. Raises ValueError at the interval level if a value is not a number."""
    kinds = Kinds.of(ratings.counts, ratings.weights)
    return _estimate(coefficients.krippendorff(ratings.counts[kinds.example], level, ratings.numbers), kinds, ratings, minimum, seed)


def _estimate(measure: coefficients.Measure, kinds: Kinds, ratings: Ratings, minimum: int, seed: int) -> Result:
    return estimate(measure, kinds, n=ratings.n, undefined=_same(ratings), minimum=minimum, seed=seed, caution=_caution(ratings))


def _pairable(ratings: Ratings) -> Floats:
    """Counts of the units with two or more codings."""
    counts: Floats = ratings.counts
    return np.asarray(counts[counts.sum(axis=1) >= 2])


def _same(ratings: Ratings) -> str:
    given = np.unique(ratings.codes[ratings.codes != MISSING])
    if len(given) == 1:
        return f"every coding is '{ratings.values[given[0]]}', so chance alone would agree as much"
    return "units that two coders coded all have the same value, so chance alone would agree as much"


def _caution(ratings: Ratings) -> str:
    counts = _pairable(ratings)
    if not counts.size:
        return ""
    commonest = counts.sum(axis=0).argmax()
    rare = int((np.delete(counts, commonest, axis=1).sum(axis=1) > 0).sum())
    return f"only {rare} units hold anything but '{ratings.values[commonest]}': the interval may be too narrow" if rare < RARE else ""
