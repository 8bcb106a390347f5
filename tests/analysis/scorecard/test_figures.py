"""A survey's figures are those that a direct computation over its interviews gives, and groups that differ are found."""

import random
from math import sqrt

import pytest

from analysis.scorecard.comparison import difference, differences
from analysis.scorecard.figures import By, Figure, Sums, figures, sums_by, together
from analysis.scorecard.measures import BY_KEY, FEWEST, Score
from analysis.scorecard.records import Scorecard, as_fields
from analysis.statistics import wilson
from surveys.models import Survey
from tests.conftest import make_interview, make_survey
from tests.guides import TWO_OPEN

NOTHING: dict[str, Score] = {key: Score() for key in BY_KEY}


def made_of(measure: str, scores: list[Score]) -> Figure:
    return Figure(
        BY_KEY[measure],
        Sums(
            len(scores),
            sum(score.part > 0 for score in scores),
            sum(score.part for score in scores),
            sum(score.of for score in scores),
            sum(score.part**2 for score in scores),
            sum(score.of**2 for score in scores),
            sum(score.part * score.of for score in scores),
        ),
    )


def card(survey: Survey, arm: str = "", language: str = "en", origin: str = "live", model: str = "m", **scores: Score) -> Scorecard:
    interview = make_interview(survey, language=language, origin=origin)
    type(interview).objects.filter(pk=interview.pk).update(arm=arm, status="completed", awaiting="nobody")
    return Scorecard.objects.create(interview=interview, model=model, **as_fields(NOTHING | {"turns": Score(20, 1)} | scores))


def test_a_mean_has_the_interval_of_students_t() -> None:
    values = [3.0, 5.0, 4.0, 6.0, 8.0, 2.0, 5.0, 7.0, 4.0, 6.0]
    figure = made_of("minutes", [Score(value, 1) for value in values])
    spread = sqrt(sum((value - 5) ** 2 for value in values) / 9 / 10)
    assert figure.value == 5
    assert figure.interval == pytest.approx((5 - 2.2622 * spread, 5 + 2.2622 * spread), abs=1e-3)


def test_the_interval_of_a_share_takes_interviews_as_units_and_holds_the_truth_as_often_as_it_says() -> None:
    rng = random.Random(7)
    held = 0
    for _ in range(400):
        people = [(rng.betavariate(1, 3), rng.randint(2, 9)) for _ in range(60)]  # turns of one interview are alike
        figure = made_of("took_up", [Score(sum(rng.random() < share for _ in range(of)), of) for share, of in people])
        assert figure.interval is not None
        held += figure.interval.low <= 0.25 <= figure.interval.high
    assert 0.92 <= held / 400 <= 0.98


def test_what_never_happened_has_wilsons_interval_over_the_interviews() -> None:
    assert made_of("praise", [Score(0, 10)] * 40).interval == wilson(0, 40)
    assert made_of("coverage", [Score(4, 4)] * 40).interval == wilson(40, 40)


def test_behind_few_interviews_there_is_no_figure() -> None:
    few, enough = made_of("praise", [Score(0, 10)] * (FEWEST - 1)), made_of("praise", [Score(0, 10)] * FEWEST)
    assert (few.value, few.interval, few.some, enough.value) == (None, None, None, 0)
    assert difference(few, enough) is None


def test_a_difference_is_marked_where_it_is_more_than_chance_among_all_compared() -> None:
    praising, fair = made_of("praise", [Score(2, 10)] * 50), made_of("praise", [Score(0, 10), Score(1, 10)] * 25)
    found = difference(praising, fair)
    assert found is not None
    assert (found.value, found.interval.low > 0, found.probability < 0.001) == (pytest.approx(0.15), True, True)
    same = {key: Figure(BY_KEY[key], Sums()) for key in BY_KEY}
    marks = differences({"a": same | {"praise": fair}, "b": same | {"praise": praising}, "c": same | {"praise": fair}}, "a")
    assert {place: made.marked for place, made in marks.items()} == {("b", "praise"): True, ("c", "praise"): False}


@pytest.mark.django_db
def test_the_database_adds_up_what_is_counted_by_group_and_by_origin() -> None:
    survey, other = make_survey(TWO_OPEN), make_survey(TWO_OPEN, slug="other")
    rows = [("a", "en", Score(1, 4)), ("a", "ar", Score(3, 4)), ("b", "en", Score(0, 2)), ("b", "en", Score())]
    for arm, language, praise in rows:
        card(survey, arm, language, praise=praise)
    card(survey, "a", origin="simulated", praise=Score(9, 9))
    card(other, "a", praise=Score(9, 9))
    by_arm = {arm: sums["praise"] for arm, sums in sums_by(survey, ["live"], By.ARM).items()}
    assert by_arm == {"a": Sums(2, 2, 4, 8, 10, 32, 16), "b": Sums(1, 0, 0, 2, 0, 4, 0)}
    assert sums_by(survey, ["live"], By.LANGUAGE).keys() == {"en", "ar"}
    assert sums_by(survey, ["live"], By.GUIDE).keys() == {"1"}
    whole = sums_by(survey, ["live"], By.NOTHING)[""]
    assert together(sums_by(survey, ["live"], By.ARM).values()) == whole
    assert figures(whole)["turns"].sums.of == 4
