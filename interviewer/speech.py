"""The model's words on their way to the participant: checked sentence by sentence, begun anew where they fail, replaced where they keep failing."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from interviewer.events import Notice, Retract, Say
from interviewer.guard import Flaw, is_too_long, whole_sentences
from interviewer.moves import GOES_ON, WORDED_BY_CODE, Move
from interviewer.policy import Options
from interviewer.prompting import again
from interviewer.reply import Reply
from interviewer.safety.concern import Concern
from llm import Completion, Model, ModelError, Partial, Prompt, Usage

log = logging.getLogger(__name__)
ATTEMPTS = 3  # in all, where the model is in trouble
REFUSALS = 2  # replies not said before code speaks
MAY_BE_WORDLESS = (*GOES_ON, Move.ALREADY_ANSWERED)
LONGEST_WAIT = 20.0  # seconds that one attempt may bring nothing new
LONGEST_PAUSE = 5.0  # seconds between attempts


@dataclass(frozen=True)
class Unsaid:
    """A reply that was not said, as far as it had come, and why: a move that is not allowed, or words the guard refuses."""

    move: Move
    words: str
    flaws: tuple[Flaw, ...]


class Unfit(Exception):
    def __init__(self, unsaid: Unsaid) -> None:
        super().__init__(", ".join(unsaid.flaws))
        self.unsaid = unsaid


@dataclass(frozen=True)
class Concerned:
    """Instead of words: the model takes the participant's last words to tell of this."""

    concern: Concern


@dataclass(frozen=True)
class Spoken:
    """What the model said in the end, and how it came about."""

    reply: Reply
    completion: Completion[Reply]


Call = Completion[Reply] | ModelError
Record = Callable[[Call], object]
Part = Partial | Completion[Reply]
Piece = Say | Retract | Notice | Unsaid | Concerned | Spoken


class Check(Protocol):
    """The guard, knowing the interview."""

    def __call__(self, text: str, move: Move, *, whole: bool) -> tuple[Flaw, ...]: ...


async def speak(model: Model, prompt: Prompt, options: Options, check: Check, one_moment: str, record: Record) -> AsyncGenerator[Piece, None]:
    """Words as they are released, then Spoken; without a Spoken at the end the model had nothing fit to say, and code must speak. After
    a Concerned, code offers help.

    An Unsaid stands for each reply that was refused; the model is told why and has one more try. `record` is called with every finished or
    failed call.
    """
    asked, refusals = prompt, 0
    for attempt in range(1, ATTEMPTS + 1):
        released, last, pause = False, attempt == ATTEMPTS, 0.0
        try:
            async with aclosing(_attempt(model, asked, options, check, record)) as pieces:
                async for piece in pieces:
                    released = released or isinstance(piece, Say)
                    yield piece
            return
        except Unfit as reason:
            log.info("reply not said: %s", reason)
            unsaid, refusals = reason.unsaid, refusals + 1
            asked, last = again(prompt, unsaid.words, unsaid.flaws), last or refusals == REFUSALS
            yield unsaid
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


async def _attempt(
    model: Model, prompt: Prompt, options: Options, check: Check, record: Record
) -> AsyncGenerator[Say | Retract | Concerned | Spoken, None]:
    released = 0
    async with aclosing(_as_it_arrives(model, prompt, options, check, record)) as parts:
        async for part in parts:
            if isinstance(part, Say):
                released += len(part.text)
                yield part
            else:
                for piece in _at_its_end(part, released, options, check):
                    yield piece


async def _as_it_arrives(
    model: Model, prompt: Prompt, options: Options, check: Check, record: Record
) -> AsyncGenerator[Say | Completion[Reply], None]:
    """The sentences that may be said already, then the whole reply."""
    released, usage = 0, Usage()
    try:
        async with aclosing(_in_time(model.stream(prompt, Reply))) as parts:
            async for part in parts:
                if isinstance(part, Completion):
                    record(part)
                    yield part
                    return
                usage = part.usage
                if (end := _end_of_what_may_be_said(part, released, options, check)) > released:
                    yield Say(part.value["say"][released:end])
                    released = end
    except ModelError as error:
        record(error)
        raise
    except Unfit as reason:
        # Stopped in mid-stream: the server has not said what the words cost, but what it read is known.
        record(ModelError(str(reason), code="stopped", retry=False, model=model.name, usage=usage))
        raise
    raise ModelError("The reply ended before it was whole.", code="cut", retry=True, model=model.name)


def _end_of_what_may_be_said(part: Partial, released: int, options: Options, check: Check) -> int:
    """Raises Unfit."""
    move, text = _readable(part.value)
    if move is None or part.value.get("concern") in options.support_at:
        return released
    _allow(move, text, options)
    if move in WORDED_BY_CODE:
        return released
    if (end := whole_sentences(text, released)) > released:
        _refuse_if(check(text[:end], move, whole=False), move, text)
    return end


def _at_its_end(completion: Completion[Reply], released: int, options: Options, check: Check) -> Iterator[Say | Retract | Concerned | Spoken]:
    """Raises Unfit."""
    reply = completion.value
    if reply.concern in options.support_at:
        if released:
            yield Retract()
        yield Concerned(Concern(reply.concern))
        return
    move = Move(reply.move)
    _allow(move, reply.say, options)
    if move not in WORDED_BY_CODE:
        empty = (Flaw.EMPTY,) if not reply.say.strip() and move not in MAY_BE_WORDLESS else ()
        _refuse_if(empty or check(reply.say, move, whole=True), move, reply.say)
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


def _allow(move: Move, text: str, options: Options) -> None:
    """What is seen at every word, whole sentence or not."""
    if move not in options.moves:
        _refuse_if((Flaw.MOVE,), move, text)
    if move not in WORDED_BY_CODE and is_too_long(text, move):
        _refuse_if((Flaw.LONG,), move, text)


def _refuse_if(flaws: tuple[Flaw, ...], move: Move, text: str) -> None:
    if flaws:
        raise Unfit(Unsaid(move, text, flaws))


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
