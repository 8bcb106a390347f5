"""Prediction-powered inference: a small sample that a person and the model coded, and a larger one that only the model coded."""

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.estimation.results import PEOPLE_RIGHT, RANDOM_PEOPLE, CannotCorrect, Prevalence, Z
from analysis.statistics import Interval

Floats = NDArray[np.float64]
SAME_PEOPLE = "both samples are random samples of the same people, drawn apart"


def prediction_powered(human: ArrayLike, model: ArrayLike, model_elsewhere: ArrayLike, *, power: float | None = None) -> Prevalence | CannotCorrect:
    """The mean of the human labels, made more exact by the model's.

    human, model: labels or scores of the same n interviews, shape (n,). model_elsewhere: of N other ones, shape (N,). power: how far the model is
    relied on, 0 (not at all: the human sample alone) to 1; default: as far as makes the variance least.
    A. N. Angelopoulos, S. Bates, C. Fannjiang, M. I. Jordan & T. Zrnic (2023), Prediction-powered inference, Science 382, 669-674; power:
    A. N. Angelopoulos, J. C. Duchi & T. Zrnic (2023), PPI++, arXiv:2311.01453. Normal interval, cut at 0
    and 1. Raises ValueError if human and model differ in length.
    For a sample drawn from the coded interviews themselves use `corrected`, which knows its strata and probabilities.
    """
    person, said, elsewhere = (np.asarray(values, dtype=np.float64) for values in (human, model, model_elsewhere))
    if person.shape != said.shape:
        raise ValueError("human and model are labels of the same interviews")
    n, others = len(person), len(elsewhere)
    if n < 2 or others < 2:
        return CannotCorrect("each sample needs two interviews at least", n + others, n)
    if power is None:
        power = _best_power(person, said, elsewhere)
    share = float(power * elsewhere.mean() + (person - power * said).mean())
    half = Z * sqrt(power**2 * float(elsewhere.var()) / others + float((person - power * said).var()) / n)
    interval = Interval(max(0.0, share - half), min(1.0, share + half))
    method = f"prediction-powered, power {power:.2f}"
    return Prevalence(min(max(share, 0.0), 1.0), interval, n + others, n, method, (SAME_PEOPLE, PEOPLE_RIGHT, RANDOM_PEOPLE))


def _best_power(person: Floats, said: Floats, elsewhere: Floats) -> float:
    """PPI++, formula for the mean: covariance over (1 + n / N) times the variance of all predictions, cut at 0 and 1."""
    variance = float(np.concatenate([said, elsewhere]).var(ddof=1))
    if variance == 0:
        return 0.0
    covariance = float(((person - person.mean()) * (said - said.mean())).mean())
    return min(max(covariance / ((1 + len(said) / len(elsewhere)) * variance), 0.0), 1.0)
