"""The quotes of a model's reply, found in what the participant said; what is not there is dropped and counted. Pure."""

from collections.abc import Iterable, Sequence

from analysis.coding import Evidence, QuoteGiven
from analysis.material import Said
from analysis.spans import locate


def located(quotes: Iterable[QuoteGiven], words: Sequence[Said]) -> tuple[tuple[Evidence, ...], int]:
    """The spans, each once, in the turn a quote names or else in the first other that holds it; and how many quotes were dropped."""
    found = [_place(quote, words) for quote in quotes]
    return tuple(dict.fromkeys(each for each in found if each)), found.count(None)


def _place(quote: QuoteGiven, words: Sequence[Said]) -> Evidence | None:
    for turn in sorted(words, key=lambda turn: turn.number != quote.turn):
        if span := locate(quote.text, turn.text):
            return Evidence(turn.id, *turn.in_original(*span), turn.text[slice(*span)])
    return None
