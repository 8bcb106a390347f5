"""The corrected prevalence: exact over every sample of a small population, covering in many, and refusing what it cannot do."""

from itertools import combinations

import numpy as np
import pytest

from analysis.estimation import CannotCorrect, Coded, Prevalence, Scope, corrected, raw
from analysis.estimation.difference import by_stratum, regression, smoothed
from analysis.estimation.results import KNOWN_PROBABILITIES, PEOPLE_RIGHT, RANDOM_PEOPLE

# Two strata of 5 and 4 interviews; the model errs on three of the nine.
MODEL = np.array([1, 1, 0, 0, 1, 0, 0, 1, 0], dtype=float)
TRUTH = np.array([1, 0, 0, 1, 1, 0, 0, 0, 0], dtype=float)
STRATA = np.array([0] * 5 + [1] * 4)
EVERY_SAMPLE = [np.array([*first, *second]) for first in combinations(range(5), 3) for second in combinations(range(5, 9), 2)]
CHANCE = np.array([3 / 5] * 5 + [2 / 4] * 4)


def test_over_every_sample_the_estimate_is_the_truth_on_average_and_the_variance_its_own() -> None:
    estimates, variances = [], []
    for sample in EVERY_SAMPLE:
        weight = 1 / CHANCE[sample] / 9
        share, residual = regression(MODEL[sample], TRUTH[sample], weight, mean=MODEL.mean(), slope=1.0)
        estimates.append(share)
        variances.append(by_stratum(weight * residual, STRATA[sample], CHANCE[sample]))
    assert len(EVERY_SAMPLE) == 60
    assert np.mean(estimates) == pytest.approx(TRUTH.mean(), abs=1e-12)
    assert np.mean(variances) == pytest.approx(np.var(estimates), abs=1e-12)


def test_with_one_stratum_it_is_the_human_rate_among_each_label_in_the_models_proportions() -> None:
    # The model: 30 of 100. Checked: 20 with the code, of which 15 right; 20 without, of which 2 wrong.
    model = np.repeat([1.0, 0.0], [30, 70])
    human = np.full(100, np.nan)
    human[:20], human[30:50] = np.repeat([1, 0], [15, 5]), np.repeat([1, 0], [2, 18])
    result = corrected(Coded.of(model, human, strata=model))
    assert isinstance(result, Prevalence)
    assert result.share == pytest.approx(0.3 * 15 / 20 + 0.7 * 2 / 20)
    assert (result.n, result.checked, result.assumes) == (100, 40, (KNOWN_PROBABILITIES, PEOPLE_RIGHT, RANDOM_PEOPLE))
    assert result.interval.low < result.share < result.interval.high


def test_its_point_is_that_of_ppi_py_with_all_interviews_as_the_larger_sample() -> None:
    # ppi-python 0.2.3: ppi_mean_pointestimate(y, f, every f, lam=1).
    said, person, everywhere = np.array([1, 1, 0, 0]), np.array([1, 0, 0, 0]), np.array([1, 1, 0, 0, 1, 1, 1, 0])
    share, _ = regression(said.astype(float), person.astype(float), np.full(4, 0.25), mean=everywhere.mean(), slope=1.0)
    assert share == pytest.approx(everywhere.mean() + (person - said).mean()) == 0.375


@pytest.mark.parametrize("power", [1.0, 0.5])
def test_weighted_by_strata_its_point_is_that_of_ppi_py_too(power: float) -> None:
    # ppi-python 0.2.3: ppi_mean_pointestimate(y, f, every f, lam=power, w=weights). 30 with the code, 20 drawn; 90 without, 30 drawn.
    said, person = np.repeat([1.0, 0.0], [20, 30]), np.repeat([1.0, 0.0, 1.0, 0.0], [15, 5, 4, 26])
    weight = np.repeat([30 / 20, 90 / 30], [20, 30])
    share, _ = regression(said, person, weight / weight.sum(), mean=30 / 120, slope=power)
    assert share == pytest.approx(0.2875, abs=1e-12)


def test_a_sample_without_an_error_leaves_errors_possible() -> None:
    model = np.repeat([1.0, 0.0], [50, 450])
    human = np.where(np.arange(500) % 5 == 0, model, np.nan)
    result = corrected(Coded.of(model, human), scope=Scope.INTERVIEWS)
    assert isinstance(result, Prevalence)
    assert result.share == pytest.approx(0.1)
    assert result.interval.low < 0.095
    assert result.interval.high > 0.11


def test_what_a_person_coded_whole_is_known_and_only_the_people_are_uncertain() -> None:
    model, human = np.tile([1.0, 0.0], 20), np.tile([1.0, 0.0, 0.0, 0.0], 10)
    every = Coded.of(model, human)
    known, people = corrected(every, scope=Scope.INTERVIEWS), corrected(every)
    assert isinstance(known, Prevalence)
    assert isinstance(people, Prevalence)
    assert (known.share, *known.interval) == pytest.approx((0.25, 0.25, 0.25), abs=1e-12)
    assert known.assumes == (PEOPLE_RIGHT,)
    reference = raw(10, 40)
    assert isinstance(reference, Prevalence)
    assert tuple(people.interval) == pytest.approx(tuple(reference.interval))


def test_unequal_probabilities_are_weighed() -> None:
    # Where the model was unsure a person coded every interview, elsewhere every fourth.
    model, unsure = np.tile([1.0, 0.0], 60), np.arange(120) < 40
    truth = np.where(unsure, 1.0, 0.0)
    human = np.where(unsure | (np.arange(120) % 4 < 1) | (np.arange(120) % 4 == 1), truth, np.nan)
    chance = np.where(unsure, 1.0, 0.5)
    result = corrected(Coded.of(model, human, strata=unsure, probability=chance))
    assert isinstance(result, Prevalence)
    assert result.share == pytest.approx(40 / 120)


@pytest.mark.parametrize(
    ("checked", "inside", "reason"),
    [
        (np.arange(100) < 40, np.arange(100) >= 50, "no person coded any of these interviews"),
        (np.arange(100) < 55, np.arange(100) >= 50, "a person coded 5 of these interviews, 20 are needed"),
        (np.arange(100) < 40, np.arange(100) < 100, "no person coded any interview of stratum late"),
    ],
)
def test_without_human_labels_it_cannot_correct(checked: np.ndarray, inside: np.ndarray, reason: str) -> None:
    model = np.tile([1.0, 0.0], 50)
    coded = Coded.of(model, np.where(checked, model, np.nan), strata=np.where(np.arange(100) < 50, "early", "late"))
    assert corrected(coded, inside) == CannotCorrect(reason, int(inside.sum()), int((checked & inside).sum()))


def test_a_label_that_no_person_looked_at_cannot_be_corrected() -> None:
    model = np.repeat([1.0, 0.0], [7, 93])
    coded = Coded.of(model, np.where(np.arange(100) >= 50, 0.0, np.nan))
    assert corrected(coded) == CannotCorrect("no person coded any of the 7 of these interviews that the model gave the code", 100, 50)


@pytest.mark.parametrize(
    ("model", "human", "options", "fault"),
    [
        ([1, 0], [1], {}, "differ in length"),
        ([1, 2], [1, 0], {}, "model's labels"),
        ([1, 0], [1, 0.5], {}, "person's labels"),
        ([1, 0], [1, 0], {"probability": [0.5, 0]}, "probability"),
    ],
)
def test_what_is_no_label_or_no_probability_is_refused(model: list[int], human: list[float], options: dict[str, list[float]], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Coded.of(model, human, **options)


def test_smoothing_adds_a_right_and_a_wrong_one_to_each_label() -> None:
    said, person, chance = np.array([1.0] * 4 + [0.0] * 4), np.array([1.0] * 4 + [0.0] * 4), np.full(8, 0.5)
    one = smoothed(said, person, np.full(8, 1 / 8), chance, np.zeros(8, dtype=np.int64))
    # Of each label 4 of 4 right: rate 5/6, times 4/3, and (1 − 1/2) · 4 · (1/8)².
    assert one == pytest.approx(2 * (5 / 6) * (1 / 6) * (4 / 3) * 0.5 * 4 / 64)
    # Two strata a label: half of each addition goes to either, so 2 of 2 right is 2.5 of 3.
    two = smoothed(said, person, np.full(8, 1 / 8), chance, np.array([0, 0, 1, 1, 2, 2, 3, 3]))
    assert two == pytest.approx(4 * (5 / 6) * (1 / 6) * 2 * 0.5 * 2 / 64)


@pytest.mark.parametrize("k", [0, 1, 30, 100])
def test_where_a_person_coded_everyone_it_is_wilsons_interval_of_the_persons_share(k: int) -> None:
    human = np.repeat([1.0, 0.0], [k, 100 - k])
    result = corrected(Coded.of(np.roll(human, 20), human))
    people = raw(k, 100)
    assert isinstance(result, Prevalence)
    assert isinstance(people, Prevalence)
    assert (result.share, *result.interval) == pytest.approx((people.share, *people.interval), abs=1e-9)
