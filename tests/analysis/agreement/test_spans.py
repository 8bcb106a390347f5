"""Overlap of marked spans, counted in characters."""

import pytest

from analysis.agreement import Estimate, MarkedText, TooFew, Undefined, krippendorff_alpha, span_alpha, span_f1
from tests.analysis.agreement.tables import crossed

# Of 20 texts of 10 characters both marked 3, the first 1 more, the second 2 more: 60, 20, 40 and 80 characters.
TEXTS = [MarkedText(10, [(0, 2), (2, 4)], [(1, 6)])] * 20


def test_f1_is_twice_the_common_characters_over_all_that_were_marked() -> None:
    result = span_f1(TEXTS)
    assert isinstance(result, Estimate)
    assert (result.value, result.n) == (pytest.approx(120 / 180), 20)


def test_span_alpha_is_the_alpha_of_a_table_with_a_row_for_every_character() -> None:
    by_character, by_text = krippendorff_alpha(crossed([[80, 40], [20, 60]])), span_alpha(TEXTS)
    assert isinstance(by_character, Estimate)
    assert isinstance(by_text, Estimate)
    assert by_text.value == pytest.approx(by_character.value, abs=1e-12)


def test_texts_are_resampled_not_characters() -> None:
    half = [MarkedText(100, [(0, 50)], [(0, 50)])] * 10 + [MarkedText(100, [(0, 50)], [(50, 100)])] * 10
    result = span_f1(half)
    assert isinstance(result, Estimate)
    assert result.value == 0.5
    # A share of 10 in 20 texts, not of 1,000 in 2,000 characters.
    assert tuple(result.interval) == pytest.approx((0.3, 0.7), abs=0.06)


def test_where_nobody_marked_anything_there_is_nothing_to_overlap() -> None:
    blank = [MarkedText(10, [], [])] * 12
    assert span_f1(blank) == Undefined(12, "nobody marked anything")
    assert span_alpha(blank) == Undefined(12, "every character is marked, or none is")
    assert span_f1(TEXTS[:9]) == TooFew(9, 10)


@pytest.mark.parametrize("span", [(-1, 2), (3, 3), (4, 11)])
def test_a_span_outside_its_text_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no such span in a text of 10 characters"):
        span_f1([MarkedText(10, [span], [])])
