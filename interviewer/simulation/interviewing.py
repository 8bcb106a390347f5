"""The interviewer's part in a simulated interview: the rules, prompts and guard of a real one, without its records and its stream."""

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Any

from interviewer import policy
from interviewer.guard import flaws
from interviewer.moves import Move
from interviewer.prompting import heard, interviewer_prompt, put, secret
from interviewer.records import Conversation, Words
from interviewer.reply import Reply
from interviewer.speech import Spoken, Unsaid, speak
from interviewer.wording import model_words, stock_words
from llm import Model, ModelError, Prompt, model_for

Record = Callable[[Prompt, Any], object]


async def interviewer_says(conversation: Conversation, model: Model, record: Record) -> Words:
    options = conversation.options
    if not options.needs_model:
        return stock_words(conversation, options)
    arm = conversation.guide.arm(conversation.interview.arm)
    if arm and arm.model and model.name != "offline":
        model = model_for("interviewer", arm.model)
    prompt = interviewer_prompt(conversation.guide, conversation.interview.language, conversation.turns, options, arm.manner if arm else "")
    if model.name == "offline":
        return await _scripted(conversation, options, prompt, model)
    return await _guarded(conversation, options, prompt, model, record)


async def _scripted(conversation: Conversation, options: policy.Options, prompt: Prompt, model: Model) -> Words:
    """In one piece and unguarded: the guard, which takes longer than all the rest, has nothing against the offline interviewer's words."""
    try:
        completion = await model.extract(prompt, Reply)
    except ModelError:
        return stock_words(conversation, options)
    if Move(completion.value.move) not in options.moves:
        return stock_words(conversation, options)
    words = model_words(conversation, options, Spoken(completion.value, completion), prompt.version)
    return replace(words, latency_ms=None, first_token_ms=None)  # nobody waited, and times would differ from run to run


async def _guarded(conversation: Conversation, options: policy.Options, prompt: Prompt, model: Model, record: Record) -> Words:
    guide, language, turns = conversation.guide, conversation.interview.language, conversation.turns
    check = partial(flaws, language=language, heard=heard(turns), put=put(guide, language, turns, options), secret=secret(guide, language))
    spoken: Spoken | None = None
    unsaid: list[Unsaid] = []
    async with aclosing(speak(model, prompt, options, check, "", partial(record, prompt))) as pieces:
        async for piece in pieces:
            if isinstance(piece, Unsaid):
                unsaid.append(piece)
            elif isinstance(piece, Spoken):
                spoken = piece
    wanted = unsaid[-1].move if unsaid else None
    words = model_words(conversation, options, spoken, prompt.version) if spoken else stock_words(conversation, options, wanted=wanted)
    return replace(words, refused=tuple(tuple(each.flaws) for each in unsaid))
