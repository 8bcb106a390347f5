"""Simulated participants in numbers: held in memory, stored in bulk, made once however often it is asked for."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import transaction

from interviewer.models import Turn
from interviewer.records import Conversation
from interviewer.simulation import processes as others
from interviewer.simulation.conversation import Voices, converse
from interviewer.simulation.insert import insert_as_they_are
from interviewer.simulation.participants import ByModel, FromSentences
from interviewer.simulation.profiles import Profile, profiles
from llm import Model, ModelError, Prompt
from surveys.accounting import record_call
from surveys.guide import Guide
from surveys.models import GuideVersion, Participant, Survey

CHUNK = 200
Then = Callable[[list[Conversation]], object]
Call = tuple[Prompt, Any]


def simulate(
    survey: Survey,
    *,
    count: int,
    seed: int,
    model: Model,
    languages: Sequence[str] = (),
    participant: Model | None = None,
    processes: int = 1,
    then: Then = lambda stored: None,
    on_done: Callable[[int], object] = lambda stored: None,
) -> int:
    """Makes simulated participants 1 to `count` of `seed` unless they are there; returns how many were made.

    model: the interviewer's. languages: those of the guide, unless given. participant: a model that speaks for the participants, in place
    of the sentences of the library; interviews in which it fails are left out, and made when asked again. processes: for interviews
    without models. then: called with each chunk, inside the transaction that stores it. Raises ValueError where the survey has no
    published version, or does not offer these languages.
    """
    version = survey.current_version
    if version is None:
        raise ValueError(f"The survey '{survey.slug}' has no published version.")
    guide = version.guide
    if unknown := [language for language in languages if language not in guide.languages]:
        raise ValueError(f"The survey '{survey.slug}' does not offer: {', '.join(unknown)}.")
    calls: list[Call] = []
    chunks = (_missing(survey, chunk) for chunk in _chunks(profiles(count, seed=seed, languages=languages or guide.languages)))
    if processes > 1 and participant is None:
        held = _held_by_others(chunks, survey, version, guide, processes)
    else:
        held = _held_here(chunks, survey, version, guide, _voices(model, participant, calls))
    made = 0
    for conversations in held:
        _store(survey, conversations, calls, then)
        made += len(conversations)
        on_done(len(conversations))
    return made


def _voices(model: Model, participant: Model | None, calls: list[Call]) -> Voices:
    def record(prompt: Prompt, result: Any) -> None:
        calls.append((prompt, result))

    return Voices(model, ByModel(participant, record), record) if participant else Voices(model, FromSentences())


def _held_here(chunks: Iterable[list[Profile]], survey: Survey, version: GuideVersion, guide: Guide, voices: Voices) -> Iterator[list[Conversation]]:
    at_once = asyncio.Semaphore(1 if isinstance(voices.participants, FromSentences) else CHUNK)

    async def one(profile: Profile) -> Conversation | None:
        try:
            async with at_once:
                return await converse(profile, survey, version, guide, voices)
        except ModelError:
            return None

    async def every(chunk: list[Profile]) -> list[Conversation]:
        return [conversation for conversation in await asyncio.gather(*map(one, chunk)) if conversation]

    with asyncio.Runner() as runner:  # a model's client belongs to one event loop
        for chunk in chunks:
            yield runner.run(every(chunk))


def _held_by_others(
    chunks: Iterable[list[Profile]], survey: Survey, version: GuideVersion, guide: Guide, processes: int
) -> Iterator[list[Conversation]]:
    known = {"pk": version.pk, "sha256": version.sha256, "content": version.content}
    for held in others.held(chunks, processes, survey={"pk": survey.pk, "slug": survey.slug}, version=known):
        yield [Conversation(interview, guide, turns) for interview, turns in held]


@transaction.atomic
def _store(survey: Survey, conversations: list[Conversation], calls: list[Call], then: Then) -> None:
    interviews = [conversation.interview for conversation in conversations]
    insert_as_they_are([interview.participant for interview in interviews])
    for interview in interviews:
        interview.participant_id = interview.participant.pk
    insert_as_they_are(interviews)
    turns: list[Turn] = []
    for conversation in conversations:
        for turn in conversation.turns:
            turn.interview_id = conversation.interview.pk
            turns.append(turn)
    insert_as_they_are(turns)
    for prompt, result in calls:
        record_call(survey.pk, None, prompt.name, prompt, result)
    calls.clear()
    then(conversations)


def _missing(survey: Survey, chunk: Sequence[Profile]) -> list[Profile]:
    names = [profile.name for profile in chunk]
    there = set(Participant.objects.filter(survey=survey, external_id__in=names).values_list("external_id", flat=True))
    return [profile for profile in chunk if profile.name not in there]


def _chunks(each: Iterator[Profile]) -> Iterator[list[Profile]]:
    while chunk := list(islice(each, CHUNK)):
        yield chunk
