"""Transport: the interview protocol over plain HTTP, for networks that let no websocket through (docs/protocol.md)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from channels.db import database_sync_to_async as in_database
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import BaseModel, Field

from interviewer import engine, origins
from interviewer.events import Event
from interviewer.line import LARGEST, Hold, Join, Unwelcome, admit, as_text, find, joined, keep, malformed, parsed, read, relay, take_over, told
from interviewer.models import Interview
from interviewer.settling import stay

SIGN_OF_LIFE = 10.0  # seconds of silence before an empty line is sent, so that nobody on the way takes the line for dead
DONE = {"type": "done"}
Said = asyncio.Queue[Mapping[str, Any] | None]  # what is to be sent; None ends it


class Held(BaseModel):
    """What every message after `join` carries in the place of a connection."""

    token: str
    line: int = Field(ge=0, lt=2**31)
    after: int = 0


# The token in the body is the credential and no cookie is looked at; other sites' pages are refused by their origin.
@csrf_exempt
@require_POST
async def line(request: HttpRequest) -> HttpResponseBase:
    try:
        if not origins.allowed(request.headers.get("Origin")):
            raise Unwelcome("foreign", "Another site's page may not take part.", 403)
        said = await _dispatch(read(request.read(LARGEST + 1)))
    except Unwelcome as refusal:
        lines = as_text(refusal.as_json()) + "\n" + as_text(DONE) + "\n"
        return _unstored(HttpResponse(lines, status=refusal.status))
    return _unstored(StreamingHttpResponse(_lines(said)))


async def _dispatch(message: Mapping[str, Any]) -> Said:
    kind = message.get("type")
    if kind == "ping" and "token" not in message:
        return _whole({"type": "pong"})
    if kind == "join":
        return await _join(parsed(Join, message))
    if kind in ("answer", "skip", "end", "ping"):
        return await _told(message)
    raise malformed("Unknown type.")


async def _join(join: Join) -> Said:
    hold = await take_over(await admit(join))
    first = await joined(hold, join.after) | {"line": hold.join_number}
    return _spoken(hold, engine.resume(hold.interview_id, after=hold.seen), first)


async def _told(message: Mapping[str, Any]) -> Said:
    held = parsed(Held, message)
    heard = None if message["type"] == "ping" else told(message)
    hold = Hold(await find(held.token), held.line, held.after)
    if not await in_database(_holds)(hold):
        return _whole({"type": "elsewhere"})
    if heard is None:
        return _spoken(hold, engine.resume(hold.interview_id, after=hold.seen), {"type": "pong"})
    keep(stay(hold.interview_id))
    return _spoken(hold, engine.reply(hold.interview_id, heard))


def _holds(hold: Hold) -> bool:
    return not Interview.objects.filter(pk=hold.interview_id, joins__gt=hold.join_number).exists()


def _whole(message: Mapping[str, Any]) -> Said:
    said = Said()
    for each in (message, DONE, None):
        said.put_nowait(each)
    return said


def _spoken(hold: Hold, events: AsyncIterator[Event], *first: Mapping[str, Any]) -> Said:
    """Speaks at once and to the end, whether or not the response is ever read."""
    said = Said()
    for each in first:
        said.put_nowait(each)
    keep(_speak(hold, events, said))
    return said


async def _speak(hold: Hold, events: AsyncIterator[Event], said: Said) -> None:
    if await relay(events, hold, said.put):
        await said.put(DONE)
    await said.put(None)


async def _lines(said: Said) -> AsyncIterator[bytes]:
    while True:
        try:
            message = await asyncio.wait_for(said.get(), SIGN_OF_LIFE)
        except TimeoutError:
            yield b"\n"
            continue
        if message is None:
            return
        yield as_text(message).encode() + b"\n"


def _unstored(response: HttpResponseBase) -> HttpResponseBase:
    response["Content-Type"] = "application/x-ndjson"
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # nginx, and those who follow it, pass each line on as it comes
    return response
