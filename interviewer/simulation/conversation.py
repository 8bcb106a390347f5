"""Simulated interviews: a profile talks to the interviewer by the same rules, prompts and words as a person does, without a database."""

from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.beginning import assigned, seed_of
from interviewer.models import Interview, Turn
from interviewer.moves import ENDS, OFFERS, PUTS_A_QUESTION
from interviewer.offers import CHOOSE, choice
from interviewer.policy import END, GO_ON
from interviewer.records import Conversation, status_after
from interviewer.simulation.clock import set_times
from interviewer.simulation.interviewing import Record, interviewer_says
from interviewer.simulation.participants import Participants
from interviewer.simulation.profiles import Profile
from interviewer.simulation.talk import SUMMARY
from interviewer.wording import ending
from llm import Model
from surveys.guide import Guide, Kind, Question
from surveys.models import GuideVersion, Participant, Survey


@dataclass(frozen=True)
class Voices:
    """Who speaks for whom. `record` hears of the interviewer's calls to a model that costs something."""

    interviewer: Model
    participants: Participants
    record: Record = lambda prompt, result: None


async def converse(profile: Profile, survey: Survey, version: GuideVersion, guide: Guide, voices: Voices) -> Conversation:
    """A finished interview, its records not saved yet. Raises ModelError where a model speaks for the participant and fails."""
    interview = _interview(profile, survey, version, guide)
    turns: list[Turn] = []
    asked: dict[str, int] = {}
    while True:
        conversation = Conversation(interview, guide, tuple(turns))
        words = await interviewer_says(conversation, voices.interviewer, voices.record)
        turns.append(Turn(number=len(turns) + 1, role=Turn.Role.INTERVIEWER, **vars(words)))
        if words.move in ENDS:
            how = ending(words.move, conversation.options)
            interview.status, interview.ended_because = status_after(how), how.value
            set_times(profile, interview, turns)
            return Conversation(interview, guide, turns)
        turns.append(await _participant_says(profile, guide, turns, asked, voices.participants))


async def _participant_says(profile: Profile, guide: Guide, turns: Sequence[Turn], asked: dict[str, int], participants: Participants) -> Turn:
    last = turns[-1]
    turn = Turn(number=len(turns) + 1, role=Turn.Role.PARTICIPANT, move="answer", question_key=last.question_key)
    if last.move in OFFERS:
        turn.move, turn.value = CHOOSE, END if profile.manner == "hostile" else GO_ON
        wording = choice(profile.language, guide).wordings[profile.language]
        turn.text = wording.options[turn.value == END]
        return turn
    question = guide.question(last.question_key) if last.question_key and last.move in PUTS_A_QUESTION else None
    if question and question.kind is not Kind.OPEN:
        _choose(turn, question, profile)
        return turn
    key = last.question_key or SUMMARY
    turn.text, turn.model, turn.prompt_version = await participants.answer(profile, guide, turns, key, asked.get(key, 0))
    asked[key] = asked.get(key, 0) + 1
    return turn


def _choose(turn: Turn, question: Question, profile: Profile) -> None:
    wording = question.wordings[profile.language]
    if question.options:
        index = profile.number % len(question.options)
        turn.text, turn.value = wording.options[index], question.options[index]
        if question.kind is Kind.MULTIPLE:
            turn.value = [turn.value]
    else:
        low = question.minimum or 0
        turn.value = low + profile.number % ((question.maximum if question.maximum is not None else low + 10) - low + 1)
        turn.text = str(turn.value)


def _interview(profile: Profile, survey: Survey, version: GuideVersion, guide: Guide) -> Interview:
    # Numbered apart from people, whose arms stay balanced among themselves.
    route = assigned(guide, seed=f"{seed_of(survey, version)}:simulated:{profile.seed}", number=profile.number - 1)
    participant = Participant(
        survey=survey,
        origin=Participant.Origin.SIMULATED,
        external_id=profile.name,
        language=profile.language,
        country=profile.country,
        age_band=profile.age_band,
        gender=profile.gender,
        occupation=profile.occupation,
    )
    return Interview(
        participant=participant,
        guide_version=version,
        language=profile.language,
        arm=route.arm,
        order=route.order,
        awaiting=Interview.Awaiting.NOBODY,
    )
