"""What the interviewer may not say."""

import pytest

from interviewer.guard import Flaw, flaws, whole_sentences
from interviewer.reply import Move


@pytest.mark.parametrize(
    ("text", "move", "expected"),
    [
        ("Could you tell me more?", Move.PROBE, ()),
        ("Why? And when?", Move.PROBE, (Flaw.COMPOUND,)),
        ("لماذا؟ ومتى؟", Move.PROBE, (Flaw.COMPOUND,)),
        ("なぜですか？いつですか？", Move.PROBE, (Flaw.COMPOUND,)),
        ("Really?!", Move.PROBE, ()),
        ("Γιατί; Πότε;", Move.PROBE, (Flaw.COMPOUND,)),
        ("Thank you.", Move.ASK, ()),
        ("Thank you. And then?", Move.ASK, (Flaw.COMPOUND,)),
        ("a" * 401, Move.PROBE, (Flaw.LONG,)),
        ("a" * 401, Move.SUMMARISE, ()),
        ("a" * 2401, Move.SUMMARISE, (Flaw.LONG,)),
    ],
)
def test_flaws_are_named(text: str, move: Move, expected: tuple[Flaw, ...]) -> None:
    assert flaws(text, move) == expected


@pytest.mark.parametrize(
    ("text", "released"),
    [
        ("I see", ""),
        ("I see.", ""),  # another mark may follow
        ("I see. What", "I see."),
        ("It cost 3.5 coins and", ""),
        ("そうですか。では、", "そうですか。"),
        ("أفهم. ماذا", "أفهم."),
        ("मैं समझा। आपने", "मैं समझा।"),
        ("One.\nTwo", "One.\n"),
        ("Why? Wh", "Why?"),
    ],
)
def test_words_are_released_by_whole_sentences(text: str, released: str) -> None:
    assert text[: whole_sentences(text)] == released
