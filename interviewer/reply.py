"""What the model answers when it is its turn to speak: a typed choice of move, and the words."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field


class Move(StrEnum):
    """What an interviewer's turn does. OPEN, ASK and CLOSE are worded by the guide; the others by the model."""

    OPEN = "open"
    ASK = "ask"
    PROBE = "probe"
    CLARIFY = "clarify"
    ALREADY_ANSWERED = "already_answered"
    SUMMARISE = "summarise"
    CLOSE = "close"


class Reply(BaseModel):
    """The interviewer's next turn. `say` is read by the participant; where the move puts a guide question, that question follows it."""

    move: Literal["probe", "clarify", "ask", "already_answered", "summarise"]
    probe_kind: Literal["elaborate", "example", "reason", "contrast", "clarify", "none"]
    say: str = Field(description="The words for the participant, in the participant's language.")
