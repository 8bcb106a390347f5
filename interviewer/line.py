"""What the two ways into an interview share: reading messages, taking the interview over, speaking a turn to its end."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextvars import Context
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from channels.db import database_sync_to_async as in_database
from channels.layers import get_channel_layer
from pydantic import BaseModel, ValidationError

from interviewer import engine, measured, records
from interviewer.answers import Message
from interviewer.events import Event, TurnTaken
from interviewer.turns import turn_as_json
from interviewer.withdrawing import group_of
from surveys.languages import direction

log = logging.getLogger(__name__)
PROTOCOL = 1
LARGEST = 64 * 1024  # bytes of one message

Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Model = TypeVar("Model", bound=BaseModel)

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
    care: Any = None


@dataclass
class Hold:
    """A connection's hold on an interview: which of its joins that was, and the last turn passed on."""

    interview_id: int
    join_number: int
    seen: int = 0


class Unwelcome(Exception):
    """A message that reached no interview. `status` is HTTP's; a websocket is closed with 4000 more."""

    def __init__(self, code: str, text: str, status: int) -> None:
        super().__init__(code)
        self.code, self.text, self.status = code, text, status

    def as_json(self) -> dict[str, Any]:
        return {"type": "error", "code": self.code, "text": self.text}


def malformed(text: str, status: int = 400) -> Unwelcome:
    return Unwelcome("malformed", text, status)


def read(data: str | bytes | None) -> dict[str, Any]:
    """The message in `data`. Raises Unwelcome."""
    if data is None or len(data.encode(errors="replace") if isinstance(data, str) else data) > LARGEST:
        raise malformed("Send one JSON object of at most 64 KiB as text.", 413 if data else 400)
    try:
        message = json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise malformed("That is not JSON.") from problem
    if not isinstance(message, dict):
        raise malformed("Send a JSON object.")
    return message


def parsed(model: type[Model], message: Mapping[str, Any]) -> Model:
    try:
        return model.model_validate(message)
    except ValidationError as problem:
        first = problem.errors()[0]
        raise malformed(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from problem


def told(message: Mapping[str, Any]) -> Message:
    fields = parsed(Told, message)
    return Message(fields.id, str(message["type"]), fields.text, fields.value, measured.read(fields.care))


async def find(token: str) -> int:
    """The interview that the token opens. Raises Unwelcome."""
    interview_id: int | None = await in_database(records.find)(token)
    if interview_id is None:
        raise Unwelcome("unknown", "This link opens no interview.", 404)
    return interview_id


async def admit(join: Join) -> int:
    """The interview to be joined. Raises Unwelcome."""
    if join.protocol != PROTOCOL:
        raise Unwelcome("unsupported", f"This server speaks protocol {PROTOCOL}.", 400)
    return await find(join.token)


async def take_over(interview_id: int) -> Hold:
    """From now on this connection holds the interview, and whoever held it is told so."""
    hold = Hold(interview_id, await in_database(records.count_join)(interview_id))
    await courtesy("group_send", group_of(interview_id), {"type": "joined.elsewhere", "join_number": hold.join_number})
    return hold


async def courtesy(verb: str, *arguments: Any) -> None:
    """Other tabs are told as a courtesy: an interview goes on without the channel layer."""
    try:
        await getattr(get_channel_layer(), verb)(*arguments)
    except Exception:
        log.warning("channel layer: %s failed", verb, exc_info=True)


async def joined(hold: Hold, after: int) -> dict[str, Any]:
    """The state of the interview and its turns beyond `after`."""
    conversation = await in_database(records.load)(hold.interview_id)
    interview = conversation.interview
    hold.seen = max([turn.number for turn in conversation.turns], default=0)
    return {
        "type": "joined",
        "protocol": PROTOCOL,
        "status": interview.status,
        "awaiting": interview.awaiting,
        "language": interview.language,
        "dir": direction(interview.language),
        "turns": [turn_as_json(turn, conversation.guide, interview.language) for turn in conversation.turns if turn.number > after],
        "progress": conversation.progress,
        "next": engine.next_page(interview),
    }


async def relay(events: AsyncIterator[Event], hold: Hold, send: Send) -> bool:
    """Passes on what is new to the listener, to the end. False: something broke, and the turn is owed."""
    try:
        async for event in events:
            if isinstance(event, TurnTaken):
                if event.turn["number"] <= hold.seen:
                    continue
                hold.seen = event.turn["number"]
            await send(event.as_json())
    except Exception:
        log.exception("the turn is owed: the participant's next connection brings it")
        return False
    return True


def keep(work: Coroutine[Any, Any, None]) -> None:
    """Does `work` whoever listens. In a context of its own: the thread that serves a request ends with the request."""
    task = asyncio.get_running_loop().create_task(work, context=Context())
    _speaking.add(task)
    task.add_done_callback(_speaking.discard)


def as_text(message: Mapping[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
