from decimal import Decimal

import pytest

from llm.base import Usage
from llm.usage import cost_usd

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("model", "usage", "dollars"),
    [
        ("claude-sonnet-5-5", Usage(input=MILLION), "2"),
        ("claude-sonnet-5-5", Usage(output=MILLION), "10"),
        ("claude-sonnet-5-5", Usage(cache_read=MILLION), "0.2"),
        ("claude-sonnet-5-5", Usage(cache_write=MILLION), "2.5"),
        ("claude-sonnet-4-6", Usage(input=MILLION, output=MILLION), "18"),
        ("claude-haiku-5-5", Usage(input=MILLION, output=MILLION), "0.6"),
        ("claude-haiku-4-5-20251001", Usage(input=MILLION, output=MILLION), "6"),
        ("claude-opus-5-5", Usage(input=MILLION, output=MILLION), "24"),
        ("claude-opus-4-8", Usage(input=MILLION, output=MILLION), "30"),
        ("claude-sonnet-5-5", Usage(input=1200, cache_read=3000, cache_write=400, output=80), "0.004800"),
        ("claude-sonnet-5-5", Usage(input=1), "0.000002"),
        ("claude-sonnet-5-5", Usage(), "0"),
        ("offline", Usage(input=MILLION, output=MILLION), "0"),
    ],
)
def test_a_call_costs_its_tokens_at_the_price_of_its_model(model: str, usage: Usage, dollars: str) -> None:
    assert cost_usd(model, usage) == Decimal(dollars)


@pytest.mark.parametrize("model", ["", "some-other-model", "my-claude-sonnet"])
def test_a_model_without_a_price_has_no_known_cost(model: str) -> None:
    assert cost_usd(model, Usage(input=MILLION)) is None


def test_the_most_exact_price_that_is_given_wins() -> None:
    prices = {"claude-sonnet-5-5": ("1", "1"), "gateway/": ("7", "0")}
    calls = ("claude-sonnet-5-5-20260901", "claude-sonnet-5", "gateway/any")
    assert [cost_usd(model, Usage(input=MILLION), prices) for model in calls] == [Decimal(1), Decimal(2), Decimal(7)]
