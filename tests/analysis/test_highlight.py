"""Marks in a text: overlapping spans, and the words around a quote."""

from analysis.highlight import Excerpt, Piece, Span, excerpt, pieces


def test_overlapping_spans_are_cut_into_pieces_that_follow_one_another() -> None:
    one, two = Span(0, 5, "one"), Span(3, 8, "two")
    assert pieces("abcdefghij", [one, two]) == (
        Piece("abc", (one,)),
        Piece("de", (one, two), (one,)),
        Piece("fgh", (two,), (two,)),
        Piece("ij"),
    )


def test_places_are_code_points_so_emoji_and_arabic_count_as_written() -> None:
    span = Span(2, 6, "x")
    assert [piece.text for piece in pieces("👩 أخشى.", [span])] == ["👩 ", "أخشى", "."]


def test_a_span_that_the_text_does_not_hold_is_left_out() -> None:
    assert pieces("abc", [Span(2, 9, "late"), Span(1, 1, "empty")]) == (Piece("abc"),)


def test_an_empty_text_has_no_pieces() -> None:
    assert pieces("", []) == ()


def test_an_excerpt_says_where_words_are_left_out() -> None:
    assert excerpt("one two three four five", 8, 13, around=6) == Excerpt("…two ", "three", " four…")


def test_a_short_text_is_shown_whole() -> None:
    assert excerpt("I fear it.", 2, 6) == Excerpt("I ", "fear", " it.")
