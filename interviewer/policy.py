"""Which moves the guide allows now. Pure: the guide and what was said go in, the options come out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from interviewer.moves import OFFERS, SUMS_UP, Ending, Move
from interviewer.safety.concern import Concern
from surveys.guide import Guide, Kind, Question
from surveys.routing import applies

CLARIFICATIONS_PER_QUESTION = 2
RETURNS = 3  # to the question, from something else, before the interview may be ended politely
OFFERS_OF_AN_END = 2
CORRECTIONS = 2  # of the closing summary
SUPPORTS = 3  # offers of help in one interview
SHORTEST_WITH_A_HALF = 4  # questions
AT_FIRST = (Concern.DISTRESS, Concern.DANGER)
GO_ON, END, CONFIRMED = "go_on", "end", "confirmed"


@dataclass(frozen=True)
class Said:
    """What policy needs to know of a turn.

    `move` of a participant's turn is 'answer', 'skip', 'end' or 'choose' (between going on and ending). seconds: since the turn before.
    concern: what the participant's words tell of; needed of the last turn alone.
    """

    by_interviewer: bool
    move: str
    question: str = ""
    covered: tuple[str, ...] = ()
    value: Any = None
    seconds: float = 0
    signpost: bool = False
    concern: Concern = Concern.NONE


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
    discussion, `next` the one that going on puts, `after_next` the one put instead where the next was answered already. `signpost`:
    with the next question, half of them are done. `ending`: why the interview is over if it closes now. `support_at`: the concerns at
    which code offers help instead of what the model says.
    """

    forward: Move
    others: tuple[Move, ...] = ()
    current: Question | None = None
    next: Question | None = None
    after_next: Question | None = None
    probes_left: int = 0
    signpost: bool = False
    ending: Ending = Ending.COMPLETED
    support_at: tuple[Concern, ...] = AT_FIRST

    @property
    def moves(self) -> tuple[Move, ...]:
        return (*self.others, self.forward)

    @property
    def needs_model(self) -> bool:
        return bool(self.others) or self.forward is Move.SUMMARISE


def options(guide: Guide, turns: Sequence[Said], route: Route = AS_WRITTEN) -> Options:
    at = support_at(turns)
    if turns and turns[-1].concern in at:
        return Options(Move.SUPPORT, current=_current(guide, turns))
    return replace(_options(guide, turns, route), support_at=at)


def support_at(turns: Sequence[Said]) -> tuple[Concern, ...]:
    """The concerns at which help is offered now: once for distress, again for danger alone, SUPPORTS times at most."""
    offered = _count(turns, Move.SUPPORT)
    if offered >= SUPPORTS:
        return ()
    return (Concern.DANGER,) if offered else AT_FIRST


def _options(guide: Guide, turns: Sequence[Said], route: Route) -> Options:
    if not turns:
        first = _at(remaining(guide, turns, route), 0)
        return Options(Move.OPEN, next=first) if first else Options(Move.CLOSE)
    if turns[-1].move == "end" or (turns[-1].value == END and turns[-1].move == "choose"):
        return Options(Move.CLOSE, ending=Ending.ASKED)
    last_interviewer_move = next((turn.move for turn in reversed(turns) if turn.by_interviewer), "")
    if last_interviewer_move == Move.SUPPORT:
        return _after_support(guide, turns, route)
    if last_interviewer_move in SUMS_UP:
        return _after_the_summary(guide, turns, route)
    if last_interviewer_move in OFFERS:
        return _after_going_on(guide, turns, route)
    return _after_an_answer(guide, turns, route)


def _after_the_summary(guide: Guide, turns: Sequence[Said], route: Route) -> Options:
    ending = Ending.TIME if remaining(guide, turns, route) else Ending.COMPLETED
    corrected = sum(turn.move == Move.CORRECT_SUMMARY for turn in turns)
    done = turns[-1].move == "skip" or turns[-1].value == CONFIRMED or corrected >= CORRECTIONS
    return Options(Move.CLOSE, () if done else (Move.CORRECT_SUMMARY,), ending=ending)


def _after_support(guide: Guide, turns: Sequence[Said], route: Route) -> Options:
    """Never back to what was told of: on to the next question, and after the closing summary to the end."""
    before = next((turn.move for turn in reversed(turns) if turn.by_interviewer and turn.move != Move.SUPPORT), "")
    if before in SUMS_UP:
        return Options(Move.CLOSE, ending=Ending.TIME if remaining(guide, turns, route) else Ending.COMPLETED)
    return _forward(guide, turns, route, _current(guide, turns))


def _after_going_on(guide: Guide, turns: Sequence[Said], route: Route) -> Options:
    """The question under discussion once more where nothing but the wish to stop has answered it, else the next."""
    current = _current(guide, turns)
    answers = sum(not turn.by_interviewer and turn.move == "answer" and turn.question == current.key for turn in turns)
    if answers <= 1 and turns[-1].move == "choose":
        return Options(Move.AGAIN, current=current, next=current)
    return _forward(guide, turns, route, current)


def _after_an_answer(guide: Guide, turns: Sequence[Said], route: Route) -> Options:
    current = _current(guide, turns)
    going = _forward(guide, turns, route, current)
    if turns[-1].move == "skip" or current.kind is not Kind.OPEN:
        return going
    probes_left = _probes_left(guide, turns, current)
    possible = {
        Move.PROBE: probes_left > 0,
        Move.CLARIFY: _count(turns, Move.CLARIFY, current) < CLARIFICATIONS_PER_QUESTION,
        Move.ALREADY_ANSWERED: going.after_next is not None and going.next is not None and going.next.kind is Kind.OPEN,
        Move.EXHAUSTED: going.next is not None and _count(turns, Move.PROBE, current) > 0,
        Move.ACCEPT_REFUSAL: going.next is not None,
        **_on_leaving_the_subject(turns),
    }
    others = tuple(move for move, is_possible in possible.items() if is_possible)
    return Options(going.forward, others, current, going.next, going.after_next, probes_left, going.signpost, going.ending)


def _on_leaving_the_subject(turns: Sequence[Said]) -> dict[Move, bool]:
    """What may be done where the participant speaks of something else, or wants to stop."""
    returns = _count(turns, Move.RETURN)
    just_returned = next((turn.move for turn in reversed(turns) if turn.by_interviewer), "") == Move.RETURN
    return {
        Move.RETURN: returns < RETURNS,
        Move.END_OFF_TOPIC: returns >= RETURNS and just_returned,
        Move.OFFER_END: _count(turns, Move.OFFER_END) < OFFERS_OF_AN_END,
    }


def _forward(guide: Guide, turns: Sequence[Said], route: Route, current: Question) -> Options:
    """On to the next question; to the closing summary where none is left, or no time."""
    upcoming = [] if _time_is_up(guide, turns) else remaining(guide, turns, route)
    if not upcoming:
        return Options(Move.SUMMARISE, current=current)
    signpost = _is_half_done(*progress(guide, turns, route)) and not any(turn.signpost for turn in turns)
    return Options(Move.ASK, (), current, upcoming[0], _at(upcoming, 1), signpost=signpost)


def _probes_left(guide: Guide, turns: Sequence[Said], current: Question) -> int:
    """What the budgets leave: follow-ups on this question and in all, minutes on this question."""
    if current.minutes is not None and _seconds(turns, current) >= 60 * current.minutes:
        return 0
    left = current.probe_budget - _count(turns, Move.PROBE, current)
    if guide.limits.probes is not None:
        left = min(left, guide.limits.probes - _count(turns, Move.PROBE))
    return max(left, 0)


def _time_is_up(guide: Guide, turns: Sequence[Said]) -> bool:
    return guide.limits.minutes is not None and _seconds(turns) >= 60 * guide.limits.minutes


def _seconds(turns: Sequence[Said], question: Question | None = None) -> float:
    """How long the participant has had the word, on one question or in all."""
    return sum(turn.seconds for turn in turns if (not turn.by_interviewer and question is None) or (question and turn.question == question.key))


def _is_half_done(done: int, of: int) -> bool:
    return of >= SHORTEST_WITH_A_HALF and 2 * done <= of < 2 * (done + 1)


def remaining(guide: Guide, turns: Sequence[Said], route: Route = AS_WRITTEN) -> list[Question]:
    """The questions neither put nor covered yet whose conditions hold as far as is known, in this interview's order."""
    done = _done(turns)
    answers = {turn.question: turn.value for turn in turns if not turn.by_interviewer and turn.question and turn.value is not None}
    ordered = [guide.question(key) for key in route.order] or list(guide.questions)
    return [question for question in ordered if question.key not in done and applies(question, answers, route.profile)]


def progress(guide: Guide, turns: Sequence[Said], route: Route = AS_WRITTEN) -> tuple[int, int]:
    """(core questions put or covered so far, core questions in all that this person will be asked as far as is known)."""
    done = len(_done(turns))
    return done, done + len(remaining(guide, turns, route))


def _current(guide: Guide, turns: Sequence[Said]) -> Question:
    return guide.question(next(turn.question for turn in reversed(turns) if turn.by_interviewer and turn.question))


def _done(turns: Sequence[Said]) -> set[str]:
    return {turn.question for turn in turns if turn.by_interviewer and turn.question} | {key for turn in turns for key in turn.covered}


def _count(turns: Sequence[Said], move: Move, question: Question | None = None) -> int:
    return sum(turn.by_interviewer and turn.move == move and (question is None or turn.question == question.key) for turn in turns)


def _at(questions: Sequence[Question], index: int) -> Question | None:
    return questions[index] if index < len(questions) else None
