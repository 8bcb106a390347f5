"""Whose words may go by batch: those who have read the sentence that says so."""

import pytest

from surveys.batching import covers, sentences
from surveys.models import Survey

WRITTEN = "It may be kept\u00a0for 30 days.\n\n  Es darf 30 Tage\tbleiben. "


@pytest.mark.parametrize(
    ("consent", "covered"),
    [
        ("I agree. It may be\nkept for 30 days. Thank you.", True),
        ("Ja. Es darf 30 Tage bleiben.", True),
        ("I agree. It may be kept for 300 days.", False),
        ("", False),
    ],
)
def test_the_text_that_was_read_has_to_hold_one_of_the_sentences(consent: str, covered: bool) -> None:
    assert covers(consent, sentences(WRITTEN)) is covered


def test_no_sentence_allows_nothing() -> None:
    assert not covers("I agree to everything.", sentences(" \n "))


def test_batches_are_off_until_somebody_allows_them() -> None:
    survey = Survey()
    assert (survey.batches_allowed, survey.code_from) == (False, "original")
