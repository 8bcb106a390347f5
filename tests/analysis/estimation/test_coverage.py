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


STRATA = 12  # language × label × how sure the model is


def stratified_survey(rng: np.random.Generator, method: str, drawn: int) -> tuple[Coded, float]:
    """A coder that is biased, otherwise in each language, and errs more where it is less sure; a sample of every stratum by the given allocation."""
    language = rng.choice(3, PEOPLE, p=SHARES)
    truth = rng.random(PEOPLE) < THEME[language]
    sure = rng.random(PEOPLE) < 0.6
    sensitivity = np.where(sure, np.minimum(SENSITIVITY[language] + 0.1, 1), SENSITIVITY[language] - 0.15)
    specificity = np.where(sure, np.minimum(SPECIFICITY[language] + 0.02, 1), SPECIFICITY[language] - 0.03)
    said = rng.random(PEOPLE) < np.where(truth, sensitivity, 1 - specificity)
    strata = 4 * language + 2 * said + sure
    size = np.bincount(strata, minlength=STRATA)
    weight = size if method == "proportional" else np.ones(STRATA)
    take = np.maximum(2, np.round(drawn * weight / weight.sum())).astype(int)
    human = np.full(PEOPLE, np.nan)
    for stratum in range(STRATA):
        sample = rng.permutation(np.flatnonzero(strata == stratum))[: take[stratum]]
        human[sample] = truth[sample]
    return Coded.of(said, human, strata=strata), float(truth.mean())


@pytest.mark.parametrize("method", ["proportional", "equal"])
def test_stratified_by_language_label_and_confidence_it_covers_the_truth_as_often_as_it_says(method: str) -> None:
    rng, surveys = np.random.default_rng(61), 1500
    of_people, of_interviews, of_raw = 0, 0, 0
    for _ in range(surveys):
        coded, share = stratified_survey(rng, method, drawn=300)
        of_people += covers(corrected(coded), float(SHARES @ THEME))
        of_interviews += covers(corrected(coded, scope=Scope.INTERVIEWS), share)
        of_raw += covers(raw(int(coded.model.sum()), PEOPLE), float(SHARES @ THEME))
    assert 0.93 <= of_people / surveys <= 0.97
    assert 0.93 <= of_interviews / surveys <= 0.97
    assert of_raw / surveys < 0.30


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
