"""Who named a thing first, as tables."""

import pytest

from analysis.elicited import Put, elicited, naming_words
from tests.analysis.test_touched import dimension

FEARS = dimension().model_copy(
    update={
        "title": "What people fear of AI",
        "codes": tuple(
            code.model_copy(update={"label": label})
            for code, label in zip(dimension().codes, ("Jobs and economy", "Bias of AI", "Fear of missing out", "No fear named"), strict=True)
        ),
    }
)


def turns(*said: str | None) -> list[Put]:
    """The interviewer speaks first."""
    return [Put(place, place % 2 == 0, text) for place, text in enumerate(said, start=1)]


@pytest.mark.parametrize(("code", "words"), [("a", {"jobs", "economy"}), ("b", {"bias"}), ("c", {"missing"})])
def test_a_code_is_named_by_the_words_that_only_its_label_has(code: str, words: set[str]) -> None:
    assert naming_words(FEARS, code) == words


@pytest.mark.parametrize(
    ("said", "evidence", "result"),
    [
        (["What do you fear?", "My job will go."], {2}, "spontaneous"),
        (["Do you fear for your job?", "Yes, it will go."], {2}, "prompted"),
        (["What do you fear?", "My job will go.", "What of your job?", "They will sack me."], {2, 4}, "spontaneous"),
        (["What do you fear?", "My job will go.", "What of your job?", "They will sack me."], {4}, "spontaneous"),
        (["What do you fear?", "Much.", "The ECONOMY, perhaps?", "That too."], {4}, "prompted"),
        ([None, "My job will go."], {2}, ""),
        (["Do you fear for your job?", None, None, "It will go."], {4}, "prompted"),
        (["What is a jobless day?", "It will go."], {2}, "spontaneous"),
        (["Do you fear for your job?", "Yes."], set(), ""),
    ],
)
def test_a_thing_is_prompted_where_the_interviewer_named_it_first(said: list[str | None], evidence: set[int], result: str) -> None:
    assert elicited(frozenset({"jobs", "economy"}), evidence, turns(*said)) == result


def test_a_label_without_words_of_its_own_tells_nothing() -> None:
    assert elicited(frozenset(), {2}, turns("Jobs?", "Jobs.")) == ""
