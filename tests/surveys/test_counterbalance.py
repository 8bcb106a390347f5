"""Hopes first or fears first: one click writes the two arms, one takes them back."""

from collections import Counter

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from surveys import publishing, routing
from surveys.guide import Guide
from surveys.planning.counterbalance import arms, balanced
from surveys.publishing import load
from tests.guides import guide, question

SECTIONS = ["start", "hopes", "fears", "end"]
FOUR = guide(question("a")).model_dump(mode="json") | {"sections": [{"key": key, "questions": [question(f"{key}_q")]} for key in SECTIONS]}
BOTH = [{"key": "hopes_first", "sections_first": ["start", "hopes"]}, {"key": "fears_first", "sections_first": ["start", "fears"]}]


@pytest.mark.parametrize(
    ("one", "other", "shuffled", "first"),
    [
        ("hopes", "fears", False, [["start", "hopes"], ["start", "fears"]]),
        ("fears", "hopes", False, [["start", "hopes"], ["start", "fears"]]),
        ("start", "end", False, [["start"], ["end"]]),
        ("hopes", "fears", True, [["hopes"], ["fears"]]),
    ],
)
def test_each_section_comes_first_in_one_arm(one: str, other: str, shuffled: bool, first: list[list[str]]) -> None:
    made = arms(SECTIONS, one, other, shuffled=shuffled)
    assert [arm["sections_first"] for arm in made] == first
    assert balanced(made) == (first[0][-1], first[1][-1])


@pytest.mark.parametrize(
    "other", [[], BOTH[:1], [BOTH[0], BOTH[0]], [BOTH[0], BOTH[1] | {"weight": 2}], [BOTH[0], {"key": "calm", "manner": "Slowly."}]]
)
def test_other_arms_are_no_counterbalancing(other: list[dict[str, object]]) -> None:
    assert balanced(other) is None


def test_interviews_are_spread_evenly_over_the_two_orders() -> None:
    balanced_guide = Guide.model_validate(FOUR | {"arms": BOTH})
    orders: Counter[tuple[str, ...]] = Counter()
    for number in range(20):
        arm = routing.arm(balanced_guide, seed="s", number=number)
        orders[routing.order(balanced_guide, arm, seed="s", number=number)] += 1
    assert orders == {("start_q", "hopes_q", "fears_q", "end_q"): 10, ("start_q", "fears_q", "hopes_q", "end_q"): 10}


@pytest.mark.django_db
def test_one_click_writes_the_arms_and_one_takes_them_back(client: Client) -> None:
    client.force_login(User.objects.create_superuser("researcher"))
    survey = load(Guide.model_validate(FOUR), slug="tea")
    address = reverse("admin:surveys_survey_counterbalance", args=[survey.pk])

    def click(**chosen: str) -> tuple[object, str]:
        page = client.post(address, chosen, follow=True).content.decode()
        survey.refresh_from_db()
        return survey.arms, page

    assert click(one="hopes", other="hopes")[0] == []
    made, page = click(one="hopes", other="fears")
    assert (made, "“hopes” comes first in one half" in page) == (BOTH, True)
    assert [arm.key for arm in publishing.draft(survey).arms] == ["hopes_first", "fears_first"]
    assert "has arms already" in click(one="start", other="end")[1]
    assert click(undo="yes")[0] == []
