"""Prediction-powered inference and Rogan-Gladen against published packages on the same input."""

import numpy as np
import pytest

from analysis.estimation import CannotCorrect, Checked, Prevalence, prediction_powered, raw, rogan_gladen
from analysis.statistics import wilson


def labels(text: str) -> np.ndarray:
    return np.array([int(label) for label in text])


HUMAN = labels("1011110100101100001100001000010001101010")
MODEL = labels("1011010100001010000110001001010010111010")
ELSEWHERE = labels("101010000110111100100101111100100011010110111110011010111011111010110101101101111001111010011101111001100111110100100010")


@pytest.mark.parametrize(
    ("power", "share", "low", "high"),
    [
        (None, 0.4880785132141162, 0.3493282438575408, 0.6268287825706916),
        (1.0, 0.6, 0.4219774304456692, 0.7780225695543308),
        (0.5, 0.5125, 0.3718141217261457, 0.6531858782738542),
        (0.0, 0.425, 0.2718043326896019, 0.5781956673103981),
    ],
)
def test_prediction_powered_inference_is_that_of_ppi_py(power: float | None, share: float, low: float, high: float) -> None:
    # ppi-python 0.2.3: ppi_mean_pointestimate and ppi_mean_ci(HUMAN, MODEL, ELSEWHERE, alpha=0.05, lam=power).
    result = prediction_powered(HUMAN, MODEL, ELSEWHERE, power=power)
    assert isinstance(result, Prevalence)
    assert (result.share, *result.interval) == pytest.approx((share, low, high), abs=1e-9)
    assert (result.n, result.checked) == (160, 40)


def test_scores_do_as_well_as_labels() -> None:
    scores, elsewhere = (np.arange(40) * 7 % 10) / 10 * 0.4 + HUMAN * 0.5, (np.arange(120) * 3 % 10) / 10
    result = prediction_powered(HUMAN, scores, elsewhere)
    assert isinstance(result, Prevalence)
    assert (result.share, *result.interval) == pytest.approx((0.4825, 0.3800491, 0.5849509), abs=1e-7)  # ppi-python 0.2.3


def test_samples_that_say_nothing_are_refused() -> None:
    assert prediction_powered([1], [1], ELSEWHERE) == CannotCorrect("each sample needs two interviews at least", 121, 1)
    with pytest.raises(ValueError, match="the same interviews"):
        prediction_powered(HUMAN, MODEL[:5], ELSEWHERE)


def test_rogan_gladen_has_the_values_of_epir_where_the_rates_are_known() -> None:
    # R package epiR, help of epi.prev: 23 of 150, sensitivity .96, specificity .89: 5.1 per 100 (0 to 13); 6 of 151, .964, .927: 0 per 100.
    cows, infections = rogan_gladen(23, 150, 0.96, 0.89), rogan_gladen(6, 151, 0.964, 0.927)
    assert isinstance(cows, Prevalence)
    assert isinstance(infections, Prevalence)
    assert tuple(round(100 * share, 1) for share in (cows.share, *cows.interval)) == (5.1, 0.0, 12.9)
    assert (infections.share, infections.interval.low) == (0.0, 0.0)


def test_rogan_gladen_has_the_interval_of_asht_where_the_rates_were_found_on_samples() -> None:
    # R package asht, prevSeSp: Z. Lang & J. Reiczigel (2014), example 1.
    result = rogan_gladen(4060, 11284, Checked(178, 179), Checked(358, 359))
    assert isinstance(result, Prevalence)
    assert tuple(round(end, 3) for end in result.interval) == (0.349, 0.372)
    assert (round(result.share, 3), result.checked) == (0.360, 538)


def test_a_perfect_model_needs_no_correction() -> None:
    result = rogan_gladen(30, 100, 1.0, 1.0)
    assert isinstance(result, Prevalence)
    assert (result.share, tuple(result.interval)) == (pytest.approx(0.3), pytest.approx(tuple(wilson(30, 100))))


def test_a_model_no_better_than_chance_cannot_be_corrected() -> None:
    assert rogan_gladen(30, 100, 0.4, 0.6) == CannotCorrect("the model does no better than chance", 100, 0)
    assert rogan_gladen(30, 100, Checked(4, 10), Checked(6, 10)) == CannotCorrect("the model does no better than chance", 100, 20)


def test_half_known_rates_and_impossible_ones_are_refused() -> None:
    with pytest.raises(ValueError, match="both known, or both found"):
        rogan_gladen(1, 2, 0.9, Checked(9, 10))
    with pytest.raises(ValueError, match="shares between 0 and 1"):
        rogan_gladen(1, 2, 0.9, 1.2)
    with pytest.raises(ValueError, match="11 of 10"):
        Checked(11, 10)


def test_the_raw_share_says_that_it_trusts_the_model() -> None:
    assert raw(3, 10) == Prevalence(
        0.3,
        wilson(3, 10),
        10,
        0,
        "raw share, Wilson",
        ("the model codes without error", "the interviews are a random sample of the people the figure is about"),
    )
    assert raw(0, 0) == CannotCorrect("there is no interview", 0, 0)
