"""A scripted participant without a websocket: speaks docs/protocol.md over plain HTTP."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

Frame = dict[str, Any]


class Response:
    """One response, read line by line as it comes. `done` tells whether it came to its end."""

    def __init__(self, connection: HTTPConnection, response: HTTPResponse) -> None:
        self.connection, self.response, self.done = connection, response, False

    @property
    def status(self) -> int:
        return self.response.status

    def __iter__(self) -> Iterator[Frame]:
        while line := self.response.readline():
            frame = json.loads(line) if line.strip() else {"type": "done"}
            if frame["type"] != "done":
                yield frame
            elif line.strip():
                self.done = True

    def until(self, kind: str) -> Frame:
        return next(frame for frame in self if frame["type"] == kind)

    def hang_up(self) -> None:
        self.response.close()
        self.connection.close()


def post(url: str, body: str | bytes, timeout: float = 60, **headers: str) -> Response:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=timeout)
    connection.request("POST", "/i/line/", body if isinstance(body, bytes) else body.encode(), headers)
    return Response(connection, connection.getresponse())


class HttpParticipant:
    def __init__(self, url: str, token: str, after: int = 0) -> None:
        self.url, self.token, self.after = url, token, after
        frames = self.join()
        self.joined, self.news = frames[0], frames[1:]

    def join(self) -> list[Frame]:
        response = post(self.url, json.dumps({"type": "join", "protocol": 1, "token": self.token, "after": self.after}))
        frames = list(response)
        assert response.done
        self.line = frames[0]["line"]
        return self._seen(frames)

    def open(self, kind: str, **fields: Any) -> Response:
        """Sends a message and leaves what comes back to be read."""
        return post(self.url, json.dumps({"type": kind, "token": self.token, "line": self.line, "after": self.after} | fields))

    def tell(self, kind: str, **fields: Any) -> list[Frame]:
        response = self.open(kind, **fields)
        frames = list(response)
        assert response.done
        return self._seen(frames)

    def answer(self, text: str = "", *, id: str | None = None, **fields: Any) -> list[Frame]:
        return self.tell("answer", id=id or str(uuid4()), text=text, **fields)

    def _seen(self, frames: list[Frame]) -> list[Frame]:
        turns = [frame["turn"] for frame in frames if frame["type"] == "turn"] + [turn for frame in frames for turn in frame.get("turns", ())]
        self.after = max([self.after, *(turn["number"] for turn in turns)])
        return frames
