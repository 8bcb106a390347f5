"""Newcombe's interval against the examples of his paper."""

import pytest

from analysis.comparing.difference import difference

# R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
PUBLISHED = [
    ((56, 70, 48, 80), (0.0524, 0.3339)),
    ((9, 10, 3, 10), (0.1705, 0.8090)),
    ((5, 56, 0, 29), (-0.0381, 0.1926)),
    ((0, 10, 0, 20), (-0.1611, 0.2775)),
    ((10, 10, 0, 20), (0.6791, 1.0)),
]


@pytest.mark.parametrize(("counts", "interval"), PUBLISHED)
def test_the_interval_is_the_published_one(counts: tuple[int, int, int, int], interval: tuple[float, float]) -> None:
    assert difference(*counts).interval == pytest.approx(interval, abs=0.00006)


def test_the_probability_is_that_of_the_chi_squared_test_of_the_table() -> None:
    found = difference(56, 70, 48, 80)  # SciPy 1.17.1: chi2_contingency([[56, 14], [48, 32]], correction=False)
    assert (found.value, found.probability) == (pytest.approx(0.2), pytest.approx(0.008045081368196594))


def test_where_nobody_or_everybody_has_it_nothing_differs() -> None:
    assert [difference(k, 5, k, 5).probability for k in (0, 5)] == [1.0, 1.0]
    with pytest.raises(ValueError, match="without people"):
        difference(0, 0, 1, 2)
