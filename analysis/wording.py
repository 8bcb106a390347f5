"""How figures and countries are worded for a researcher: per cent, intervals, 'not stated'."""

from analysis.aggregates import UNSTATED, Share
from analysis.suppression.hiding import POOLED
from surveys.languages import country_name

HIDDEN = "kept back"  # a count that is small, or from which a small one could be worked out
FINE = 200  # from this many people on, a decimal means something


def percent(value: float | None, n: int) -> str:
    """0.188 → '18.8%', or '19%' where fewer than 200 people stand behind it, or '–' where nobody does."""
    if value is None or n == 0:
        return "–"
    return f"{value * 100:.1f}%" if n >= FINE else f"{value * 100:.0f}%"


def whole_percent(value: int) -> str:
    return f"{value}%"


def interval(share: Share) -> str:
    """'15.2–22.9%', or '–' where nobody was coded."""
    if share.n == 0 or share.hidden:
        return "–"
    return f"{percent(share.low, share.n).rstrip('%')}–{percent(share.high, share.n)}"


def describe(share: Share) -> str:
    """'18.8% (47 of 250; 95% interval 14.4–24.1%)'"""
    if share.hidden:
        return f"{HIDDEN} (of {share.n} people)"
    return f"{percent(share.share, share.n)} ({share.k} of {share.n}; 95% interval {interval(share)})"


def country(code: str) -> str:
    if code == POOLED:
        return "other countries"
    return "not stated" if code == UNSTATED else country_name(code)
