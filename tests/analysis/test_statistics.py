"""The Wilson interval against published values and against the equation it solves; other statistics against published values."""

from decimal import Decimal, getcontext

import pytest

from analysis.statistics import Interval, benjamini_hochberg, t_quantile, two_sided, wilson

Z95 = Decimal("1.959963984540054235524594430520551527955550887")  # standard normal quantile at 0.975


def score_root(k: int, n: int, *, upper: bool) -> float:
    """The share π at which the score statistic (k/n − π)² / (π(1 − π)/n) equals z², by bisection in 40 digits: no closed form involved."""
    getcontext().prec = 40
    share = Decimal(k) / n

    def beyond(pi: Decimal) -> bool:
        return n * (share - pi) ** 2 > Z95**2 * pi * (1 - pi)

    inside, outside = share, Decimal(1 if upper else 0)
    for _ in range(120):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if beyond(middle) else (middle, outside)
    return float((inside + outside) / 2)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        # R. G. Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3 (score, no continuity correction).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_it_gives_the_values_newcombe_published(k: int, n: int, low: float, high: float) -> None:
    assert tuple(round(end, 4) for end in wilson(k, n)) == (low, high)


@pytest.mark.parametrize(("k", "n"), [(1, 2), (3, 7), (23, 25), (1, 1000), (40_000, 80_508), (80_507, 80_508)])
def test_its_ends_solve_the_score_equation(k: int, n: int) -> None:
    assert wilson(k, n) == pytest.approx((score_root(k, n, upper=False), score_root(k, n, upper=True)), abs=1e-12)


def test_its_ends_are_exact_where_nobody_or_everybody_has_the_code() -> None:
    assert wilson(0, 10).low == 0.0
    assert wilson(10, 10).high == 1.0
    assert wilson(0, 10).high == pytest.approx(1 - wilson(10, 10).low, abs=1e-15)


def test_nobody_coded_says_nothing() -> None:
    assert wilson(0, 0) == Interval(0.0, 1.0)


def test_more_confidence_means_a_wider_interval() -> None:
    assert wilson(3, 10, 0.99).low < wilson(3, 10).low < 0.3 < wilson(3, 10).high < wilson(3, 10, 0.99).high


@pytest.mark.parametrize(("k", "n", "confidence"), [(-1, 5, 0.95), (6, 5, 0.95), (1, -1, 0.95), (1, 5, 0.0), (1, 5, 1.0)])
def test_what_is_no_share_or_no_confidence_is_refused(k: int, n: int, confidence: float) -> None:
    with pytest.raises(ValueError):
        wilson(k, n, confidence)


# Benjamini and Hochberg (1995), table of 15 probabilities; adjusted as in the documentation of scipy.stats.false_discovery_control (SciPy 1.11).
PROBABILITIES = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000]
ADJUSTED = [0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714, 0.06385714, 0.0645, 0.0765, 0.486, 0.58118182, 0.714875, 0.75323077, 0.81321429, 1.0]


def test_probabilities_are_adjusted_as_scipy_does_whatever_their_order() -> None:
    assert benjamini_hochberg(PROBABILITIES) == pytest.approx(ADJUSTED, abs=1e-8)
    assert benjamini_hochberg(PROBABILITIES[::-1]) == pytest.approx(ADJUSTED[::-1], abs=1e-8)
    assert benjamini_hochberg([]) == []
    with pytest.raises(ValueError):
        benjamini_hochberg([0.5, 1.1])


# Student's t, two-sided 95 %: any printed table.
@pytest.mark.parametrize(("degrees", "value"), [(5, 2.5706), (9, 2.2622), (29, 2.0452), (120, 1.9799), (10**9, 1.9600)])
def test_quantiles_of_t_are_those_of_the_tables(degrees: int, value: float) -> None:
    assert t_quantile(degrees) == pytest.approx(value, abs=0.0006)


def test_a_normal_value_lies_beyond_1_96_in_one_case_of_twenty() -> None:
    assert two_sided(-1.959964) == two_sided(1.959964) == pytest.approx(0.05, abs=1e-6)
