"""What the page counted while an answer was written: coarse figures, no keystrokes. Pure; what makes no sense is no measure."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

A_DAY = 24 * 3600 * 1000
MOST_CHARACTERS = 100_000


class Input(StrEnum):
    """How the words came in, as far as a browser tells. What dictation, autofill and assistive technology insert is 'unknown'."""

    TOUCH = "touch"
    KEYBOARD = "keyboard"
    IME = "ime"
    UNKNOWN = "unknown"


class Measured(BaseModel):
    """visible_ms: from the question's first words to sending, while the page was in view. hidden: whether it was out of view meanwhile."""

    model_config = ConfigDict(frozen=True)

    visible_ms: Annotated[int, Field(strict=True, ge=0, le=A_DAY)]
    typed: Annotated[int, Field(strict=True, ge=0, le=MOST_CHARACTERS)]
    pasted: Annotated[int, Field(strict=True, ge=0, le=MOST_CHARACTERS)]
    pastes: Annotated[int, Field(strict=True, ge=0, le=1000)]
    hidden: Annotated[bool, Field(strict=True)]
    input: Input


def read(care: Any) -> Measured | None:
    """None for nothing and for nonsense: a measure that fails never costs an answer."""
    try:
        return Measured.model_validate(care)
    except (ValidationError, RecursionError):
        return None
