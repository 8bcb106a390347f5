"""Simulated participants in numbers: held in memory, stored in bulk, made once however often it is asked for."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import islice

from django.db import transaction

from interviewer.models import Interview, Turn
from interviewer.records import Conversation
from interviewer.simulation.conversation import converse
from interviewer.simulation.profiles import Profile, profiles
from llm import Model
from surveys.models import GuideVersion, Participant, Survey

CHUNK = 100


def simulate(survey: Survey, *, count: int, seed: int, model: Model, on_done: Callable[[int], object] = lambda stored: None) -> int:
    """Makes simulated participants 1 to `count` of `seed` unless they are there; returns how many were made. The survey needs a published version."""
    version = survey.current_version
    if version is None:
        raise ValueError(f"The survey '{survey.slug}' has no published version.")
    guide = version.guide
    there = set(Participant.objects.filter(survey=survey, origin=Participant.Origin.SIMULATED).values_list("external_id", flat=True))
    missing = (each for each in profiles(count, seed=seed, languages=guide.languages) if _name(seed, each) not in there)
    made = 0
    for chunk in _chunks(missing):
        held = asyncio.run(_hold(chunk, survey, version, model))
        for profile, conversation in zip(chunk, held, strict=True):
            conversation.interview.participant.external_id = _name(seed, profile)
        _store(held)
        made += len(chunk)
        on_done(len(chunk))
    return made


async def _hold(chunk: list[Profile], survey: Survey, version: GuideVersion, model: Model) -> list[Conversation]:
    return [await converse(profile, survey, version, version.guide, model) for profile in chunk]


@transaction.atomic
def _store(conversations: list[Conversation]) -> None:
    Participant.objects.bulk_create([conversation.interview.participant for conversation in conversations])
    for conversation in conversations:
        conversation.interview.participant_id = conversation.interview.participant.pk
    Interview.objects.bulk_create([conversation.interview for conversation in conversations])
    for conversation in conversations:
        for turn in conversation.turns:
            turn.interview_id = conversation.interview.pk
    Turn.objects.bulk_create([turn for conversation in conversations for turn in conversation.turns], batch_size=2000)


def _name(seed: int, profile: Profile) -> str:
    return f"simulated-{seed}-{profile.number}"


def _chunks(each: Iterator[Profile]) -> Iterator[list[Profile]]:
    while chunk := list(islice(each, CHUNK)):
        yield chunk
