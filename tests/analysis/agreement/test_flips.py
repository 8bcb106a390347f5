"""How often a model's label changes from run to run."""

import pytest

from analysis.agreement import Estimate, Flips, TooFew, flips
from analysis.statistics import wilson
from tests.analysis.agreement.tables import table


def test_a_unit_flips_if_one_run_differs_and_two_runs_differ_less_often() -> None:
    result = flips(table("aaaaaaaaaa" * 2, "aaaaaaaabb" * 2, "aaaaaaaaab" * 2))
    assert result.runs == 3
    # Units 9 and 10 of every ten flip; two of three pairs of runs differ on each.
    assert result.changed == Estimate(0.2, wilson(4, 20), 20, "Wilson")
    assert isinstance(result.between_two, Estimate)
    assert result.between_two.value == pytest.approx(0.2 * 2 / 3)
    assert result.between_two.interval.low < result.between_two.value < result.between_two.interval.high


def test_a_gap_in_a_run_is_not_a_flip() -> None:
    result = flips(table("a" * 12, "a" * 11 + ".", "a" * 10 + ".."))
    assert result.changed == Estimate(0.0, wilson(0, 11), 11, "Wilson")


def test_of_few_units_nothing_is_said() -> None:
    assert flips(table("aaa", "aab")) == Flips(2, TooFew(3, 10), TooFew(3, 10))
