"""How often a model contradicts itself: the same units coded in several runs."""

from dataclasses import dataclass

import numpy as np

from analysis.agreement.bootstrap import SEED
from analysis.agreement.measures import percent_agreement
from analysis.agreement.ratings import MISSING, Ratings
from analysis.agreement.results import MINIMUM, Estimate, Result, TooFew
from analysis.statistics import Interval, wilson


@dataclass(frozen=True)
class Flips:
    """changed: the share of units that did not get the same value in every run; it grows with the number of runs.

    between_two: the share of units that change between two runs drawn at random; it can be compared whatever the number of runs.
    """

    runs: int
    changed: Result
    between_two: Result


def flips(ratings: Ratings, *, minimum: int = MINIMUM, seed: int = SEED) -> Flips:
    """Flip rates of a table whose coders are the runs of one model; units coded in one run only are left out.

    Shares between 0 and 1. `changed` has Wilson's interval and ignores weights; `between_two` is 1 − percent agreement, and so is its interval.
    """
    return Flips(len(ratings.coders), _changed(ratings, minimum), _complement(percent_agreement(ratings, minimum=minimum, seed=seed)))


def _changed(ratings: Ratings, minimum: int) -> Result:
    if ratings.n < minimum:
        return TooFew(ratings.n, minimum)
    repeated = ratings.codes[(ratings.codes != MISSING).sum(axis=1) >= 2]
    highest = repeated.max(axis=1)
    lowest = np.where(repeated == MISSING, len(ratings.values), repeated).min(axis=1)
    changed = int((highest != lowest).sum())
    return Estimate(changed / ratings.n, wilson(changed, ratings.n), ratings.n, "Wilson")


def _complement(result: Result) -> Result:
    match result:
        case Estimate(value, interval, n, method, caution):
            return Estimate(1 - value, Interval(1 - interval.high, 1 - interval.low), n, method, caution)
        case other:
            return other
