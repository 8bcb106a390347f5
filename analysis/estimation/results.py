"""A prevalence with its interval and what it assumes, or the reason why the model's figure cannot be corrected."""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

from analysis.statistics import CONFIDENCE, Interval, wilson

# With fewer checked by a person the interval would be too wide to say more than the raw figure does.
MINIMUM = 20
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)

NO_ERROR = "the model codes without error"
PEOPLE_RIGHT = "the person's coding is right"
RANDOM_PEOPLE = "the interviews are a random sample of the people the figure is about"
KNOWN_PROBABILITIES = "the interviews a person coded were drawn at random, with the probabilities given"


class Scope(StrEnum):
    """Whom the interval is about: the people the interviews were drawn from, or the interviews themselves."""

    PEOPLE = "people"
    INTERVIEWS = "interviews"


@dataclass(frozen=True)
class Prevalence:
    """A share between 0 and 1 with its 95 % interval.

    n: interviews the model coded. checked: those a person coded too.
    """

    share: float
    interval: Interval
    n: int
    checked: int
    method: str
    assumes: tuple[str, ...]


@dataclass(frozen=True)
class CannotCorrect:
    """Only the raw figure can be shown, for this reason."""

    reason: str
    n: int
    checked: int

    def __str__(self) -> str:
        return f"cannot correct: {self.reason}"


def raw(k: int, n: int) -> Prevalence | CannotCorrect:
    """k interviews of n that the model gave the code: its share with Wilson's interval, as if the model never erred."""
    if n == 0:
        return CannotCorrect("there is no interview", 0, 0)
    return Prevalence(k / n, wilson(k, n), n, 0, "raw share, Wilson", (NO_ERROR, RANDOM_PEOPLE))


def spread(share: float, n: int) -> float:
    """p (1 − p) of one interview; at 0 and 1, as if half an interview of n were the other way."""
    inner = min(max(share, 0.5 / n), 1 - 0.5 / n)
    return inner * (1 - inner)


def score_interval(share: float, variance: float, n: int) -> Interval:
    """Wilson's interval of a share that is as uncertain as this variance says, by way of the number of people that would leave it so uncertain.

    E. L. Korn & B. I. Graubard (1998), Confidence intervals for proportions with small expected number of positive counts, Survey Methodology 24,
    193-201, with the score in place of the exact interval. It stays within 0 and 1.
    """
    people = spread(share, n) / variance
    centre = (share + Z**2 / (2 * people)) / (1 + Z**2 / people)
    half = Z / (1 + Z**2 / people) * sqrt(share * (1 - share) / people + Z**2 / (4 * people**2))
    return Interval(max(0.0, centre - half), min(1.0, centre + half))
