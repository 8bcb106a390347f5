"""Simulated interviews: a profile talks to the interviewer by the same rules, prompts and words as a person does, without a database."""

from collections.abc import Sequence
from dataclasses import asdict

from django.utils import timezone

from interviewer import policy
from interviewer.models import Interview, Turn
from interviewer.prompting import interviewer_prompt
from interviewer.records import Conversation, Words
from interviewer.reply import Move, Reply
from interviewer.simulation.profiles import SUMMARY, Library, Profile, answers_for, library
from interviewer.speech import Spoken
from interviewer.wording import model_words, stock_words
from llm import Model, ModelError
from surveys.guide import Guide, Kind, Question
from surveys.models import GuideVersion, Participant, Survey


async def converse(profile: Profile, survey: Survey, version: GuideVersion, guide: Guide, model: Model) -> Conversation:
    """A finished interview, its records not saved yet."""
    conversation = Conversation(_interview(profile, survey, version), guide, [])
    turns: list[Turn] = list(conversation.turns)
    asked: dict[str, int] = {}
    while True:
        conversation = Conversation(conversation.interview, guide, turns)
        words = await _interviewer_says(conversation, model)
        turns.append(_turn(len(turns) + 1, words))
        if words.move == Move.CLOSE:
            return Conversation(conversation.interview, guide, turns)
        turns.append(_participant_says(profile, guide, turns, asked, library(profile.language)))


async def _interviewer_says(conversation: Conversation, model: Model) -> Words:
    options = policy.options(conversation.guide, conversation.said)
    if not options.needs_model:
        return stock_words(conversation, options)
    prompt = interviewer_prompt(conversation.guide, conversation.interview.language, conversation.turns, options)
    try:
        completion = await model.extract(prompt, Reply)
    except ModelError:
        return stock_words(conversation, options)
    if Move(completion.value.move) not in options.moves:
        return stock_words(conversation, options)
    return model_words(conversation, options, Spoken(completion.value, completion), prompt.version)


def _participant_says(profile: Profile, guide: Guide, turns: Sequence[Turn], asked: dict[str, int], sentences: Library) -> Turn:
    last = turns[-1]
    number = len(turns) + 1
    if last.question_key and last.move in (Move.OPEN, Move.ASK, Move.ALREADY_ANSWERED):
        question = guide.question(last.question_key)
        if question.kind is not Kind.OPEN:
            return _closed_answer(question, profile, number)
    key = last.question_key or SUMMARY
    replies = answers_for(profile, key, sentences)
    text = replies[min(asked.get(key, 0), len(replies) - 1)]
    asked[key] = asked.get(key, 0) + 1
    return Turn(number=number, role=Turn.Role.PARTICIPANT, move="answer", question_key=last.question_key, text=text)


def _closed_answer(question: Question, profile: Profile, number: int) -> Turn:
    wording = question.wordings[profile.language]
    turn = Turn(number=number, role=Turn.Role.PARTICIPANT, move="answer", question_key=question.key)
    if question.options:
        index = profile.number % len(question.options)
        turn.text, turn.value = wording.options[index], question.options[index]
        if question.kind is Kind.MULTIPLE:
            turn.value = [turn.value]
    else:
        low = question.minimum or 0
        turn.value = low + profile.number % ((question.maximum if question.maximum is not None else low + 10) - low + 1)
        turn.text = str(turn.value)
    return turn


def _turn(number: int, words: Words) -> Turn:
    return Turn(number=number, role=Turn.Role.INTERVIEWER, **asdict(words) | {"covered": list(words.covered)})


def _interview(profile: Profile, survey: Survey, version: GuideVersion) -> Interview:
    now = timezone.now()
    participant = Participant(
        survey=survey,
        origin=Participant.Origin.SIMULATED,
        language=profile.language,
        country=profile.country,
        age_band=profile.age_band,
        gender=profile.gender,
        occupation=profile.occupation,
        profiled_at=now,
    )
    return Interview(
        participant=participant,
        guide_version=version,
        language=profile.language,
        status=Interview.Status.COMPLETED,
        awaiting=Interview.Awaiting.NOBODY,
        completed_at=now,
    )
