"""What the engine tells the participant's page: the server's half of docs/protocol.md as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Stored:
    id: str
    number: int

    def as_json(self) -> dict[str, Any]:
        return {"type": "stored", "id": self.id, "number": self.number}


@dataclass(frozen=True)
class Refused:
    """A message that was not taken. `text` is for the participant, in their language."""

    code: str
    text: str
    id: str = ""

    def as_json(self) -> dict[str, Any]:
        message = {"type": "error", "code": self.code, "text": self.text}
        return message | {"id": self.id} if self.id else message


@dataclass(frozen=True)
class Say:
    text: str

    def as_json(self) -> dict[str, Any]:
        return {"type": "say", "text": self.text}


@dataclass(frozen=True)
class Retract:
    def as_json(self) -> dict[str, Any]:
        return {"type": "retract"}


@dataclass(frozen=True)
class Notice:
    code: str
    text: str

    def as_json(self) -> dict[str, Any]:
        return {"type": "notice", "code": self.code, "text": self.text}


@dataclass(frozen=True)
class TurnTaken:
    turn: Mapping[str, Any]
    progress: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        return {"type": "turn", "turn": self.turn, "progress": self.progress}


@dataclass(frozen=True)
class Ended:
    status: str
    next: str

    def as_json(self) -> dict[str, Any]:
        return {"type": "ended", "status": self.status, "next": self.next}


Event = Stored | Refused | Say | Retract | Notice | TurnTaken | Ended
