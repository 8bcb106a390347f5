"""What an interviewer's turn can do, which moves are alike, and how an interview can end."""

from enum import StrEnum


class Move(StrEnum):
    """What an interviewer's turn does. The guide words the question that a turn puts; code words what begins, offers and ends."""

    OPEN = "open"
    ASK = "ask"
    PROBE = "probe"
    CLARIFY = "clarify"
    ALREADY_ANSWERED = "already_answered"
    EXHAUSTED = "exhausted"
    ACCEPT_REFUSAL = "accept_refusal"
    RETURN = "return"
    AGAIN = "again"
    OFFER_END = "offer_end"
    SUPPORT = "support"
    SUMMARISE = "summarise"
    CORRECT_SUMMARY = "correct_summary"
    END_OFF_TOPIC = "end_off_topic"
    CLOSE = "close"


GOES_ON = (Move.ASK, Move.EXHAUSTED, Move.ACCEPT_REFUSAL)
PUTS_A_QUESTION = (Move.OPEN, *GOES_ON, Move.ALREADY_ANSWERED, Move.AGAIN)
SUMS_UP = (Move.SUMMARISE, Move.CORRECT_SUMMARY)
OFFERS = (Move.OFFER_END, Move.SUPPORT)
ENDS = (Move.CLOSE, Move.END_OFF_TOPIC)
WORDED_BY_CODE = (*ENDS, *OFFERS)


class Ending(StrEnum):
    """Why an interview is over."""

    COMPLETED = "completed"
    TIME = "time"
    ASKED = "asked"
    OFF_TOPIC = "off_topic"
