"""What the model answers when it is its turn to speak: a typed choice of move, and the words."""

from typing import Literal

from pydantic import BaseModel, Field


class Reply(BaseModel):
    """The interviewer's next turn. `say` is read by the participant; where the move puts a guide question, that question follows it."""

    move: Literal[
        "probe",
        "clarify",
        "ask",
        "already_answered",
        "exhausted",
        "accept_refusal",
        "return",
        "offer_end",
        "summarise",
        "correct_summary",
        "end_off_topic",
        "close",
    ]
    probe_kind: Literal["elaborate", "example", "reason", "contrast", "clarify", "none"]
    say: str = Field(description="The words for the participant, in the participant's language.")
