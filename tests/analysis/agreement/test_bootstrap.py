"""The intervals: against another implementation, the same with the same seed, and covering what they should."""

import numpy as np
import pytest

from analysis.agreement import Estimate, Level, cohen_kappa, krippendorff_alpha
from analysis.agreement.bootstrap import Kinds, estimate
from analysis.agreement.coefficients import cohen, costs
from tests.analysis.agreement.tables import MADE, table


def test_the_interval_is_that_of_scipy() -> None:
    # scipy 1.17.1, stats.bootstrap(method="BCa", n_resamples=9999) of scikit-learn's kappa and of the package krippendorff's alpha.
    kappa, alpha = cohen_kappa(table(*MADE).pair(0, 1)), krippendorff_alpha(table(*MADE), Level.INTERVAL)
    assert isinstance(kappa, Estimate)
    assert isinstance(alpha, Estimate)
    assert tuple(kappa.interval) == pytest.approx((0.174, 0.668), abs=0.02)
    assert tuple(alpha.interval) == pytest.approx((0.600, 0.877), abs=0.02)


def test_a_seed_gives_the_same_interval_again_and_another_seed_another() -> None:
    first, again, other = (krippendorff_alpha(table(*MADE), seed=seed) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_units_that_are_coded_alike_are_one_kind() -> None:
    kinds = Kinds.of(np.array([[0, 1], [2, 2], [0, 1], [0, 1]]), np.array([1.0, 1.0, 1.0, 2.0]))
    assert sorted(zip(kinds.example.tolist(), kinds.times.tolist(), kinds.weight.tolist(), strict=True)) == [
        (0, 2.0, 1.0),
        (1, 1.0, 1.0),
        (3, 1.0, 2.0),
    ]


def test_in_many_samples_the_interval_covers_the_truth() -> None:
    """100 units, two coders, kappa 0.8: of 300 samples 95 % ± 3.3 standard errors."""
    shares = np.array([0.45, 0.05, 0.05, 0.45])
    cells = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(300):
        times = rng.multinomial(100, shares)
        seen = np.flatnonzero(times)
        kinds = Kinds(np.arange(len(seen)), times[seen].astype(float), np.ones(len(seen)))
        result = estimate(cohen(cells[seen], costs(2)), kinds, n=100, undefined="")
        assert isinstance(result, Estimate)
        covered += result.interval.low <= 0.8 <= result.interval.high
    assert 0.91 <= covered / 300 <= 0.99
