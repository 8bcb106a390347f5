"""Prevalence where nothing is known of the model but how often it is right: the Rogan-Gladen correction."""

from dataclasses import dataclass
from math import sqrt

from analysis.estimation.results import PEOPLE_RIGHT, RANDOM_PEOPLE, CannotCorrect, Prevalence, Z
from analysis.statistics import Interval, wilson

SAME_ERROR = "the model errs here as often as where its sensitivity and specificity were found"
RATES_EXACT = "sensitivity and specificity are known exactly"


@dataclass(frozen=True)
class Checked:
    """right of n interviews that the model coded rightly: of those with the code (sensitivity), or of those without it (specificity).

    Neither need be whole: n may be the number of interviews that a weighted sample is worth.
    """

    right: float
    n: float

    def __post_init__(self) -> None:
        if not 0 <= self.right <= self.n or self.n == 0:
            raise ValueError(f"{self.right:g} of {self.n:g} is not a share")


Rate = Checked | float


def rogan_gladen(k: int, n: int, sensitivity: Rate, specificity: Rate) -> Prevalence | CannotCorrect:
    """k of n interviews got the code from the model. Sensitivity and specificity: both found on samples (Checked), or both known shares.

    W. J. Rogan & B. Gladen (1978), American Journal of Epidemiology 107, 71-76. Found on samples: the interval of Z. Lang & J. Reiczigel (2014),
    Preventive Veterinary Medicine 113, 13-22. Known: Wilson's interval of k of n, its ends corrected
    as the share is. Share and interval are cut at 0 and 1.
    Raises ValueError if one is Checked and the other is not, or if k of n or a rate is not a share.
    """
    interval = wilson(k, n)
    match sensitivity, specificity:
        case Checked(), Checked():
            return _found(k, n, sensitivity, specificity)
        case (Checked(), _) | (_, Checked()):
            raise ValueError("sensitivity and specificity are both known, or both found on samples")
        case float() | int(), float() | int():
            return _known(k, n, interval, sensitivity, specificity)


def _known(k: int, n: int, apparent: Interval, sensitivity: float, specificity: float) -> Prevalence | CannotCorrect:
    if not (0 <= sensitivity <= 1 and 0 <= specificity <= 1):
        raise ValueError("sensitivity and specificity are shares between 0 and 1")
    if reason := _reason(n, sensitivity, specificity):
        return CannotCorrect(reason, n, 0)
    low, high = (_cut(_correct(end, sensitivity, specificity)) for end in apparent)
    share = _cut(_correct(k / n, sensitivity, specificity))
    return Prevalence(share, Interval(low, high), n, 0, "Rogan-Gladen, Wilson", (SAME_ERROR, RATES_EXACT, RANDOM_PEOPLE))


def _found(k: int, n: int, sensitivity: Checked, specificity: Checked) -> Prevalence | CannotCorrect:
    checked = round(sensitivity.n + specificity.n)
    # One interview more that it got right and one that it got wrong, formulas 12 to 15.
    se, sp = ((rate.right + 1) / (rate.n + 2) for rate in (sensitivity, specificity))
    se_found, sp_found = (rate.right / rate.n for rate in (sensitivity, specificity))
    if reason := _reason(n, min(se, se_found), min(sp, sp_found)):
        return CannotCorrect(reason, n, checked)
    people = n + Z**2
    apparent = (k + Z**2 / 2) / people
    share = _correct(apparent, se, sp)
    se_variance, sp_variance = se * (1 - se) / (sensitivity.n + 2), sp * (1 - sp) / (specificity.n + 2)
    spread = sqrt(apparent * (1 - apparent) / people + share**2 * se_variance + (1 - share) ** 2 * sp_variance) / (se + sp - 1)
    centre = share + 2 * Z**2 * (share * se_variance - (1 - share) * sp_variance)
    interval = Interval(_cut(centre - Z * spread), _cut(centre + Z * spread))
    assumes = (SAME_ERROR, PEOPLE_RIGHT, RANDOM_PEOPLE)
    return Prevalence(_cut(_correct(k / n, se_found, sp_found)), interval, n, checked, "Rogan-Gladen, Lang-Reiczigel", assumes)


def _correct(apparent: float, sensitivity: float, specificity: float) -> float:
    return (apparent + specificity - 1) / (sensitivity + specificity - 1)


def _cut(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def _reason(n: int, sensitivity: float, specificity: float) -> str:
    if n == 0:
        return "there is no interview"
    return "the model does no better than chance" if sensitivity + specificity <= 1 else ""
