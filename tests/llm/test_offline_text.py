"""Text in any script: sentences that are exact substrings, lengths, quotation marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.offline.text import growing, sentences, shortened, weight


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes. It cost 3.5 euros! “Really?” Fine", ["Yes.", "It cost 3.5 euros!", "“Really?”", "Fine"]),
        ("我不会编程。但它帮我！好吗？", ["我不会编程。", "但它帮我！", "好吗？"]),
        ("هل هذا جيد؟ نعم.", ["هل هذا جيد؟", "نعم."]),
        ("मेरा काम। और घर।", ["मेरा काम।", "और घर।"]),
        ("one line\nanother … ... 42", ["one line", "another …"]),
    ],
)
def test_sentences_end_where_their_script_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(max_size=700))
def test_sentences_are_substrings_and_saying_a_text_piece_by_piece_says_all_of_it(text: str) -> None:
    assert [sentence for sentence in sentences(text) if sentence not in text] == []
    assert ["", *growing(text)][-1] == text


def test_a_long_sentence_is_cut_at_its_commas() -> None:
    parts = sentences("so it went on and on, " * 40)
    assert len(parts) > 2
    assert max(map(len, parts)) <= 300


@pytest.mark.parametrize(("text", "words"), [("more time, please", 3), ("家族と過ごす", 3), ("", 0)])
def test_two_letters_without_spaces_weigh_one_word(text: str, words: float) -> None:
    assert weight(text) == words


@pytest.mark.parametrize(
    ("text", "limit", "expected"), [("one two three", 13, "one two three"), ("one two three", 9, "one two…"), ("家族と過ごす時間", 5, "家族と過…")]
)
def test_a_text_is_shortened_between_words(text: str, limit: int, expected: str) -> None:
    assert shortened(text, limit) == expected
