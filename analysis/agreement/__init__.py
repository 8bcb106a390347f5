"""How far coders agree: coefficients with intervals, or the reason why there is no number."""

from analysis.agreement.flips import Flips, flips
from analysis.agreement.measures import cohen_kappa, fleiss_kappa, gwet_ac, krippendorff_alpha, percent_agreement
from analysis.agreement.ratings import Level, Ratings
from analysis.agreement.results import MINIMUM, Estimate, Result, TooFew, Undefined
from analysis.agreement.spans import MarkedText, span_alpha, span_f1

__all__ = [
    "MINIMUM",
    "Estimate",
    "Flips",
    "Level",
    "MarkedText",
    "Ratings",
    "Result",
    "TooFew",
    "Undefined",
    "cohen_kappa",
    "fleiss_kappa",
    "flips",
    "gwet_ac",
    "krippendorff_alpha",
    "percent_agreement",
    "span_alpha",
    "span_f1",
]
