"""How many people hold a theme, corrected for the coder's error, with an interval and with what it assumes."""

from analysis.estimation.difference import Coded, corrected
from analysis.estimation.prediction_powered import prediction_powered
from analysis.estimation.results import MINIMUM, CannotCorrect, Prevalence, Scope, raw
from analysis.estimation.rogan_gladen import Checked, rogan_gladen

__all__ = [
    "MINIMUM",
    "CannotCorrect",
    "Checked",
    "Coded",
    "Prevalence",
    "Scope",
    "corrected",
    "prediction_powered",
    "raw",
    "rogan_gladen",
]
