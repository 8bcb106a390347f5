"""What may be given to an answer, as tables."""

from datetime import timedelta
from typing import Any

import pytest

from analysis.by_hand.rules import COMMANDS, Draft, Marked, Progress, Wrong, checked, hot_keys, pace
from analysis.codebook import Dimension
from tests.analysis.talk import MOOD, WISH, WORRY

WISHES, WORRIES, MOODS = (Dimension.model_validate(each) for each in (WISH, WORRY, MOOD))
TEXTS = {4: "They take jobs."}
JOBS, LIES = Marked(code="jobs", turn=4, start=0, end=14), Marked(code="lies", turn=4, start=10, end=14)


@pytest.mark.parametrize(
    ("dimension", "given", "kept"),
    [
        (WORRIES, Draft(), Draft()),
        (WORRIES, Draft(codes=("lies", "jobs", "lies")), Draft(codes=("jobs", "lies"))),
        (WORRIES, Draft(codes=("none",), note="unsure"), Draft(codes=("none",), note="unsure")),
        (WORRIES, Draft(codes=("lies", "jobs"), quotes=(LIES, JOBS, LIES)), Draft(codes=("jobs", "lies"), quotes=(JOBS, LIES))),
        (WISHES, Draft(codes=("time",)), Draft(codes=("time",))),
        (MOODS, Draft(codes=("7",)), Draft(codes=("7",))),
    ],
)
def test_what_is_given_is_kept_in_the_codebooks_order(dimension: Dimension, given: Draft, kept: Draft) -> None:
    assert checked(given, dimension, TEXTS) == kept


@pytest.mark.parametrize(
    ("dimension", "given", "reason"),
    [
        (WORRIES, {"codes": ("time",)}, "has no code time"),
        (WORRIES, {"codes": ("jobs", "none")}, "stands alone"),
        (WISHES, {"codes": ("time", "money")}, "takes one code"),
        (MOODS, {"codes": ("1", "2")}, "takes one code"),
        (WORRIES, {"codes": ("lies",), "quotes": (JOBS,)}, "a code that was not given"),
        (WORRIES, {"codes": ("none",), "quotes": (JOBS.model_copy(update={"code": "none"}),)}, "a code that was not given"),
        (WORRIES, {"codes": ("jobs",), "quotes": (JOBS.model_copy(update={"end": 16}),)}, "not the participant's"),
        (WORRIES, {"codes": ("jobs",), "quotes": (JOBS.model_copy(update={"start": 14}),)}, "not the participant's"),
        (WORRIES, {"codes": ("jobs",), "quotes": (JOBS.model_copy(update={"start": 4, "end": 5}),)}, "not the participant's"),
        (WORRIES, {"codes": ("jobs",), "quotes": (JOBS.model_copy(update={"turn": 3}),)}, "not the participant's"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_the_rule(dimension: Dimension, given: dict[str, Any], reason: str) -> None:
    with pytest.raises(Wrong, match=reason):
        checked(Draft(**given), dimension, TEXTS)


def test_every_code_has_a_key_that_commands_nothing() -> None:
    many = Dimension.model_validate(
        {"key": "m", "title": "M", "shape": "multiple", "codes": [{"key": k, "label": k} for k in ("none", *map(str, range(40)))]}
    )
    keys = hot_keys(many)
    assert (keys["none"], keys["0"], keys["8"], keys["9"], keys["10"]) == ("0", "1", "9", "a", "b")
    assert not set(keys.values()) & set(COMMANDS)
    assert len(set(keys.values())) == len(keys) == 31


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [([], None), ([3600], None), ([10, 20, 3600, 30], 20), ([900.0] * 5 + [599], 599), ([1000] + [500] * 30 + [10] * 20, 10)],
)
def test_the_pace_leaves_breaks_out(seconds: list[float], expected: float | None) -> None:
    assert pace([timedelta(seconds=each) for each in seconds]) == expected


@pytest.mark.parametrize(("progress", "left"), [((37, 200, 0, 30.0), 82), ((200, 200, 0, 30.0), 0), ((0, 10, 0, None), None), ((9, 10, 0, 2.0), 1)])
def test_how_long_is_left(progress: tuple[Any, ...], left: int | None) -> None:
    assert Progress(*progress).minutes_left == left
