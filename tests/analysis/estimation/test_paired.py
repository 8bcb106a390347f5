"""The difference of two shares of the same interviews, against published figures."""

import pytest

from analysis.estimation.paired import paired_difference

# Newcombe (1998); Altman et al. (2000), Statistics with Confidence, 2nd ed., p. 52; Fagerland, Lydersen and Laake (2017),
# Statistical Analysis of Contingency Tables, ch. 8: Bentur et al. (2009) and Cavo et al. (2012).
PUBLISHED = [
    ((36, 12, 2, 0), 0.2, 0.0569, 0.3404),
    ((14, 5, 0, 22), 0.1220, 0.0115, 0.2265),
    ((1, 1, 7, 12), -0.2857, -0.5069, -0.0256),
    ((59, 6, 16, 80), -0.0621, -0.1186, -0.0046),
]


@pytest.mark.parametrize(("counts", "difference", "low", "high"), PUBLISHED)
def test_it_is_as_published(counts: tuple[int, int, int, int], difference: float, low: float, high: float) -> None:
    value, interval = paired_difference(*counts)
    assert (value, *interval) == pytest.approx((difference, low, high), abs=5e-5)
    both, first, second, neither = counts
    turned, back = paired_difference(both, second, first, neither)
    assert (turned, back.low, back.high) == pytest.approx((-value, -interval.high, -interval.low))


@pytest.mark.parametrize("counts", [(0, 0, 0, 12), (12, 0, 0, 0), (0, 12, 0, 0), (5, 0, 0, 7), (0, 1, 1, 0)])
def test_the_interval_holds_the_difference_and_stays_within_its_bounds(counts: tuple[int, int, int, int]) -> None:
    value, interval = paired_difference(*counts)
    assert -1 <= interval.low <= value <= interval.high <= 1


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (3, -1, 0, 2)])
def test_of_no_interview_there_is_none(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="one interview or more"):
        paired_difference(*counts)
