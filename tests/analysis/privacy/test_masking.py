"""Labels in place of words, and the way between places in the original and places in what is shown."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from analysis.privacy.masking import Hidden, Kind, Shown, joined

TEXT = "I am Maria, maria@x.org."
SHOWN = Shown(TEXT, (Hidden(5, 10, Kind.NAME), Hidden(12, 23, Kind.EMAIL)))


@st.composite
def masked(draw: st.DrawFn) -> tuple[Shown, int, int]:
    text = draw(st.text(min_size=1, max_size=60))
    place = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(place, place, st.sampled_from(Kind)), max_size=6))
    start, end = sorted(draw(st.tuples(place, place)))
    return Shown(text, joined([Hidden(*sorted(span[:2]), span[2]) for span in spans], len(text))), start, end


def test_labels_stand_for_the_words() -> None:
    assert SHOWN.text == "I am [name], [e-mail]."


def test_a_span_that_cuts_a_mask_takes_in_all_of_it() -> None:
    assert SHOWN.part(0, 7) == "I am [name]"
    assert SHOWN.part(7, 15) == "[name], [e-mail]"
    assert SHOWN.to_original(2, 8) == (2, 10)
    assert SHOWN.to_original(5, 11) == (5, 10)
    assert SHOWN.to_original(11, 22) == (10, 24)


def test_what_overlaps_is_one_mask_and_what_lies_outside_is_none() -> None:
    found = [Hidden(3, 9, Kind.NAME), Hidden(0, 5, Kind.PHONE), Hidden(9, 10, Kind.ID), Hidden(8, 40, Kind.LINK), Hidden(4, 4, Kind.CARD)]
    assert joined(found, 12) == (Hidden(0, 9, Kind.PHONE), Hidden(9, 10, Kind.ID))


@given(masked())
def test_every_span_of_the_original_has_its_place_and_back_it_only_grows_by_masks_it_cuts(case: tuple[Shown, int, int]) -> None:
    shown, start, end = case
    left, right = shown.to_shown(start, end)
    assert 0 <= left <= right <= len(shown.text)
    back = shown.to_original(left, right)
    cut = [each for each in shown.hidden if each.start < start < each.end or each.start < end < each.end]
    assert back == (min([start, *(each.start for each in cut if start > each.start)]), max([end, *(each.end for each in cut if end < each.end)]))
    assert shown.to_shown(*back) == (left, right)


@given(masked())
def test_what_is_shown_is_the_original_but_for_the_masks(case: tuple[Shown, Any, Any]) -> None:
    shown = case[0]
    rebuilt, done = "", 0
    for place in shown.places:
        rebuilt += shown.text[done : place.start] + shown.original[place.hidden.start : place.hidden.end]
        assert shown.text[place.start : place.end] == place.hidden.kind.label
        done = place.end
    assert rebuilt + shown.text[done:] == shown.original
