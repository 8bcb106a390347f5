"""Stores imported interviews, each row once however often it is imported."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from interviewer.imports import Problem, Record, Spoken
from interviewer.models import Interview, Turn
from surveys.guide import Guide
from surveys.languages import best_match
from surveys.models import GuideVersion, Participant, Survey
from surveys.withdrawal import withdrawn_among

NAMESPACE = uuid.UUID("6f0d7f0e-58a6-5e0f-9d0b-0a5f3c1f7a11")
CHUNK = 500


@dataclass(frozen=True)
class Target:
    survey: Survey
    version: GuideVersion
    guide: Guide
    language: str


@dataclass
class Stored:
    """What became of some rows. changed: ids of the interviews that are new or have new turns."""

    imported: int = 0
    already: int = 0
    problems: list[Problem] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)


@dataclass
class _Person:
    """A participant with what is stored of them, or is about to be."""

    participant: Participant
    interview: Interview
    known: set[uuid.UUID | None] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    last: int = 0
    new: list[Turn] = field(default_factory=list)


@transaction.atomic
def store(records: Sequence[Record], target: Target) -> Stored:
    Survey.objects.select_for_update().get(pk=target.survey.pk)  # two imports at once take turns
    external_ids = {record.external_id for record in records}
    people, withdrawn = _stored(external_ids, target), withdrawn_among(target.survey.pk, external_ids)
    result = Stored()
    for record in records:
        if record.external_id in withdrawn:
            result.problems.append(Problem(record.line, "its id belongs to someone who has withdrawn"))
            continue
        person = people.get(record.external_id) or _newcomer(record, target)
        turns = _turns(record, person, target)
        if {turn.client_id for turn in turns} <= person.known:
            result.already += 1
        elif why := _conflict(record, person):
            result.problems.append(Problem(record.line, why))
        else:
            _take(person, turns)
            people[record.external_id] = person
            result.imported += 1
    result.changed = _write([person for person in people.values() if person.new])
    return result


def _stored(external_ids: set[str], target: Target) -> dict[str, _Person]:
    found = Interview.objects.filter(participant__survey=target.survey, participant__external_id__in=external_ids)
    people = {interview.pk: _Person(interview.participant, interview) for interview in found.select_related("participant")}
    for turn in Turn.objects.filter(interview__in=people).order_by("interview_id", "number"):
        _note(people[turn.interview_id], turn)
    without = Participant.objects.filter(survey=target.survey, external_id__in=external_ids, interview=None)
    unmet = {participant.external_id: _Person(participant, _interview(participant, target)) for participant in without}
    return unmet | {person.participant.external_id: person for person in people.values()}


def _newcomer(record: Record, target: Target) -> _Person:
    participant = Participant(
        survey=target.survey,
        origin=Participant.Origin.IMPORTED,
        external_id=record.external_id,
        language=record.language or target.language,
        country=record.country,
    )
    return _Person(participant, _interview(participant, target))


def _interview(participant: Participant, target: Target) -> Interview:
    return Interview(
        participant=participant,
        guide_version=target.version,
        language=participant.language,
        status=Interview.Status.COMPLETED,
        awaiting=Interview.Awaiting.NOBODY,
        completed_at=timezone.now(),
    )


def _conflict(record: Record, person: _Person) -> str:
    if person.participant.origin != Participant.Origin.IMPORTED:
        return "its id belongs to someone who takes part here"
    if person.last and (not record.question or record.question in person.answered):
        return "its id was imported before with other content" + ("" if record.question else "; answers to another question need --question")
    return ""


def _turns(record: Record, person: _Person, target: Target) -> list[Turn]:
    """The record's turns, numbered after those the person has. An answer follows the question it answers."""
    spoken = list(record.turns)
    if record.question:
        wordings = target.guide.question(record.question).wordings
        spoken.insert(0, Spoken(False, wordings[best_match([person.interview.language], list(wordings))].text))
    return [_turn(record, person, place, each) for place, each in enumerate(spoken, start=1)]


def _turn(record: Record, person: _Person, place: int, spoken: Spoken) -> Turn:
    content = "\n".join((record.external_id, record.question, str(place), spoken.text if spoken.by_participant or not record.question else ""))
    role, move = (Turn.Role.PARTICIPANT, "answer") if spoken.by_participant else (Turn.Role.INTERVIEWER, "ask" if record.question else "imported")
    return Turn(
        interview=person.interview,
        number=person.last + place,
        role=role,
        move=move,
        text=spoken.text,
        question_key=record.question,
        client_id=uuid.uuid5(NAMESPACE, content),
    )


def _take(person: _Person, turns: Iterable[Turn]) -> None:
    for turn in turns:
        person.new.append(turn)
        _note(person, turn)


def _note(person: _Person, turn: Turn) -> None:
    person.known.add(turn.client_id)
    person.last = turn.number
    if turn.role == Turn.Role.PARTICIPANT:
        person.answered.add(turn.question_key)


def _write(people: list[_Person]) -> list[int]:
    Participant.objects.bulk_create([person.participant for person in people if person.participant.pk is None])
    starting = [person.interview for person in people if person.interview.pk is None]
    for interview in starting:
        interview.participant_id = interview.participant.pk
    Interview.objects.bulk_create(starting)
    turns = [turn for person in people for turn in person.new]
    for turn in turns:
        turn.interview_id = turn.interview.pk
    Turn.objects.bulk_create(turns, batch_size=2000)
    return [person.interview.pk for person in people]
