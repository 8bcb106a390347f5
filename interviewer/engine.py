"""The conversation: hear → decide → speak. Each verb is an async generator of events; transport only passes them on."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import replace
from functools import partial

from channels.db import database_sync_to_async as in_database
from django.urls import reverse

from interviewer import policy, records, stock
from interviewer.answers import Answer, Invalid, Message, read
from interviewer.events import Ended, Event, Notice, Refused, Retract, Say, Stored, TurnTaken
from interviewer.guard import flaws
from interviewer.models import Interview
from interviewer.moves import Move
from interviewer.offers import confirms
from interviewer.prompting import heard, interviewer_prompt, put, secret
from interviewer.records import Conversation, Words
from interviewer.safety import alerts
from interviewer.safety.concern import Concern
from interviewer.safety.offering import help_lines
from interviewer.speech import Call, Check, Concerned, Piece, Spoken, Unsaid, speak
from interviewer.turns import turn_as_json
from interviewer.wording import ending, model_words, said_again, stock_words, support_words
from llm import ModelError, model_for
from surveys.accounting import record_call

RENEWAL = records.LEASE.total_seconds() / 3
LOOK_AGAIN = 0.5  # seconds between looks at a turn that another process is speaking
PATIENCE = 6.0  # seconds of silence before the participant is asked for a moment


async def reply(interview_id: int, message: Message) -> AsyncIterator[Event]:
    """Stores what the participant says, then answers it."""
    heard = await in_database(hear)(interview_id, message)
    yield heard
    if isinstance(heard, Stored):
        async for event in resume(interview_id, after=heard.number):
            yield event


def hear(interview_id: int, message: Message) -> Stored | Refused:
    conversation = records.load(interview_id)
    language, guide = conversation.interview.language, conversation.guide
    if (number := records.stored_before(interview_id, message)) is not None:
        return Stored(str(message.id), number)
    if conversation.interview.finished:
        return Refused("finished", stock.say(stock.FINISHED, language, guide), str(message.id))
    try:
        answer = _answer(conversation, message)
    except Invalid as problem:
        return Refused(problem.code, stock.say(problem.sentence, language, guide, **problem.values), str(message.id))
    number = records.store_answer(conversation, message, answer)
    if number is None:
        return Refused("not_your_turn", stock.say(stock.NOT_YOUR_TURN, language, guide), str(message.id))
    return Stored(str(message.id), number)


def _answer(conversation: Conversation, message: Message) -> Answer:
    if message.move != "answer":
        return Answer("")
    if conversation.confirmation and confirms(message.value):
        return Answer(conversation.confirmation, message.value)
    return read(message, *(conversation.put_question or (None, None)))


async def resume(interview_id: int, *, after: int) -> AsyncIterator[Event]:
    """Brings the interview to where the participant has the word: says what is owed, or waits for whoever is saying it."""
    while True:
        conversation = await in_database(records.load)(interview_id)
        if again := conversation.to_say_again:
            lines = await in_database(help_lines)(conversation) if again.move == Move.SUPPORT else ()
            await in_database(records.say_again)(conversation, again, said_again(conversation, again, lines))
            continue
        if conversation.interview.awaiting != Interview.Awaiting.INTERVIEWER:
            for event in _news(conversation, after):
                yield event
            return
        if owner := await in_database(records.claim)(interview_id):
            async with _held(interview_id, owner):
                async for event in _take_turn(interview_id, owner):
                    yield event
        else:
            await asyncio.sleep(LOOK_AGAIN)


async def _take_turn(interview_id: int, owner: str) -> AsyncIterator[Event]:
    # Loaded again: between the last look and the claim, another process may have had its say.
    conversation = await in_database(records.load)(interview_id)
    options = conversation.options
    words: Words | None = None
    unsaid: list[Unsaid] = []
    judged = Concern.NONE
    if options.needs_model:
        async for event in _model_speaks(conversation, options):
            if isinstance(event, Words):
                words = event
            elif isinstance(event, Unsaid):
                unsaid.append(event)
            elif isinstance(event, Concerned):
                judged = event.concern
            else:
                yield event
    supports = options.forward is Move.SUPPORT or judged is not Concern.NONE
    if supports:
        words = support_words(conversation, options, await in_database(help_lines)(conversation))
        yield Say(words.text)
    elif words is None:
        words = stock_words(conversation, options, wanted=unsaid[-1].move if unsaid else None)
        yield Say(words.text)
    words = replace(words, refused=tuple(tuple(each.flaws) for each in unsaid))
    raised = alerts.raised(conversation.concern, judged) if supports else None
    await in_database(records.store_words)(conversation, owner, words, ending(words.move, options), raised)


async def _model_speaks(conversation: Conversation, options: policy.Options) -> AsyncIterator[Event | Unsaid | Concerned | Words]:
    interview = conversation.interview
    arm = conversation.guide.arm(interview.arm)
    prompt = interviewer_prompt(conversation.guide, interview.language, conversation.turns, options, arm.manner if arm else "")
    calls: list[Call] = []
    one_moment = stock.say(stock.ONE_MOMENT, interview.language, conversation.guide)
    pieces = speak(model_for("interviewer", arm.model if arm else ""), prompt, options, _guard(conversation, options), one_moment, calls.append)
    said = ""
    async for piece in _patiently(pieces, Notice("one_moment", one_moment)):
        if isinstance(piece, Spoken):
            words = model_words(conversation, options, piece, prompt.version)
            if rest := words.text[len(said.strip()) :]:
                yield Say(rest)
            yield words
        else:
            said = said + piece.text if isinstance(piece, Say) else "" if isinstance(piece, Retract) else said
            yield piece
    for call in calls:
        await in_database(record_call)(
            survey_id=interview.participant.survey_id, participant_id=interview.participant_id, purpose="interview", prompt=prompt, result=call
        )


def _guard(conversation: Conversation, options: policy.Options) -> Check:
    guide, language, turns = conversation.guide, conversation.interview.language, conversation.turns
    arm = guide.arm(conversation.interview.arm)
    hidden = secret(guide, language, arm.manner if arm else "")
    return partial(flaws, language=language, heard=heard(turns), put=put(guide, language, turns, options), secret=hidden)


def _news(conversation: Conversation, after: int) -> list[Event]:
    language = conversation.interview.language
    events: list[Event] = [
        TurnTaken(turn_as_json(turn, conversation.guide, language), conversation.progress) for turn in conversation.turns if turn.number > after
    ]
    if conversation.interview.finished:
        events.append(Ended(conversation.interview.status, next_page(conversation.interview)))
    return events


def next_page(interview: Interview) -> str:
    return reverse("interviewer:rate", args=[interview.participant.token])


async def _patiently(pieces: AsyncGenerator[Piece, None], notice: Notice) -> AsyncGenerator[Piece, None]:
    """Passes everything on; says `notice` once if the first piece is long in coming."""
    async with aclosing(pieces) as source:
        first = asyncio.ensure_future(anext(source, None))
        try:
            done, _ = await asyncio.wait({first}, timeout=PATIENCE)
            if not done:
                yield notice
            if (piece := await first) is None:
                return
            yield piece
        finally:
            first.cancel()
            with suppress(asyncio.CancelledError, ModelError):
                await first
        async for piece in source:
            yield piece


@asynccontextmanager
async def _held(interview_id: int, owner: str) -> AsyncIterator[None]:
    """Keeps the lease alive while the interviewer speaks, and gives it back whatever happens."""

    async def keep() -> None:
        while True:
            await asyncio.sleep(RENEWAL)
            await in_database(records.renew)(interview_id, owner)

    keeper = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeper.cancel()
        with suppress(asyncio.CancelledError):
            await keeper
        await in_database(records.release)(interview_id, owner)
