"""Transport: the interview protocol (docs/protocol.md) over a websocket. JSON in, JSON out; it knows no rules."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Coroutine, Mapping
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async as in_database
from channels.generic.websocket import AsyncWebsocketConsumer
from pydantic import BaseModel, ValidationError

from interviewer import engine, records
from interviewer.answers import Message
from interviewer.events import Event, TurnTaken
from interviewer.turns import progress_as_json, turn_as_json
from surveys.languages import direction

log = logging.getLogger(__name__)
PROTOCOL = 1
LARGEST = 64 * 1024  # bytes of one message
JOIN_WITHIN = 10.0  # seconds
BROKEN, MALFORMED, UNKNOWN, TOO_LATE, ELSEWHERE, WITHDRAWN = 1011, 4400, 4404, 4408, 4409, 4410

# Turns go on being spoken and stored after their listener has gone; the loop itself keeps only weak references to tasks.
_speaking: set[asyncio.Task[None]] = set()


class Join(BaseModel):
    protocol: int
    token: str
    after: int = 0


class Told(BaseModel):
    id: UUID
    text: str = ""
    value: Any = None


class InterviewConsumer(AsyncWebsocketConsumer):
    interview_id: int | None = None
    open = True
    seen = 0
    join_number = 0

    async def connect(self) -> None:
        await self.accept()
        self.deadline = asyncio.get_running_loop().call_later(JOIN_WITHIN, lambda: _keep(self._too_late()))

    async def disconnect(self, code: int) -> None:
        self.open = False
        self.deadline.cancel()
        if self.interview_id is not None:
            await self._layer("group_discard", self._group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            if text_data is None or len(text_data) > LARGEST:
                raise ValueError("Send one JSON object of at most 64 KiB as text.")
            message = json.loads(text_data)
            if not isinstance(message, dict):
                raise ValueError("Send a JSON object.")
            await self._dispatch(message)
        except (ValueError, RecursionError) as problem:  # pydantic's and json's errors among them
            text = _plain(problem)
            await self._send({"type": "error", "code": "malformed", "text": text})
            if self.interview_id is None:
                await self.close(MALFORMED)

    async def _dispatch(self, message: Mapping[str, Any]) -> None:
        kind = message.get("type")
        if kind == "ping":
            await self._send({"type": "pong"})
        elif kind == "join":
            if self.interview_id is not None:
                raise ValueError("This connection has joined already.")
            await self._join(Join.model_validate(message))
        elif kind in ("answer", "skip", "end"):
            if self.interview_id is None:
                raise ValueError("Join first.")
            told = Told.model_validate(message)
            _keep(self._relay(engine.reply(self.interview_id, Message(told.id, str(kind), told.text, told.value))))
        else:
            raise ValueError("Unknown type.")

    async def _join(self, join: Join) -> None:
        self.deadline.cancel()
        if join.protocol != PROTOCOL:
            await self._refuse("unsupported", f"This server speaks protocol {PROTOCOL}.", MALFORMED)
            return
        interview_id = await in_database(records.find)(join.token)
        if interview_id is None:
            await self._refuse("unknown", "This link opens no interview.", UNKNOWN)
            return
        self.interview_id = interview_id
        self._group = f"interview.{interview_id}"
        await self._layer("group_add", self._group, self.channel_name)
        self.join_number = await in_database(records.count_join)(interview_id)
        await self._layer("group_send", self._group, {"type": "joined.elsewhere", "join_number": self.join_number})
        await self._send(await self._joined(interview_id, join.after))
        _keep(self._relay(engine.resume(interview_id, after=self.seen)))

    async def _joined(self, interview_id: int, after: int) -> dict[str, Any]:
        conversation = await in_database(records.load)(interview_id)
        interview = conversation.interview
        self.seen = max([turn.number for turn in conversation.turns], default=0)
        return {
            "type": "joined",
            "protocol": PROTOCOL,
            "status": interview.status,
            "awaiting": interview.awaiting,
            "language": interview.language,
            "dir": direction(interview.language),
            "turns": [turn_as_json(turn, conversation.guide, interview.language) for turn in conversation.turns if turn.number > after],
            "progress": progress_as_json(conversation.guide, conversation.said),
            "next": engine.next_page(interview),
        }

    async def joined_elsewhere(self, event: Mapping[str, Any]) -> None:
        if event["join_number"] > self.join_number:
            await self._send({"type": "elsewhere"})
            self.open = False
            await self.close(ELSEWHERE)

    async def withdrawn(self, event: Mapping[str, Any]) -> None:
        await self._send({"type": "withdrawn", "next": event["next"]})
        if self.open:
            self.open = False
            await self.close(WITHDRAWN)

    async def _relay(self, events: AsyncIterator[Event]) -> None:
        """Passes events on while someone listens; without a listener the turn is still spoken to its end and stored."""
        try:
            async for event in events:
                if isinstance(event, TurnTaken):
                    if event.turn["number"] <= self.seen:
                        continue
                    self.seen = event.turn["number"]
                await self._send(event.as_json())
        except Exception:
            log.exception("the turn is owed: the participant's next connection brings it")
            if self.open:
                await self.close(BROKEN)

    async def _send(self, message: Mapping[str, Any]) -> None:
        if not self.open:
            return
        try:
            await self.send(text_data=json.dumps(message, ensure_ascii=False, separators=(",", ":")))
        except Exception:  # the server raises its own kinds of error once the line is gone
            self.open = False

    async def _refuse(self, code: str, text: str, close: int) -> None:
        await self._send({"type": "error", "code": code, "text": text})
        await self.close(close)

    async def _too_late(self) -> None:
        if self.open and self.interview_id is None:
            await self.close(TOO_LATE)

    async def _layer(self, verb: str, *arguments: Any) -> None:
        """Other tabs are told as a courtesy: an interview goes on without the channel layer."""
        try:
            await getattr(self.channel_layer, verb)(*arguments)
        except Exception:
            log.warning("channel layer: %s failed", verb, exc_info=True)


def _keep(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(work)
    _speaking.add(task)
    task.add_done_callback(_speaking.discard)


def _plain(problem: Exception) -> str:
    if isinstance(problem, ValidationError):
        first = problem.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    if isinstance(problem, json.JSONDecodeError | RecursionError):
        return "That is not JSON."
    return str(problem)
