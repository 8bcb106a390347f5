"""The rules of the conversation, as tables."""

import pytest

from interviewer.policy import Options, Route, Said, options, progress
from interviewer.reply import Move
from tests.guides import EVERY_KIND, TWO_OPEN, guide, question

LAST, BEST = TWO_OPEN.questions


def asked(key: str, move: str = "ask", **fields: object) -> Said:
    return Said(True, move, key, **fields)  # type: ignore[arg-type]


def heard(key: str = "", move: str = "answer") -> Said:
    return Said(False, move, key)


OPENED = [asked("last_cup", "open"), heard("last_cup")]
PROBED_OUT = [*OPENED, asked("last_cup", "probe"), heard(), asked("last_cup", "probe"), heard()]
SECOND = [*OPENED, asked("best_cup"), heard("best_cup")]


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([], Options(Move.OPEN, next=LAST)),
        (OPENED, Options(Move.ASK, (Move.PROBE, Move.CLARIFY), LAST, BEST, None, probes_left=2)),
        (PROBED_OUT, Options(Move.ASK, (Move.CLARIFY,), LAST, BEST, None, probes_left=0)),
        ([asked("last_cup", "open"), heard("last_cup", "skip")], Options(Move.ASK, (), LAST, BEST)),
        (SECOND, Options(Move.SUMMARISE, (Move.PROBE, Move.CLARIFY), BEST, None, None, probes_left=1)),
        ([*SECOND, asked("", "summarise"), heard()], Options(Move.CLOSE)),
        ([*OPENED[:1], heard("last_cup", "end")], Options(Move.CLOSE)),
        ([*SECOND, asked("", "summarise"), heard(move="skip")], Options(Move.CLOSE)),
    ],
)
def test_the_guide_decides_which_moves_are_open(turns: list[Said], expected: Options) -> None:
    assert options(TWO_OPEN, turns) == expected


def test_a_closed_question_is_followed_by_the_next_without_a_model() -> None:
    turns = [asked("last_cup", "open"), heard(), asked("sort"), heard("sort")]
    found = options(EVERY_KIND, turns)
    assert (found.moves, found.needs_model) == ((Move.ASK,), False)


def test_a_question_that_was_covered_is_not_put() -> None:
    three = guide(question("a"), question("b"), question("c"))
    opened = [asked("a", "open"), heard("a")]
    assert Move.ALREADY_ANSWERED in options(three, opened).moves
    covered = [*opened, asked("c", "already_answered", covered=("b",)), heard("c")]
    assert options(three, covered).forward is Move.SUMMARISE
    assert progress(three, covered) == (3, 3)


def test_clarifying_has_an_end() -> None:
    turns = [*OPENED, asked("last_cup", "clarify"), heard(), asked("last_cup", "clarify"), heard()]
    assert options(TWO_OPEN, turns).moves == (Move.PROBE, Move.ASK)


def test_progress_counts_questions_not_probes() -> None:
    assert [progress(TWO_OPEN, turns) for turns in ([], OPENED, PROBED_OUT, SECOND)] == [(0, 2), (1, 2), (1, 2), (2, 2)]


def test_a_question_whose_condition_does_not_hold_is_left_out() -> None:
    sort = question("sort", "single", options=["green", "black"], labels=["Green", "Black"])
    branched = guide(sort, question("why_green", ask_if=[{"question": "sort", "any_of": ["green"]}]), question("last_cup"))
    opened = [asked("sort", "open")]
    green, black = ([*opened, Said(False, "answer", "sort", value=value)] for value in ("green", "black"))
    assert options(branched, green).next == branched.question("why_green")
    assert options(branched, black).next == branched.question("last_cup")
    assert (progress(branched, opened), progress(branched, green), progress(branched, black)) == ((1, 2), (1, 3), (1, 2))


def test_an_interview_keeps_its_own_order_and_profile() -> None:
    local = guide(question("a"), question("b"), question("kenya", ask_if=[{"profile": "country", "any_of": ["KE"]}]))
    route = Route(("kenya", "b", "a"), {"country": "KE"})
    assert options(local, [], route).next == local.question("kenya")
    assert options(local, [asked("kenya", "open"), heard("kenya")], route).next == local.question("b")
    assert options(local, [], Route(("kenya", "b", "a"), {"country": "TZ"})).next == local.question("b")
    nobody = guide(question("kenya", ask_if=[{"profile": "country", "any_of": ["KE"]}]))
    assert options(nobody, []) == Options(Move.CLOSE)
