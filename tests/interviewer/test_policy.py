"""The rules of the conversation, as tables."""

import pytest

from interviewer.moves import Ending, Move
from interviewer.policy import CONFIRMED, END, GO_ON, Options, Route, Said, options, progress
from tests.guides import EVERY_KIND, TWO_OPEN, guide, question

LAST, BEST = TWO_OPEN.questions


def asked(key: str, move: str = "ask", **fields: object) -> Said:
    return Said(True, move, key, **fields)  # type: ignore[arg-type]


def heard(key: str = "", move: str = "answer") -> Said:
    return Said(False, move, key)


def chose(value: str) -> Said:
    return Said(False, "choose", value=value)


AT_ALL_TIMES = (Move.RETURN, Move.OFFER_END)
WITH_A_NEXT = (Move.ACCEPT_REFUSAL, *AT_ALL_TIMES)
OPENED = [asked("last_cup", "open"), heard("last_cup")]
PROBED_OUT = [*OPENED, asked("last_cup", "probe"), heard(), asked("last_cup", "probe"), heard()]
SECOND = [*OPENED, asked("best_cup"), heard("best_cup")]


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([], Options(Move.OPEN, next=LAST)),
        (OPENED, Options(Move.ASK, (Move.PROBE, Move.CLARIFY, *WITH_A_NEXT), LAST, BEST, None, probes_left=2)),
        (PROBED_OUT, Options(Move.ASK, (Move.CLARIFY, Move.EXHAUSTED, *WITH_A_NEXT), LAST, BEST, None, probes_left=0)),
        ([asked("last_cup", "open"), heard("last_cup", "skip")], Options(Move.ASK, (), LAST, BEST)),
        (SECOND, Options(Move.SUMMARISE, (Move.PROBE, Move.CLARIFY, *AT_ALL_TIMES), BEST, None, None, probes_left=1)),
        ([*SECOND, asked("", "summarise"), heard()], Options(Move.CLOSE, (Move.CORRECT_SUMMARY,))),
        ([*OPENED[:1], heard("last_cup", "end")], Options(Move.CLOSE, ending=Ending.ASKED)),
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
    assert options(TWO_OPEN, turns).moves == (Move.PROBE, *WITH_A_NEXT, Move.ASK)


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


def test_a_summary_is_confirmed_or_corrected_twice_at_most() -> None:
    summed_up = [*SECOND, asked("", "summarise")]
    corrected = [*summed_up, heard(), asked("", "correct_summary")]
    confirmed = Said(False, "answer", value=CONFIRMED)
    assert options(TWO_OPEN, [*summed_up, confirmed]) == Options(Move.CLOSE)
    assert options(TWO_OPEN, [*corrected, heard()]).moves == (Move.CORRECT_SUMMARY, Move.CLOSE)
    assert options(TWO_OPEN, [*corrected, heard(), asked("", "correct_summary"), heard()]) == Options(Move.CLOSE)


def test_the_fourth_time_off_topic_may_end_the_interview() -> None:
    strayed = list(OPENED)
    for times in range(3):
        assert (Move.RETURN in options(TWO_OPEN, strayed).moves, Move.END_OFF_TOPIC in options(TWO_OPEN, strayed).moves) == (True, False), times
        strayed += [asked("last_cup", "return"), heard("last_cup")]
    assert {Move.RETURN, Move.END_OFF_TOPIC} & set(options(TWO_OPEN, strayed).moves) == {Move.END_OFF_TOPIC}
    back_again = [*strayed, asked("last_cup", "probe"), heard("last_cup")]
    assert {Move.RETURN, Move.END_OFF_TOPIC} & set(options(TWO_OPEN, back_again).moves) == set()


def test_who_wants_to_stop_decides_it_and_who_goes_on_is_asked_what_is_open() -> None:
    offered = [*OPENED, asked("", "offer_end")]
    assert options(TWO_OPEN, [*offered, chose(END)]) == Options(Move.CLOSE, ending=Ending.ASKED)
    assert options(TWO_OPEN, [*offered, chose(GO_ON)]) == Options(Move.AGAIN, current=LAST, next=LAST)
    assert options(TWO_OPEN, [*offered, Said(False, "skip")]) == Options(Move.ASK, (), LAST, BEST)
    answered = [*OPENED, asked("last_cup", "probe"), heard("last_cup"), asked("", "offer_end"), chose(GO_ON)]
    assert options(TWO_OPEN, answered) == Options(Move.ASK, (), LAST, BEST)


def test_half_of_the_questions_are_announced_once() -> None:
    four = guide(*(question(key, budget=0) for key in "abcd"))
    turns = [asked("a", "open"), heard("a")]
    announced = []
    for key in "bcd":
        announced.append(options(four, turns).signpost)
        turns += [asked(key, signpost=announced[-1]), heard(key)]
    assert announced == [False, True, False]
    three = guide(question("a"), question("b"), question("c"))
    assert not options(three, [asked("a", "open"), heard("a"), asked("b"), heard("b")]).signpost


def spent(minutes: float, key: str = "last_cup") -> Said:
    return Said(False, "answer", key, seconds=60 * minutes)


def test_probes_have_budgets_by_question_by_minutes_and_by_interview() -> None:
    timed = guide(question("last_cup", minutes=3), question("best_cup"))
    opened = asked("last_cup", "open")
    assert [options(timed, [opened, spent(minutes)]).probes_left for minutes in (2.9, 3)] == [2, 0]
    few = guide(question("last_cup"), question("best_cup"), limits={"probes": 1})
    probed = [opened, heard("last_cup"), asked("last_cup", "probe"), heard("last_cup"), asked("best_cup"), heard("best_cup")]
    assert (options(few, probed[:2]).probes_left, options(few, probed).probes_left) == (1, 0)


def test_when_the_time_is_up_the_interview_is_summed_up_and_says_why_it_ended() -> None:
    short = guide(question("last_cup"), question("best_cup"), limits={"minutes": 10})
    opened = asked("last_cup", "open")
    assert options(short, [opened, spent(9)]).forward is Move.ASK
    late = [opened, spent(10)]
    assert (options(short, late).forward, options(short, late).next) == (Move.SUMMARISE, None)
    summed_up = [*late, asked("", "summarise"), Said(False, "answer", value=CONFIRMED)]
    assert options(short, summed_up) == Options(Move.CLOSE, ending=Ending.TIME)
