"""Arms, order and conditions."""

from collections import Counter
from typing import Any

import pytest
from pydantic import ValidationError

from surveys.guide import Condition, Guide
from surveys.routing import applies, arm, order
from tests.guides import TEXTS, guide, question

SORT = question("sort", "single", options=["green", "black"], labels=["Green", "Black"])
CUPS = question("cups", "number", minimum=0)


def sectioned(**fields: Any) -> Guide:
    sections = [{"key": key, "questions": [question(f"{key}_{n}") for n in (1, 2, 3)]} for key in ("hopes", "fears", "facts")]
    return Guide.model_validate(
        {"title": "T", "languages": ["en"], "texts": {"en": TEXTS}, "sections": [section | fields.pop(section["key"], {}) for section in sections]}
        | fields
    )


def test_without_arms_and_chance_the_guide_stands_as_written() -> None:
    written = sectioned()
    assert arm(written, seed="s", number=5) is None
    assert order(written, None, seed="s", number=5) == tuple(question.key for question in written.questions)


def test_every_block_holds_each_arm_by_its_weight() -> None:
    experiment = sectioned(arms=[{"key": "a", "weight": 2}, {"key": "b"}])
    drawn = [arm(experiment, seed="s", number=number) for number in range(300)]
    keys = [each.key for each in drawn if each]
    assert all(Counter(keys[start : start + 3]) == {"a": 2, "b": 1} for start in range(0, 300, 3))
    assert len({tuple(keys[start : start + 3]) for start in range(0, 300, 3)}) == 3


def test_an_arm_says_which_sections_come_first() -> None:
    experiment = sectioned(arms=[{"key": "fears_first", "sections_first": ["fears"]}, {"key": "hopes_first", "sections_first": ["hopes"]}])
    first = {each.key: order(experiment, each, seed="s", number=0)[0] for each in experiment.arms}
    assert first == {"fears_first": "fears_1", "hopes_first": "hopes_1"}


def test_an_arm_leaves_out_the_questions_it_names() -> None:
    experiment = sectioned(arms=[{"key": "short", "leave_out": ["fears_1", "hopes_2"]}])
    asked = order(experiment, experiment.arms[0], seed="s", number=0)
    assert set(order(experiment, None, seed="s", number=0)) - set(asked) == {"fears_1", "hopes_2"}


@pytest.mark.parametrize(
    ("arm", "problem"),
    [
        ({"leave_out": ["tea"]}, "arm 'short': there is no question 'tea'"),
        ({"sections_first": ["tea"]}, "arm 'short': there is no section 'tea'"),
        ({"leave_out": [f"{section}_{place}" for section in ("fears", "hopes", "facts") for place in (1, 2, 3)]}, "it leaves out every question"),
    ],
)
def test_an_arm_names_what_there_is(arm: dict[str, list[str]], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        sectioned(arms=[{"key": "short"} | arm])


def test_random_order_is_repeatable_and_uses_every_order() -> None:
    shuffled = sectioned(order="random", fears={"order": "random"})
    orders = [order(shuffled, None, seed="s", number=number) for number in range(200)]
    assert orders == [order(shuffled, None, seed="s", number=number) for number in range(200)]
    assert {len(set(each)) for each in orders} == {9}
    assert len({tuple(key.split("_")[0] for key in each[::3]) for each in orders}) == 6
    assert len({tuple(key for key in each if key.startswith("fears")) for each in orders}) == 6
    assert {tuple(key for key in each if key.startswith("hopes")) for each in orders} == {("hopes_1", "hopes_2", "hopes_3")}


@pytest.mark.parametrize(
    ("condition", "answers", "profile", "expected"),
    [
        ({"question": "sort", "any_of": ["green"]}, {"sort": "green"}, {}, True),
        ({"question": "sort", "any_of": ["green"]}, {"sort": "black"}, {}, False),
        ({"question": "sort", "any_of": ["green"]}, {}, {}, False),
        ({"question": "sort", "any_of": ["green"]}, {"sort": ["black", "green"]}, {}, True),
        ({"question": "cups", "any_of": ["3"]}, {"cups": 3}, {}, True),
        ({"question": "cups", "at_least": 2}, {"cups": 2}, {}, True),
        ({"question": "cups", "at_least": 2, "at_most": 3}, {"cups": 4}, {}, False),
        ({"question": "cups", "at_least": 0}, {"cups": 0}, {}, True),
        ({"profile": "country", "any_of": ["KE", "TZ"]}, {}, {"country": "TZ"}, True),
        ({"profile": "country", "any_of": ["KE", "TZ"]}, {}, {"country": ""}, False),
    ],
)
def test_conditions_hold_or_do_not(condition: dict[str, Any], answers: dict[str, Any], profile: dict[str, str], expected: bool) -> None:
    asked = guide(SORT, CUPS, question("why", ask_if=[condition])).question("why")
    assert applies(asked, answers, profile) is expected


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ({"question": "sort"}, "either answers or limits"),
        ({"any_of": ["x"]}, "either a question or a profile field"),
        ({"question": "later", "any_of": ["x"]}, "no closed question before it"),
        ({"question": "sort", "any_of": ["red"]}, "has no option 'red'"),
    ],
)
def test_routes_that_lead_nowhere_are_refused(condition: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        guide(SORT, question("why", ask_if=[condition]))


def test_a_condition_reads_like_yaml() -> None:
    assert Condition.model_validate({"profile": "age_band", "any_of": ["65+"]}).profile == "age_band"
