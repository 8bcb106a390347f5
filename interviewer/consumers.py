"""Transport: the interview protocol (docs/protocol.md) over a websocket. JSON in, JSON out; it knows no rules."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

from interviewer import engine
from interviewer.events import Event
from interviewer.line import Hold, Join, Unwelcome, admit, as_text, courtesy, joined, keep, malformed, parsed, read, relay, take_over, told
from interviewer.settling import stay
from interviewer.withdrawing import group_of

JOIN_WITHIN = 10.0  # seconds
BROKEN, REFUSED, TOO_LATE, ELSEWHERE, WITHDRAWN = 1011, 4000, 4408, 4409, 4410


class InterviewConsumer(AsyncWebsocketConsumer):
    hold: Hold | None = None
    group = ""
    open = True

    async def connect(self) -> None:
        await self.accept()
        self.deadline = asyncio.get_running_loop().call_later(JOIN_WITHIN, lambda: keep(self._too_late()))

    async def disconnect(self, code: int) -> None:
        self.open = False
        self.deadline.cancel()
        if self.group:
            await courtesy("group_discard", self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            await self._dispatch(read(text_data))
        except Unwelcome as refusal:
            await self._send(refusal.as_json())
            if self.hold is None:
                await self.close(REFUSED + refusal.status)

    async def _dispatch(self, message: Mapping[str, Any]) -> None:
        kind = message.get("type")
        if kind == "ping":
            await self._send({"type": "pong"})
        elif kind == "join":
            if self.hold is not None:
                raise malformed("This connection has joined already.")
            await self._join(parsed(Join, message))
        elif kind in ("answer", "skip", "end"):
            if self.hold is None:
                raise malformed("Join first.")
            keep(stay(self.hold.interview_id))
            keep(self._relay(engine.reply(self.hold.interview_id, told(message)), self.hold))
        else:
            raise malformed("Unknown type.")

    async def _join(self, join: Join) -> None:
        self.deadline.cancel()
        interview_id = await admit(join)
        self.group = group_of(interview_id)
        await courtesy("group_add", self.group, self.channel_name)
        self.hold = await take_over(interview_id)
        await self._send(await joined(self.hold, join.after))
        keep(self._relay(engine.resume(interview_id, after=self.hold.seen), self.hold))

    async def joined_elsewhere(self, event: Mapping[str, Any]) -> None:
        if self.hold is not None and event["join_number"] > self.hold.join_number:
            await self._send({"type": "elsewhere"})
            self.open = False
            await self.close(ELSEWHERE)

    async def withdrawn(self, event: Mapping[str, Any]) -> None:
        await self._send({"type": "withdrawn", "next": event["next"]})
        if self.open:
            self.open = False
            await self.close(WITHDRAWN)

    async def _relay(self, events: AsyncIterator[Event], hold: Hold) -> None:
        if not await relay(events, hold, self._send) and self.open:
            await self.close(BROKEN)

    async def _send(self, message: Mapping[str, Any]) -> None:
        """Without a listener nothing is sent, and the turn is spoken to its end all the same."""
        if not self.open:
            return
        try:
            await self.send(text_data=as_text(message))
        except Exception:  # the server raises its own kinds of error once the line is gone
            self.open = False

    async def _too_late(self) -> None:
        if self.open and self.hold is None:
            await self.close(TOO_LATE)
