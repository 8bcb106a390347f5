"""Turns that ask for a decision instead of words: to go on or end here, to confirm a closing summary. How they are put, shown and read. Pure."""

from typing import Any

from interviewer import stock
from interviewer.models import Turn
from interviewer.moves import OFFERS, SUMS_UP
from interviewer.policy import CONFIRMED, END, GO_ON
from surveys.guide import Guide, Kind, Question, Wording

CHOOSE = "choose"  # what the participant's turn does that answers an offer


def offers(turn: Turn | None) -> bool:
    return turn is not None and turn.move in OFFERS


def choice(language: str, guide: Guide) -> Question:
    """Going on or ending here, as a closed question that the page and the reader of answers know how to handle."""
    labels = (stock.say(stock.GO_ON_WITH_IT, language, guide), stock.say(stock.END_IT, language, guide))
    wording = Wording(text=stock.say(stock.OFFER_END, language, guide), options=labels)
    return Question(key="go_on_or_end", kind=Kind.SINGLE, options=(GO_ON, END), wordings={language: wording})


def confirmation(turn: Turn | None, language: str, guide: Guide) -> str:
    """The words that confirm the summary which the turn gave; "" for a turn that gave none."""
    return stock.say(stock.CONFIRM, language, guide) if turn is not None and turn.move in SUMS_UP else ""


def confirms(value: Any) -> bool:
    return isinstance(value, str) and value == CONFIRMED
