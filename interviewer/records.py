"""What the engine reads and writes: each function is one transaction, and races are settled by conditional UPDATEs."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from interviewer import answer_care
from interviewer.answers import Answer, Message
from interviewer.models import Interview, Turn
from interviewer.policy import Options, Route, Said, options, progress
from interviewer.signals import interview_completed
from interviewer.turns import PUTS_A_QUESTION
from surveys.guide import Guide, ProfileField, Question, Wording
from surveys.models import GuideVersion

LEASE = timedelta(seconds=settings.INTERVIEW_LEASE_SECONDS)
TOKEN = re.compile(r"[\w-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Conversation:
    """An interview as the engine sees it at one moment."""

    interview: Interview
    guide: Guide
    turns: Sequence[Turn] = field(default=())

    @property
    def said(self) -> list[Said]:
        return [Said(turn.role == Turn.Role.INTERVIEWER, turn.move, turn.question_key, tuple(turn.covered), turn.value) for turn in self.turns]

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
    def put_question(self) -> tuple[Question, Wording] | None:
        """The guide question that the last turn put, if it put one."""
        last = self.turns[-1] if self.turns else None
        if last is None or last.move not in PUTS_A_QUESTION or not last.question_key:
            return None
        question = self.guide.question(last.question_key)
        return question, question.wordings[self.interview.language]


@dataclass(frozen=True)
class Words:
    """An interviewer's turn, ready to be stored."""

    move: str
    text: str
    question_key: str = ""
    probe_kind: str = ""
    covered: tuple[str, ...] = ()
    refused: tuple[tuple[str, ...], ...] = ()
    model: str = ""
    prompt_version: str = ""
    latency_ms: int | None = None
    first_token_ms: int | None = None
    input_tokens: int = 0
    output_tokens: int = 0


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
        move=message.move,
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
def store_words(conversation: Conversation, owner: str, words: Words) -> Turn | None:
    """The stored turn; None when the lease was lost to another process, whose words then count."""
    changes: dict[str, Any] = {"awaiting": Interview.Awaiting.PARTICIPANT}
    if words.move == "close":
        early = bool(conversation.turns) and conversation.turns[-1].move == "end"
        status = Interview.Status.ENDED if early else Interview.Status.COMPLETED
        changes = {"awaiting": Interview.Awaiting.NOBODY, "status": status, "completed_at": timezone.now()}
    mine = Interview.objects.filter(pk=conversation.interview.pk, awaiting=Interview.Awaiting.INTERVIEWER, lease_owner=owner)
    if not mine.update(lease_owner="", lease_until=None, updated_at=timezone.now(), **changes):
        return None
    turn = _append(
        conversation.interview.pk,
        role=Turn.Role.INTERVIEWER,
        move=words.move,
        text=words.text,
        question_key=words.question_key,
        probe_kind=words.probe_kind,
        covered=list(words.covered),
        refused=[list(reasons) for reasons in words.refused],
        model=words.model,
        prompt_version=words.prompt_version,
        latency_ms=words.latency_ms,
        first_token_ms=words.first_token_ms,
        input_tokens=words.input_tokens,
        output_tokens=words.output_tokens,
    )
    if words.move == "close":
        interview_id = conversation.interview.pk
        transaction.on_commit(lambda: interview_completed.send(sender=Interview, interview_id=interview_id))
    return turn


def _append(interview_id: int, **fields: Any) -> Turn:
    last = Turn.objects.filter(interview=interview_id).order_by("-number").values_list("number", flat=True).first() or 0
    return Turn.objects.create(interview_id=interview_id, number=last + 1, **fields)
