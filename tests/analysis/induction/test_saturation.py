"""Saturation against published figures, against every order there is, and in words."""

from fractions import Fraction
from itertools import permutations

import pytest

from analysis.induction.advice import advise
from analysis.induction.saturation import Incidence, chao2, curve, extrapolated, rarefied

# Barro Colorado Island: 225 species of trees in 50 plots, 21 of them in one plot and 19 in two. The R package vegan (Oksanen et al., specpool)
# gives for it Chao2 = 236.3732 with standard error 6.54361.
BARRO_COLORADO = Incidence(50, (1,) * 21 + (2,) * 19 + (10,) * 185)
FEW = [{"jobs"}, {"jobs", "lies"}, {"lies"}, {"jobs"}, {"jobs", "art"}, set()]


def test_chao2_and_its_interval_agree_with_what_was_published() -> None:
    found = chao2(BARRO_COLORADO)
    assert (found.seen, round(found.total, 4), round(found.unseen, 4)) == (225, 236.3732, 11.3732)
    assert [round(end, 1) for end in found.interval] == [
        229.0,
        257.4,
    ]  # exp(1.96 sqrt(log(1 + 6.54361² / 11.3732²))) = 2.852, so 11.3732 / 2.852 and × 2.852 above 225


@pytest.mark.parametrize(
    ("found", "total", "low", "high"),
    [
        (Incidence(10, ()), 0, 0, 0),
        (Incidence(10, (3, 4, 10)), 3, 3, 3),
        (Incidence(10, (1, 2, 3)), 3.45, 3.03, 10.74),
        (Incidence(10, (1, 1, 1, 5)), 6.7, 4.33, 25.83),
        (Incidence(1, (1, 1)), 2, 2, float("inf")),
        (Incidence(0, ()), 0, 0, 0),
    ],
)
def test_chao2_where_there_is_little(found: Incidence, total: float, low: float, high: float) -> None:
    estimate = chao2(found)
    assert (round(estimate.total, 2), round(estimate.interval.low, 2), round(estimate.interval.high, 2)) == (total, low, high)


def test_rarefaction_is_the_mean_of_every_order() -> None:
    orders = list(permutations(FEW))
    for t in range(len(FEW) + 1):
        every = Fraction(sum(len(set().union(*order[:t])) for order in orders), len(orders))
        assert rarefied(Incidence.of(FEW), t) == pytest.approx(float(every), abs=1e-12)
    with pytest.raises(ValueError, match="7 of 6"):
        rarefied(Incidence.of(FEW), 7)


def test_the_curve_ends_at_what_was_seen_and_its_band_holds_the_mean() -> None:
    points = curve(FEW, seed=7)
    assert [point.t for point in points] == [1, 2, 3, 4, 5, 6]
    assert (points[-1].mean, points[-1].low, points[-1].high) == (3, 3, 3)
    assert all(point.low <= point.mean <= point.high for point in points)
    assert sum(point.new for point in points) == pytest.approx(3)
    assert points == curve(FEW, seed=7) != curve(FEW, seed=8, orders=20)
    assert curve([], seed=7) == ()


def test_extrapolation_begins_with_the_chance_that_the_next_interview_is_new_and_ends_at_chao2() -> None:
    assert extrapolated(BARRO_COLORADO, 0) == 0
    assert extrapolated(BARRO_COLORADO, 1) == pytest.approx(21 / 50, rel=0.05)  # Good and Turing: Q1 / T
    assert extrapolated(BARRO_COLORADO, 1e9) == pytest.approx(chao2(BARRO_COLORADO).unseen)
    assert extrapolated(Incidence(10, (3, 4)), 10) == 0


@pytest.mark.parametrize(
    ("found", "place", "said"),
    [
        (Incidence(4, (1, 2)), "Kenya", "4 interviews in Kenya: too few to say how many codes are still unseen."),
        (
            Incidence(40, (1, 9, 20, 30)),
            "Kenya",
            "After 40 interviews in Kenya a further 10 would be expected to bring 0.0 new codes. "
            "Few new codes are to be expected: you may stop here.",
        ),
        (
            Incidence(40, (1, 1, 1, 1, 2, 9)),
            "",
            "After 40 interviews a further 10 would be expected to bring 0.9 new codes. At least 7.8 codes are likely still unseen "
            "(95% interval 1.0–63.3). It is worth going on.",
        ),
        (
            Incidence(10, (4, 5)),
            "",
            "After 10 interviews a further 10 would be expected to bring 0.0 new codes. "
            "With so few interviews that is a rough guess: code more before you rely on it.",
        ),
        (
            Incidence(10, ()),
            "",
            "After 10 interviews a further 10 would be expected to bring 0.0 new codes. No code was found, so nothing can be said of others.",
        ),
    ],
)
def test_the_advice_in_words(found: Incidence, place: str, said: str) -> None:
    assert advise(found, place) == said
