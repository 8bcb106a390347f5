"""The model's words on their way to the participant: checked sentence by sentence, begun anew where they fail, replaced where they keep failing."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from interviewer.events import Notice, Retract, Say
from interviewer.guard import Flaw, flaws, whole_sentences
from interviewer.policy import Options
from interviewer.reply import Move, Reply
from llm import Completion, Model, ModelError, Partial, Prompt

log = logging.getLogger(__name__)
ATTEMPTS = 3
LONGEST_WAIT = 20.0  # seconds that one attempt may bring nothing new
LONGEST_PAUSE = 5.0  # seconds between attempts


class Unfit(Exception):
    """The reply may not be said: a move that is not allowed, or words the guard refuses."""


@dataclass(frozen=True)
class Spoken:
    """What the model said in the end, and how it came about."""

    reply: Reply
    completion: Completion[Reply]


Call = Completion[Reply] | ModelError
Record = Callable[[Call], object]
Part = Partial | Completion[Reply]


async def speak(model: Model, prompt: Prompt, options: Options, one_moment: str, record: Record) -> AsyncGenerator[Say | Retract | Notice | Spoken, None]:
    """Words as they are released, then Spoken; without a Spoken at the end the model had nothing fit to say, and code must speak.

    `record` is called with every finished or failed call.
    """
    for attempt in range(1, ATTEMPTS + 1):
        released, last, pause = False, attempt == ATTEMPTS, 0.0
        try:
            async with aclosing(_attempt(model, prompt, options, record)) as pieces:
                async for piece in pieces:
                    released = released or isinstance(piece, Say)
                    yield piece
            return
        except Unfit as reason:
            log.info("reply not said: %s", reason)
        except ModelError as error:
            log.warning("interviewer's model: %s (%s)", error, error.code)
            last = last or not error.retry
            pause = min(error.after or 0.5 * attempt, LONGEST_PAUSE)
            if attempt == 1:
                yield Notice("one_moment", one_moment)
        if released:
            yield Retract()
        if last:
            return
        await asyncio.sleep(pause)


async def _attempt(model: Model, prompt: Prompt, options: Options, record: Record) -> AsyncGenerator[Say | Spoken, None]:
    released = 0
    completion: Completion[Reply] | None = None
    try:
        async with aclosing(_in_time(model.stream(prompt, Reply))) as parts:
            async for part in parts:
                if isinstance(part, Completion):
                    completion = part
                    break
                move, text = _readable(part.value)
                if move is None:
                    continue
                _check(move, text, options)
                if (end := whole_sentences(text)) > released:
                    yield Say(text[released:end])
                    released = end
    except ModelError as error:
        record(error)
        raise
    if completion is None:
        raise ModelError("The reply ended before it was whole.", code="cut", retry=True, model=model.name)
    record(completion)
    reply = completion.value
    _check(Move(reply.move), reply.say, options, whole=True)
    if rest := reply.say[released:]:
        yield Say(rest)
    yield Spoken(reply, completion)


def _readable(value: object) -> tuple[Move | None, str]:
    """The move and the words so far of a reply that is still arriving; no move until words have begun, since a move may be cut short."""
    if not isinstance(value, dict) or not isinstance(value.get("say"), str):
        return None, ""
    try:
        return Move(value.get("move", "")), value["say"]
    except ValueError:
        return None, ""


def _check(move: Move, text: str, options: Options, *, whole: bool = False) -> None:
    if move not in options.moves:
        raise Unfit(f"move '{move}' is not allowed")
    found = flaws(text, move)
    if whole and not text.strip() and move not in (Move.ASK, Move.ALREADY_ANSWERED):
        found = (*found, Flaw.EMPTY)
    if found:
        raise Unfit(", ".join(found))


async def _in_time(parts: AsyncGenerator[Part, None]) -> AsyncGenerator[Part, None]:
    while True:
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                part = await anext(parts)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise ModelError(f"Nothing new for {LONGEST_WAIT:.0f} s.", code="timeout", retry=True) from None
        yield part
