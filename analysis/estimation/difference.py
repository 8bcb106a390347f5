"""Prevalence from the model's labels of all interviews and a person's labels of a random sample of them, drawn with known probabilities."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.estimation.results import (
    KNOWN_PROBABILITIES,
    MINIMUM,
    PEOPLE_RIGHT,
    RANDOM_PEOPLE,
    CannotCorrect,
    Prevalence,
    Scope,
    score_interval,
    spread,
)
from analysis.statistics import Interval

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
METHOD = "regression estimator from the human sample, score interval"


@dataclass(frozen=True, eq=False)
class Coded:
    """One code on all N interviews: what the model said, and what a person said of a sample. Every array has shape (N,).

    model: 1 where the model gave the code, else 0.
    human: 1 or 0 where a person coded, nan elsewhere.
    strata: the number of the stratum that each interview was sampled in, from 0.
    probability: of being sampled, 0 to 1.
    """

    model: Floats
    human: Floats
    strata: NDArray[np.int64]
    probability: Floats
    names: tuple[str, ...]  # of the strata

    @classmethod
    def of(cls, model: ArrayLike, human: ArrayLike, *, strata: ArrayLike | None = None, probability: ArrayLike | None = None) -> Self:
        """strata: a name for each interview; default: all one. probability: default: equal within a stratum, so checked / all of it.

        Raises ValueError for arrays of different lengths, labels that are not 0 or 1, probabilities that are not above 0 and at most 1.
        """
        said, person = np.asarray(model, dtype=np.float64), np.asarray(human, dtype=np.float64)
        names, number = np.unique(np.zeros(len(said)) if strata is None else np.asarray(strata), return_inverse=True)
        _check(said, person, number)
        if probability is None:
            checked, everyone = (np.bincount(number, weights=flags, minlength=len(names)) for flags in (~np.isnan(person), np.ones(len(said))))
            chance = (checked / everyone)[number]
        else:
            chance = np.asarray(probability, dtype=np.float64)
            if chance.shape != said.shape or not np.all((chance > 0) & (chance <= 1)):
                raise ValueError("a probability is above 0 and at most 1, one for each interview")
        return cls(said, person, number, chance, tuple(str(name) for name in names))


def corrected(coded: Coded, domain: ArrayLike | None = None, *, scope: Scope = Scope.PEOPLE, minimum: int = MINIMUM) -> Prevalence | CannotCorrect:
    """The prevalence in a domain (one flag an interview: a country, a language; default: all), corrected for the model's error.

    The model's share, plus what the person's labels of the sample differ from it on average, weighted by 1 / probability: the generalized regression
    estimator, C.-E. Särndal, B. Swensson & J. Wretman (1992), Model Assisted Survey Sampling, ch. 6, 7 and 10, with the slope of person on model.
    A. N. Angelopoulos, J. C. Duchi & T. Zrnic (2023), PPI++, arXiv:2311.01453, is the same idea for two samples. Unbiased for large samples whatever
    the model's error is, and if it differs by country or language.

    The variance is the larger of the usual one (linearised, by stratum) and one that adds to the interviews with each label one that the model got
    right and one that it got wrong (A. Agresti & B. Caffo 2000, American Statistician 54, 280-288): a sample without a single error does not prove
    that there are none. Scope PEOPLE adds the spread of the people themselves, p(1 − p) / n.
    """
    inside = np.ones(len(coded.model), dtype=bool) if domain is None else np.asarray(domain, dtype=bool)
    sampled = ~np.isnan(coded.human)
    n, checked = int(inside.sum()), int((inside & sampled).sum())
    if reason := _reason(coded, inside, sampled, checked, minimum):
        return CannotCorrect(reason, n, checked)
    weight = np.where(inside, 1 / coded.probability, 0.0)[sampled]
    weight /= weight.sum()
    said, person = coded.model[sampled], coded.human[sampled]
    share, residual = regression(said, person, weight, mean=float(coded.model[inside].mean()))
    share = min(max(share, 0.0), 1.0)
    strata, chance = coded.strata[sampled], coded.probability[sampled]
    variance = max(by_stratum(weight * residual, strata, chance), smoothed(said, person, weight, chance, strata))
    if scope is Scope.PEOPLE:
        variance += spread(share, n) / n
    elif not variance > 0:
        return Prevalence(share, Interval(share, share), n, checked, METHOD, (PEOPLE_RIGHT,))  # a person coded them all
    assumes = (KNOWN_PROBABILITIES, PEOPLE_RIGHT) + ((RANDOM_PEOPLE,) if scope is Scope.PEOPLE else ())
    return Prevalence(share, score_interval(share, variance, n), n, checked, METHOD, assumes)


def regression(said: Floats, person: Floats, weight: Floats, *, mean: float, slope: float | None = None) -> tuple[float, Floats]:
    """The estimate, and each sampled interview's residual. weight: sums to 1. mean: the model's mean over all. slope: default: least squares.

    Where the model said the same of the whole sample there is no slope to fit; 1, the plain difference, is unbiased still.
    """
    said_mean, person_mean = float(weight @ said), float(weight @ person)
    if slope is None:
        spread = float(weight @ (said - said_mean) ** 2)
        slope = float(weight @ ((said - said_mean) * (person - person_mean))) / spread if spread > 0 else 1.0
    residual = (person - person_mean) - slope * (said - said_mean)
    return person_mean + slope * (mean - said_mean), residual


def by_stratum(parts: Floats, strata: NDArray[np.int64], chance: Floats) -> float:
    """The variance of the sum of sampled parts, shape (sampled,): within strata, less what sampling most of a stratum takes away (1 − probability).

    Särndal, Swensson & Wretman (1992), result 3.7.2. A stratum with one interview tells nothing of its variance and adds nothing; see `smoothed`.
    """
    variance = 0.0
    for stratum in np.unique(strata):
        own = strata == stratum
        size = int(own.sum())
        if size > 1:
            centred = parts[own] - parts[own].mean()
            variance += size / (size - 1) * float(((1 - chance[own]) * centred**2).sum())
    return variance


def smoothed(said: Floats, person: Floats, weight: Floats, chance: Floats, strata: NDArray[np.int64]) -> float:
    """The variance if, for each label of the model, a person had also coded one interview as 0 and one as 1; weight 0: outside the domain.

    The two are spread evenly over the strata in which the label occurs, so that a stratum without an error is not taken to be free of them and one
    with many keeps its own rate.
    """
    variance = 0.0
    for label in (0.0, 1.0):
        inside = (said == label) & (weight > 0)
        numbers = np.unique(strata[inside])
        for stratum in numbers:
            own = inside & (strata == stratum)
            size, added = int(own.sum()), 1 / len(numbers)
            rate = (size * float(weight[own] @ person[own]) / float(weight[own].sum()) + added) / (size + 2 * added)
            variance += rate * (1 - rate) * size / max(size - 1, 1) * float(((1 - chance[own]) * weight[own] ** 2).sum())
    return variance


def _reason(coded: Coded, inside: Flags, sampled: Flags, checked: int, minimum: int) -> str:
    if checked == 0:
        return "no person coded any of these interviews"
    if checked < minimum:
        return f"a person coded {checked} of these interviews, {minimum} are needed"
    never = np.setdiff1d(coded.strata[inside], coded.strata[sampled])
    if never.size:
        return f"no person coded any interview of stratum {coded.names[never[0]]}"
    for label, called in ((1.0, "gave the code"), (0.0, "did not give the code")):
        own = inside & (coded.model == label)
        if own.any() and not (own & sampled).any():
            return f"no person coded any of the {int(own.sum())} of these interviews that the model {called}"
    return ""


def _check(said: Floats, person: Floats, strata: NDArray[np.int64]) -> None:
    if not said.shape == person.shape == strata.shape:
        raise ValueError("the arrays differ in length")
    if not np.isin(said, (0, 1)).all():
        raise ValueError("the model's labels are 0 or 1")
    if not np.isin(person[~np.isnan(person)], (0, 1)).all():
        raise ValueError("a person's labels are 0, 1 or nan")
