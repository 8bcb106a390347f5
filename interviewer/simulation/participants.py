"""Who speaks for the simulated people: sentences from a library, or a language model that is told their profile."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pydantic import BaseModel, Field

from interviewer.models import Turn
from interviewer.simulation.profiles import NONE, Profile, seeded
from interviewer.simulation.sentences import library
from interviewer.simulation.talk import answers_for, sentences_for
from llm import Model, ModelError, Prompt, PromptFile
from llm.prompt import Message, fence
from surveys.guide import Guide
from surveys.languages import country_name, name

FILE = PromptFile.load(Path(__file__).parent.parent / "prompts" / "simulated_participant.md")
NAME = "simulated_participant"
_MANNERS = {
    "talkative": "You answer in three to five sentences, openly and with examples.",
    "plain": "You answer in one or two plain sentences.",
    "terse": "You answer in as few words as you can.",
    "rambling": "You wander: you tell things that nobody asked about and come to the point late.",
    "refusing": "You do not want to talk about your last use of AI or about worries, and say so politely.",
    "off_topic": "Before you answer, and instead of answering a follow-up, you talk about the weather, the neighbours or football.",
    "switching": "Halfway through the interview you go on in $second, and stay with it.",
    "nonsense": "You type nonsense: the same key or syllable over and over, whatever you are asked.",
    "hostile": "You find the interview a waste of time and say so, without insults, but you answer the questions.",
}


class Answered(NamedTuple):
    text: str
    model: str = ""
    prompt_version: str = ""


class Participants(Protocol):
    async def answer(self, profile: Profile, guide: Guide, turns: Sequence[Turn], question_key: str, times: int) -> Answered:
        """Their words after `turns`; `times`: how often they have been asked about this question before. May raise ModelError."""
        ...


class FromSentences:
    """The same words at every run."""

    async def answer(self, profile: Profile, guide: Guide, turns: Sequence[Turn], question_key: str, times: int) -> Answered:
        replies = answers_for(profile, question_key, sentences_for(profile, guide, question_key))
        return Answered(replies[min(times, len(replies) - 1)])


class Answer(BaseModel):
    say: str = Field(min_length=1, description="What the participant writes, and nothing else.")


class ByModel:
    """A language model in the part of each person. `record` hears of every call."""

    def __init__(self, model: Model, record: Callable[[Prompt, Any], object]) -> None:
        self._model, self._record = model, record

    async def answer(self, profile: Profile, guide: Guide, turns: Sequence[Turn], question_key: str, times: int) -> Answered:
        prompt = participant_prompt(profile, turns)
        try:
            completion = await self._model.extract(prompt, Answer)
        except ModelError as error:
            self._record(prompt, error)
            raise
        self._record(prompt, completion)
        return Answered(completion.value.say.strip() or "…", completion.model, prompt.version)


def participant_prompt(profile: Profile, turns: Sequence[Turn]) -> Prompt:
    """To the model, the interviewer is the one who asks, and the participant is itself."""
    spoken = [
        Message("assistant", turn.text) if turn.role == Turn.Role.PARTICIPANT else Message("user", fence(turn.text, "interviewer")) for turn in turns
    ]
    spoken[-1] = Message("user", spoken[-1].text, cached=True)
    return Prompt(name=NAME, version=FILE.version, system=_system(profile), messages=tuple(spoken), max_tokens=600)


def _system(profile: Profile) -> str:
    english, rng = library("en"), seeded(f"{profile.name}:told")
    manner = _MANNERS[profile.manner].replace("$second", name(profile.second) if profile.second else "")
    return FILE.fill(
        language_name=name(profile.language),
        country=country_name(profile.country),
        age_band=profile.age_band,
        gender=profile.gender or "not told",
        occupation=profile.occupation,
        hope=rng.choice(english.hopes[profile.hope]),
        delivered=rng.choice(english.delivered[profile.delivered]),
        fears="\n".join(f"- {rng.choice(english.fears[fear])}" for fear in profile.fears if fear != NONE) or "- None: you see nothing to fear.",
        attitude=english.overall[str(profile.sentiment)],
        manner=manner,
    )
