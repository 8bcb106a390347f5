"""In many simulated surveys the corrected interval holds the truth as often as it says, and the raw one does not."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.estimation import Checked, Coded, Prevalence, Scope, corrected, raw, rogan_gladen

SURVEYS = 1000
PEOPLE = 2000
Draw = Callable[[NDArray[np.int64], NDArray[np.bool_]], NDArray[np.int64]]
SHARES = np.array([0.6, 0.3, 0.1])  # of people, by language; the theme and the model's error differ by language
THEME = np.array([0.30, 0.20, 0.40])
SENSITIVITY = np.array([0.85, 0.70, 0.60])
SPECIFICITY = np.array([0.97, 0.95, 0.90])


def one_stratum(language: NDArray[np.int64], said: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.zeros_like(language)


def by_label(language: NDArray[np.int64], said: NDArray[np.bool_]) -> NDArray[np.int64]:
    return said.astype(np.int64)


def by_language_and_label(language: NDArray[np.int64], said: NDArray[np.bool_]) -> NDArray[np.int64]:
    return 2 * language + said


def survey(rng: np.random.Generator, draw: Draw, each: int) -> tuple[Coded, NDArray[np.int64], NDArray[np.bool_]]:
    """People of three languages, what the model says, and a human sample of `each` from every stratum."""
    language = rng.choice(3, PEOPLE, p=SHARES)
    truth = rng.random(PEOPLE) < THEME[language]
    said = rng.random(PEOPLE) < np.where(truth, SENSITIVITY[language], 1 - SPECIFICITY[language])
    strata = draw(language, said)
    human = np.full(PEOPLE, np.nan)
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        sample = rng.permutation(members)[:each]
        human[sample] = truth[sample]
    return Coded.of(said, human, strata=strata), language, truth


def covers(result: object, truth: float) -> bool:
    assert isinstance(result, Prevalence), result
    return result.interval.low <= truth <= result.interval.high


@pytest.mark.parametrize(("draw", "each"), [(one_stratum, 300), (by_label, 150)])
def test_the_corrected_interval_covers_the_truth_and_the_raw_one_does_not(draw: Draw, each: int) -> None:
    rng = np.random.default_rng(41)
    of_people, of_interviews, of_raw = 0, 0, 0
    for _ in range(SURVEYS):
        coded, _, truth = survey(rng, draw, each)
        of_people += covers(corrected(coded), float(SHARES @ THEME))
        of_interviews += covers(corrected(coded, scope=Scope.INTERVIEWS), float(truth.mean()))
        of_raw += covers(raw(int(coded.model.sum()), PEOPLE), float(SHARES @ THEME))
    assert 0.93 <= of_people / SURVEYS <= 0.97
    assert 0.93 <= of_interviews / SURVEYS <= 0.97
    assert of_raw / SURVEYS < 0.30


def test_in_strata_that_differ_much_the_corrected_interval_is_rather_too_wide() -> None:
    rng = np.random.default_rng(41)
    surveys = [survey(rng, by_language_and_label, 60)[0] for _ in range(SURVEYS)]
    assert 0.93 <= sum(covers(corrected(coded), float(SHARES @ THEME)) for coded in surveys) / SURVEYS <= 0.99


def test_where_errors_are_too_rare_to_be_sampled_the_corrected_interval_still_covers() -> None:
    """A theme of 3 %, a model that misses three in ten, 100 of each label checked: unsmoothed, 7 intervals in 10 would cover it."""
    rng = np.random.default_rng(53)
    covered = 0
    for _ in range(SURVEYS):
        truth = rng.random(PEOPLE) < 0.03
        said = rng.random(PEOPLE) < np.where(truth, 0.7, 0.01)
        human = np.full(PEOPLE, np.nan)
        for label in (True, False):
            sample = rng.permutation(np.flatnonzero(said == label))[:100]
            human[sample] = truth[sample]
        covered += covers(corrected(Coded.of(said, human, strata=said)), 0.03)
    assert covered / SURVEYS >= 0.93


def test_it_covers_the_truth_of_one_language_where_the_sample_was_drawn_across_all() -> None:
    rng = np.random.default_rng(43)
    of_corrected, of_raw = 0, 0
    for _ in range(SURVEYS):
        coded, language, _ = survey(rng, by_label, 250)
        inside = language == 1
        of_corrected += covers(corrected(coded, inside), THEME[1])
        of_raw += covers(raw(int(coded.model[inside].sum()), int(inside.sum())), THEME[1])
    assert 0.93 <= of_corrected / SURVEYS <= 0.97
    assert of_raw / SURVEYS < 0.93


def test_rogan_gladen_covers_the_truth_where_sensitivity_and_specificity_were_found_on_samples() -> None:
    rng = np.random.default_rng(47)
    people, truth, sensitivity, specificity = 1000, 0.2, 0.75, 0.9
    of_corrected, of_raw = 0, 0
    for _ in range(SURVEYS):
        k = int(rng.binomial(people, truth * sensitivity + (1 - truth) * (1 - specificity)))
        found = Checked(int(rng.binomial(120, sensitivity)), 120), Checked(int(rng.binomial(200, specificity)), 200)
        of_corrected += covers(rogan_gladen(k, people, *found), truth)
        of_raw += covers(raw(k, people), truth)
    assert 0.93 <= of_corrected / SURVEYS <= 0.97
    assert of_raw / SURVEYS < 0.5
