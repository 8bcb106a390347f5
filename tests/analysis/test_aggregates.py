"""Themes counted from facts: who is in the denominator, by country, from which origins."""

import pytest

from analysis.aggregates import Counts, Share, count, counted_origins, themes, themes_by_country
from tests.analysis.results import Results

pytestmark = pytest.mark.django_db
LIVE = frozenset({"live", "imported"})


@pytest.fixture
def results() -> Results:
    results = Results()
    results.people(3, country="FR", codes=[("fears", "jobs"), ("fears", "bias"), ("hopes", "time")])
    results.people(1, country="FR", codes=[("fears", "none"), ("hopes", "time")])
    results.people(2, country="JP", codes=[("fears", "jobs")])
    results.people(1, country="", codes=[("fears", "bias")])
    results.people(1, country="DE")
    results.people(5, country="JP", origin="simulated", codes=[("fears", "bias")])
    results.people(7, country="JP", origin="pilot", codes=[("fears", "bias")])
    other = Results(slug="coffee")
    other.people(2, country="FR", codes=[("fears", "jobs")])
    return results


def test_everyone_coded_in_the_dimension_is_in_the_denominator_also_with_none(results: Results) -> None:
    assert themes(results.survey, dimension="fears", origins=LIVE) == (
        Share("jobs", 5, 7),
        Share("bias", 4, 7),
        Share("none", 1, 7),
    )


def test_countries_are_counted_apart_and_people_without_one_come_last(results: Results) -> None:
    assert themes_by_country(results.survey, dimension="fears", origins=LIVE) == (
        Share("bias", 3, 4, "FR"),
        Share("jobs", 3, 4, "FR"),
        Share("none", 1, 4, "FR"),
        Share("bias", 0, 2, "JP"),
        Share("jobs", 2, 2, "JP"),
        Share("none", 0, 2, "JP"),
        Share("bias", 1, 1, ""),
        Share("jobs", 0, 1, ""),
        Share("none", 0, 1, ""),
    )


def test_a_row_carries_its_share_and_interval(results: Results) -> None:
    row = themes_by_country(results.survey, dimension="fears", origins=LIVE)[0]
    assert (row.share, round(row.low, 4), round(row.high, 4)) == (0.75, 0.3006, 0.9544)


def test_a_dimension_nobody_was_coded_in_has_no_rows(results: Results) -> None:
    assert themes(results.survey, dimension="mood", origins=LIVE) == ()
    assert themes_by_country(results.survey, dimension="mood", origins=LIVE) == ()


def test_all_dimensions_are_counted_in_two_queries(results: Results, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):
        counted = count(results.survey, origins=LIVE)
    assert counted == {
        "hopes": Counts({"FR": 4}, {("FR", "time"): 4}),
        "fears": Counts({"FR": 4, "JP": 2, "": 1}, {("FR", "bias"): 3, ("FR", "jobs"): 3, ("FR", "none"): 1, ("JP", "jobs"): 2, ("", "bias"): 1}),
    }


def test_a_share_of_nobody_is_unknown() -> None:
    assert Share("jobs", 0, 0).share is None


def test_simulated_interviews_count_only_if_the_survey_says_so_and_pilots_never() -> None:
    assert counted_origins(Results().survey) == {"live", "imported"}
    assert counted_origins(Results(slug="demonstration", show_simulated=True).survey) == {"live", "imported", "simulated"}


def test_pilot_and_simulated_interviews_are_added_on_demand() -> None:
    assert counted_origins(Results().survey, pilot=True, simulated=True) == {"live", "imported", "simulated", "pilot"}
