"""What the engine reads and writes: each function is one transaction, and races are settled by conditional UPDATEs."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from interviewer import answer_care, offers
from interviewer.answers import Answer, Message
from interviewer.models import Interview, Turn
from interviewer.moves import ENDS, PUTS_A_QUESTION, Ending
from interviewer.policy import Options, Route, Said, options, progress
from interviewer.safety.alerts import Raised, raise_alert
from interviewer.safety.concern import Concern, concern
from interviewer.signals import interview_completed
from surveys.guide import Guide, ProfileField, Question, Wording
from surveys.models import GuideVersion

LEASE = timedelta(seconds=settings.INTERVIEW_LEASE_SECONDS)
LONGEST_PAUSE = timedelta(minutes=5)  # of what is counted as time spent on a question
ENDED_EARLY = (Ending.ASKED, Ending.OFF_TOPIC)
TOKEN = re.compile(r"[\w-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Conversation:
    """An interview as the engine sees it at one moment."""

    interview: Interview
    guide: Guide
    turns: Sequence[Turn] = field(default=())

    @property
    def said(self) -> list[Said]:
        turns = [turn for turn in self.turns if turn.repeats is None]  # what is said again in another language is said once
        said = [_said(turn, earlier) for earlier, turn in zip([None, *turns], turns, strict=False)]
        return [*said[:-1], replace(said[-1], concern=self.concern)] if said else []

    @property
    def concern(self) -> Concern:
        """What the participant's words tell of, where theirs are the last."""
        last = self.last
        if last is None or last.role != Turn.Role.PARTICIPANT or last.value is not None:
            return Concern.NONE
        return concern(last.text, self.interview.language)

    @property
    def route(self) -> Route:
        participant = self.interview.participant
        return Route(tuple(self.interview.order), {field.value: getattr(participant, field.value) for field in ProfileField})

    @property
    def options(self) -> Options:
        return options(self.guide, self.said, self.route)

    @property
    def progress(self) -> dict[str, int]:
        asked, of = progress(self.guide, self.said, self.route)
        return {"asked": asked, "of": of}

    @property
    def question(self) -> Question | None:
        """The guide question under discussion."""
        key = next((turn.question_key for turn in reversed(self.turns) if turn.role == Turn.Role.INTERVIEWER), "")
        return self.guide.question(key) if key else None

    @property
    def last(self) -> Turn | None:
        return self.turns[-1] if self.turns else None

    @property
    def to_say_again(self) -> Turn | None:
        """What the interviewer said last, where the participant is to answer it and has changed the language since."""
        interview, last = self.interview, self.last
        if last is None or last.role != Turn.Role.INTERVIEWER or interview.awaiting != Interview.Awaiting.PARTICIPANT:
            return None
        return last if last.held_in not in ("", interview.language) else None

    @property
    def put_question(self) -> tuple[Question, Wording] | None:
        """The question that the last turn put, if it put one: the guide's, or whether to go on."""
        language = self.interview.language
        if offers.offers(self.last):
            question = offers.choice(language, self.guide)
        elif self.last is None or self.last.move not in PUTS_A_QUESTION or not self.last.question_key:
            return None
        else:
            question = self.guide.question(self.last.question_key)
        return question, question.wordings[language]

    @property
    def confirmation(self) -> str:
        """The words that confirm what the last turn summed up; "" where it summed up nothing."""
        return offers.confirmation(self.last, self.interview.language, self.guide)


@dataclass(frozen=True)
class Words:
    """An interviewer's turn, ready to be stored."""

    move: str
    text: str
    question_key: str = ""
    probe_kind: str = ""
    covered: tuple[str, ...] = ()
    refused: tuple[tuple[str, ...], ...] = ()
    discussed: str = ""
    allowed: str = ""
    signpost: bool = False
    model: str = ""
    prompt_version: str = ""
    latency_ms: int | None = None
    first_token_ms: int | None = None
    input_tokens: int = 0
    output_tokens: int = 0


def _said(turn: Turn, before: Turn | None) -> Said:
    timed = before is not None and turn.created_at and before.created_at  # a simulated interview has no times yet
    seconds = min(turn.created_at - before.created_at, LONGEST_PAUSE).total_seconds() if before and timed else 0.0
    by_interviewer = turn.role == Turn.Role.INTERVIEWER
    return Said(by_interviewer, turn.move, turn.question_key, tuple(turn.covered), turn.value, max(seconds, 0.0), turn.signpost)


@lru_cache(maxsize=64)
def guide_of(version_id: int) -> Guide:
    return GuideVersion.every.get(pk=version_id).guide


def find(token: str) -> int | None:
    if not TOKEN.fullmatch(token):
        return None
    return Interview.objects.filter(participant__token=token).values_list("pk", flat=True).first()


def count_join(interview_id: int) -> int:
    """Which join of this interview this is, over all processes: the last one holds it."""
    with transaction.atomic():
        Interview.objects.filter(pk=interview_id).update(joins=F("joins") + 1)
        return Interview.objects.values_list("joins", flat=True).get(pk=interview_id)


def load(interview_id: int) -> Conversation:
    interview = Interview.objects.select_related("participant").get(pk=interview_id)
    return Conversation(interview, guide_of(interview.guide_version_id), list(interview.turns.order_by("number")))


@transaction.atomic
def store_answer(conversation: Conversation, message: Message, answer: Answer) -> int | None:
    """The number of the stored turn; None when it is not the participant's turn."""
    interview = conversation.interview
    mine = Interview.objects.filter(pk=interview.pk, awaiting=Interview.Awaiting.PARTICIPANT)
    if not mine.update(awaiting=Interview.Awaiting.INTERVIEWER, updated_at=timezone.now()):
        return None
    turn = _append(
        interview.pk,
        role=Turn.Role.PARTICIPANT,
        held_in=interview.language,
        move=offers.CHOOSE if offers.offers(conversation.last) and message.move == "answer" else message.move,
        client_id=message.id,
        question_key=conversation.question.key if conversation.question else "",
        text=answer.text,
        value=answer.value,
    )
    answer_care.keep(turn, interview, message.care)
    return turn.number


def stored_before(interview_id: int, message: Message) -> int | None:
    return Turn.objects.filter(interview=interview_id, client_id=message.id).values_list("number", flat=True).first()


def claim(interview_id: int) -> str | None:
    """Takes the interviewer's turn, for as long as the lease is renewed. None when someone else has it or it is not due."""
    now, owner = timezone.now(), secrets.token_hex(16)
    due = Interview.objects.filter(pk=interview_id, awaiting=Interview.Awaiting.INTERVIEWER)
    free = due.filter(Q(lease_until=None) | Q(lease_until__lt=now))
    return owner if free.update(lease_owner=owner, lease_until=now + LEASE) else None


def renew(interview_id: int, owner: str) -> bool:
    return bool(Interview.objects.filter(pk=interview_id, lease_owner=owner).update(lease_until=timezone.now() + LEASE))


def release(interview_id: int, owner: str) -> None:
    Interview.objects.filter(pk=interview_id, lease_owner=owner).update(lease_owner="", lease_until=None)


@transaction.atomic
def store_words(conversation: Conversation, owner: str, words: Words, ending: Ending = Ending.COMPLETED, raised: Raised | None = None) -> Turn | None:
    """The stored turn; None when the lease was lost to another process, whose words then count."""
    changes: dict[str, Any] = {"awaiting": Interview.Awaiting.PARTICIPANT}
    if words.move in ENDS:
        changes = {
            "awaiting": Interview.Awaiting.NOBODY,
            "status": status_after(ending),
            "ended_because": ending.value,
            "completed_at": timezone.now(),
        }
    mine = Interview.objects.filter(pk=conversation.interview.pk, awaiting=Interview.Awaiting.INTERVIEWER, lease_owner=owner)
    if not mine.update(lease_owner="", lease_until=None, updated_at=timezone.now(), **changes):
        return None
    turn = _append_words(conversation, words)
    if raised is not None:
        raise_alert(turn, raised)
    if words.move in ENDS:
        interview_id = conversation.interview.pk
        transaction.on_commit(lambda: interview_completed.send(sender=Interview, interview_id=interview_id))
    return turn


@transaction.atomic
def say_again(conversation: Conversation, turn: Turn, words: Words) -> Turn | None:
    """The turn once more in the interview's present language; None when the participant or another process was quicker."""
    interview = conversation.interview
    due = Interview.objects.filter(pk=interview.pk, awaiting=Interview.Awaiting.PARTICIPANT, language=interview.language)
    if not due.update(updated_at=timezone.now()) or Turn.objects.filter(interview=interview.pk, number__gt=turn.number).exists():
        return None
    return _append_words(conversation, words, repeats=turn.number)


def _append_words(conversation: Conversation, words: Words, **fields: Any) -> Turn:
    return _append(
        conversation.interview.pk,
        role=Turn.Role.INTERVIEWER,
        held_in=conversation.interview.language,
        move=words.move,
        text=words.text,
        question_key=words.question_key,
        probe_kind=words.probe_kind,
        covered=list(words.covered),
        refused=[list(reasons) for reasons in words.refused],
        discussed=words.discussed,
        allowed=words.allowed,
        signpost=words.signpost,
        model=words.model,
        prompt_version=words.prompt_version,
        latency_ms=words.latency_ms,
        first_token_ms=words.first_token_ms,
        input_tokens=words.input_tokens,
        output_tokens=words.output_tokens,
        **fields,
    )


def status_after(ending: Ending) -> Interview.Status:
    return Interview.Status.ENDED if ending in ENDED_EARLY else Interview.Status.COMPLETED


def _append(interview_id: int, **fields: Any) -> Turn:
    last = Turn.objects.filter(interview=interview_id).order_by("-number").values_list("number", flat=True).first() or 0
    return Turn.objects.create(interview_id=interview_id, number=last + 1, **fields)
