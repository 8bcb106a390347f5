"""What the model answers when it is its turn to speak: a typed choice of move, and the words."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Reply(BaseModel):
    """The interviewer's next turn. `say` is read by the participant; where the move puts a guide question, that question follows it."""

    # A reply that leaves a field out is read all the same; the model is asked for every one.
    model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(required=list(schema["properties"])))

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
    concern: Literal["none", "distress", "danger"] = Field(default="none", description="What the participant's last words tell of.")
    say: str = Field(description="The words for the participant, in the participant's language.")
