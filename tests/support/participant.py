"""A scripted participant: speaks docs/protocol.md over a real websocket."""

import json
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect


class ScriptedParticipant:
    def __init__(self, websocket_url: str, token: str, after: int = 0) -> None:
        self.url, self.token, self.after = websocket_url, token, after
        self.frames: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        self.closing = ExitStack()
        self.line: ClientConnection = self.closing.enter_context(connect(self.url, open_timeout=10))
        self.tell(type="join", protocol=1, token=self.token, after=self.after)
        self.joined = self.hear()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with suppress(ConnectionClosed):  # the server may have hung up first
            self.closing.close()

    def tell(self, **message: Any) -> None:
        self.line.send(json.dumps(message))

    def hear(self, timeout: float = 30) -> dict[str, Any]:
        frame = json.loads(self.line.recv(timeout=timeout))
        self.frames.append(frame)
        return frame

    def until(self, *kinds: str, timeout: float = 30) -> dict[str, Any]:
        while (frame := self.hear(timeout))["type"] not in kinds:
            pass
        return frame

    def answer(self, text: str = "", *, id: str | None = None, **fields: Any) -> str:
        message_id = id or str(uuid4())
        self.tell(type="answer", id=message_id, text=text, **fields)
        return message_id

    def next_turn(self, timeout: float = 30) -> dict[str, Any]:
        """The interviewer's next whole turn."""
        while (turn := self.until("turn", timeout=timeout)["turn"])["role"] != "interviewer":
            pass
        return turn

    def says(self, text: str = "", **fields: Any) -> dict[str, Any]:
        self.answer(text, **fields)
        return self.next_turn()
