"""The probe ledger of one interview: for each question whether it was put, how it was left, what could be asked further and what was. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from interviewer.models import Turn
from interviewer.moves import PUTS_A_QUESTION, Move
from interviewer.policy import Route
from surveys.guide import Guide, Question
from surveys.routing import applies


class State(StrEnum):
    """How a question was left. A refusal counts before the words it was made in; words count before a skip."""

    ANSWERED = "answered"
    REFUSED = "refused"
    SKIPPED = "skipped"
    UNANSWERED = "unanswered"
    COVERED = "covered"
    NOT_REACHED = "not_reached"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Entry:
    """offered: turns at which a follow-up was allowed. probes: follow-ups put, by kind."""

    question: str
    state: State
    offered: int = 0
    probes: Mapping[str, int] | None = None
    clarified: int = 0
    returned: int = 0
    exhausted: bool = False

    @property
    def probed(self) -> int:
        return sum((self.probes or {}).values())


def entries(guide: Guide, turns: Sequence[Turn], route: Route) -> tuple[Entry, ...]:
    """One for each question of the guide, in its order. turns: a whole interview's. What is not over yet counts as not reached."""
    answers = {turn.question_key: turn.value for turn in turns if _is_theirs(turn) and turn.value is not None}
    return tuple(_entry(question, turns, answers, route) for question in guide.questions)


def _entry(question: Question, turns: Sequence[Turn], answers: Mapping[str, Any], route: Route) -> Entry:
    chosen = [turn for turn in turns if not _is_theirs(turn) and turn.discussed == question.key]
    moves = Counter(turn.move for turn in chosen)
    return Entry(
        question=question.key,
        state=_state(question, turns, moves, answers, route),
        offered=sum(Move.PROBE in turn.allowed.split(",") for turn in chosen),
        probes=dict(Counter(turn.probe_kind for turn in chosen if turn.move == Move.PROBE)),
        clarified=moves[Move.CLARIFY],
        returned=moves[Move.RETURN],
        exhausted=moves[Move.EXHAUSTED] > 0,
    )


def _state(question: Question, turns: Sequence[Turn], moves: Mapping[str, int], answers: Mapping[str, Any], route: Route) -> State:
    put = any(turn.move in PUTS_A_QUESTION and turn.question_key == question.key for turn in turns)
    said = {turn.move for turn in turns if _is_theirs(turn) and turn.question_key == question.key}
    if any(question.key in turn.covered for turn in turns):
        return State.COVERED
    if not put:
        in_its_arm = not route.order or question.key in route.order
        return State.NOT_REACHED if in_its_arm and applies(question, answers, route.profile) else State.NOT_APPLICABLE
    if moves[Move.ACCEPT_REFUSAL]:
        return State.REFUSED
    return State.ANSWERED if "answer" in said else State.SKIPPED if "skip" in said else State.UNANSWERED


def _is_theirs(turn: Turn) -> bool:
    return turn.role == Turn.Role.PARTICIPANT
