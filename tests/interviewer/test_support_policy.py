"""When help is offered, and how the interview goes on after it."""

import pytest

from interviewer.moves import Ending, Move
from interviewer.policy import END, GO_ON, Options, Said, options
from interviewer.safety.alerts import FoundBy, Raised, raised
from interviewer.safety.concern import Concern
from tests.guides import TWO_OPEN

LAST, BEST = TWO_OPEN.questions
OPEN, ANSWER = Said(True, "open", "last_cup"), Said(False, "answer", "last_cup")
SUPPORT = Said(True, "support")
GOING_ON, ENDING = Said(False, "choose", value=GO_ON), Said(False, "choose", value=END)
AGAIN = (Concern.DANGER,)


def told(concern: Concern, question: str = "last_cup") -> Said:
    return Said(False, "answer", question, concern=concern)


def round_of(concern: Concern) -> list[Said]:
    return [told(concern), SUPPORT, GOING_ON, Said(True, "ask", "best_cup")]


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([OPEN, told(Concern.DISTRESS)], Options(Move.SUPPORT, current=LAST)),
        ([OPEN, told(Concern.DANGER)], Options(Move.SUPPORT, current=LAST)),
        ([OPEN, ANSWER, SUPPORT, GOING_ON], Options(Move.ASK, (), LAST, BEST, support_at=AGAIN)),
        ([OPEN, ANSWER, SUPPORT, ENDING], Options(Move.CLOSE, ending=Ending.ASKED, support_at=AGAIN)),
        ([OPEN, ANSWER, SUPPORT, Said(False, "skip")], Options(Move.ASK, (), LAST, BEST, support_at=AGAIN)),
        ([OPEN, *round_of(Concern.DISTRESS), told(Concern.DANGER, "best_cup")], Options(Move.SUPPORT, current=BEST)),
        ([OPEN, ANSWER, Said(True, "ask", "best_cup"), ANSWER, SUPPORT, GOING_ON], Options(Move.SUMMARISE, current=BEST, support_at=AGAIN)),
        ([OPEN, ANSWER, Said(True, "summarise"), told(Concern.DANGER, "")], Options(Move.SUPPORT, current=LAST)),
        ([OPEN, ANSWER, Said(True, "summarise"), ANSWER, SUPPORT, GOING_ON], Options(Move.CLOSE, ending=Ending.TIME, support_at=AGAIN)),
    ],
)
def test_help_comes_before_everything_and_nothing_is_asked_about_what_was_told(turns: list[Said], expected: Options) -> None:
    assert options(TWO_OPEN, turns) == expected


def test_help_is_offered_once_for_distress_and_again_only_for_danger_three_times_at_most() -> None:
    once = [OPEN, *round_of(Concern.DISTRESS)]
    assert options(TWO_OPEN, [*once, told(Concern.DISTRESS, "best_cup")]).forward is Move.SUMMARISE
    thrice = [*once, *round_of(Concern.DANGER), *round_of(Concern.DANGER)]
    after = options(TWO_OPEN, [*thrice, told(Concern.DANGER, "best_cup")])
    assert (after.forward, after.support_at) == (Move.SUMMARISE, ())


@pytest.mark.parametrize(
    ("words", "model", "expected"),
    [
        ("danger", "none", Raised(Concern.DANGER, FoundBy.WORDS)),
        ("none", "distress", Raised(Concern.DISTRESS, FoundBy.MODEL)),
        ("distress", "danger", Raised(Concern.DANGER, FoundBy.BOTH)),
    ],
)
def test_the_stricter_judgement_counts(words: str, model: str, expected: Raised) -> None:
    assert raised(Concern(words), Concern(model)) == expected
