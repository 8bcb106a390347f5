"""Rows on their way out: what identifies people is masked, and places of quotes are places in the text that is shown."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from analysis.privacy.masked import plain, shown_texts

BATCH = 2000
Row = Sequence[Any]


def turns(rows: Iterable[Row], *, text: int, translation: int) -> Iterator[Row]:
    """rows: (turn, interview, …), of which the first is left out. text, translation: their columns in what is left."""
    for batch in _batches(rows):
        shown = shown_texts({turn: (interview, rest[text - 1]) for turn, interview, *rest in batch})
        for turn, *row in batch:
            row[text], row[translation] = shown[turn].text, plain(row[translation])
            yield row


def quotes(rows: Iterable[Row], *, interview: int, start: int, translation: int | None = None) -> Iterator[Row]:
    """rows: (…, turn, its text), which are left out. start: the column of the quote's start; its end and words follow. translation: of the turn."""
    for batch in _batches(rows):
        shown = shown_texts({turn: (row[interview], words) for *row, turn, words in batch if turn})
        for *row, turn, _ in batch:
            if turn and row[start + 1]:
                span = (row[start], row[start + 1])
                row[start : start + 3] = *shown[turn].to_shown(*span), shown[turn].part(*span)
            if translation is not None:
                row[translation] = plain(row[translation])
            yield row


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch
