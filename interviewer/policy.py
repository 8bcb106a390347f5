"""Which moves the guide allows now. Pure: the guide and what was said go in, the options come out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from interviewer.reply import Move
from surveys.guide import Guide, Kind, Question
from surveys.routing import applies

CLARIFICATIONS_PER_QUESTION = 2


@dataclass(frozen=True)
class Said:
    """What policy needs to know of a turn. `move` of a participant's turn is 'answer', 'skip' or 'end'."""

    by_interviewer: bool
    move: str
    question: str = ""
    covered: tuple[str, ...] = ()
    value: Any = None


@dataclass(frozen=True)
class Route:
    """What this interview was given when it began: the order of the questions (empty: the guide's), and the participant's profile."""

    order: tuple[str, ...] = ()
    profile: Mapping[str, str] = field(default_factory=dict)


AS_WRITTEN = Route()


@dataclass(frozen=True)
class Options:
    """What the interviewer may do now.

    `forward` is the move that code makes alone when no model is needed or none can be had. `current` is the question under
    discussion, `next` the one that ASK puts, `after_next` the one put instead where the next was answered already.
    """

    forward: Move
    others: tuple[Move, ...] = ()
    current: Question | None = None
    next: Question | None = None
    after_next: Question | None = None
    probes_left: int = 0

    @property
    def moves(self) -> tuple[Move, ...]:
        return (*self.others, self.forward)

    @property
    def needs_model(self) -> bool:
        return bool(self.others) or self.forward is Move.SUMMARISE


def options(guide: Guide, turns: Sequence[Said], route: Route = AS_WRITTEN) -> Options:
    if not turns:
        first = _at(remaining(guide, turns, route), 0)
        return Options(Move.OPEN, next=first) if first else Options(Move.CLOSE)
    last_interviewer_move = next((turn.move for turn in reversed(turns) if turn.by_interviewer), "")
    if turns[-1].move == "end" or last_interviewer_move == Move.SUMMARISE:
        return Options(Move.CLOSE)
    return _after_an_answer(guide, turns, route)


def _after_an_answer(guide: Guide, turns: Sequence[Said], route: Route) -> Options:
    current = guide.question(next(turn.question for turn in reversed(turns) if turn.by_interviewer and turn.question))
    upcoming = remaining(guide, turns, route)
    forward = Move.ASK if upcoming else Move.SUMMARISE
    if turns[-1].move == "skip" or current.kind is not Kind.OPEN:
        return Options(forward, current=current, next=_at(upcoming, 0))
    probes_left = current.probe_budget - _count(turns, current, Move.PROBE)
    others = []
    if probes_left > 0:
        others.append(Move.PROBE)
    if _count(turns, current, Move.CLARIFY) < CLARIFICATIONS_PER_QUESTION:
        others.append(Move.CLARIFY)
    if len(upcoming) > 1 and upcoming[0].kind is Kind.OPEN:
        others.append(Move.ALREADY_ANSWERED)
    return Options(forward, tuple(others), current, _at(upcoming, 0), _at(upcoming, 1), max(probes_left, 0))


def remaining(guide: Guide, turns: Sequence[Said], route: Route = AS_WRITTEN) -> list[Question]:
    """The questions neither put nor covered yet whose conditions hold as far as is known, in this interview's order."""
    done = _done(turns)
    answers = {turn.question: turn.value for turn in turns if not turn.by_interviewer and turn.value is not None}
    ordered = [guide.question(key) for key in route.order] or list(guide.questions)
    return [question for question in ordered if question.key not in done and applies(question, answers, route.profile)]


def progress(guide: Guide, turns: Sequence[Said], route: Route = AS_WRITTEN) -> tuple[int, int]:
    """(core questions put or covered so far, core questions in all that this person will be asked as far as is known)."""
    done = len(_done(turns))
    return done, done + len(remaining(guide, turns, route))


def _done(turns: Sequence[Said]) -> set[str]:
    return {turn.question for turn in turns if turn.by_interviewer and turn.question} | {key for turn in turns for key in turn.covered}


def _count(turns: Sequence[Said], question: Question, move: Move) -> int:
    return sum(turn.by_interviewer and turn.move == move and turn.question == question.key for turn in turns)


def _at(questions: Sequence[Question], index: int) -> Question | None:
    return questions[index] if index < len(questions) else None
