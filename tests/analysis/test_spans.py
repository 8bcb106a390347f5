"""A quote counts where the text holds it but for typography, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.spans import locate


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("more time", "I want more time.", "more time"),
        ("More Time", "I want more time.", "more time"),
        ("don't  want\nit", "I don’t want it", "don’t want it"),
        ('the "best" cup', "the “best” cup", "the “best” cup"),
        ("“more time”", "I want more time.", "more time"),
        ("… more time …", "I want more time.", "more time"),
        ("more time...", "I want more time.", "more time"),
        ("[...] more time", "I want more time.", "more time"),
        ("cafe\u0301 noir", "un café noir", "café noir"),
        ("café noir", "un cafe\u0301 noir", "cafe\u0301 noir"),
        ("strasse", "eine Straße hier", "Straße"),
        ("ＡＩ", "the AI", "AI"),
        ("時間がほしい", "もっと時間がほしいです。", "時間がほしい"),
        ("أريد وقتا", "نعم، أريد وقتا أكثر", "أريد وقتا"),
        ("می خواهم", "من می خواهم", "می خواهم"),
        ("میخواهم", "من می\u200cخواهم", "می\u200cخواهم"),
        ("well-being", "my well–being", "well–being"),
        ("하늘", "파란 하늘", "하늘"),
        ("🙂 yes", "🙂🙂 yes", "🙂 yes"),
    ],
)
def test_a_quote_is_found_with_the_originals_words(quote: str, text: str, found: str) -> None:
    span = locate(quote, text)
    assert span is not None
    assert text[slice(*span)] == found


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("less time", "I want more time."),
        ("more money", "I want more time."),
        ("I want time", "I want more time."),
        ("", "I want more time."),
        ("…", "I want more time…"),
        ("“”", "“” I want more time."),
        ("wanting", "want"),
        ("time", ""),
    ],
)
def test_what_the_text_does_not_hold_is_not_found(quote: str, text: str) -> None:
    assert locate(quote, text) is None


def test_offsets_count_code_points() -> None:
    assert locate("time", "🙂 time") == (2, 6)


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_every_piece_of_a_text_is_found_in_it(before: str, quote: str, after: str) -> None:
    quote = f"x{quote}x"
    span = locate(quote, before + quote + after)
    assert span is not None
    assert (before + quote + after)[slice(*span)] == quote
