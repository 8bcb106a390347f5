"""What in a quote narrows down who said it: found by rule, explained, and said more broadly as a suggestion."""

import pytest

from analysis.privacy.clues import Checked, Clue, Risk, check, find


@pytest.mark.parametrize(
    ("text", "clues", "broader"),
    [
        ("I am a nurse in Tromsø.", {Clue.JOB: "a nurse", Clue.PLACE: "Tromsø"}, "I am a health worker in Norway."),
        ("I taught at Lincoln High School until March 2019.", {Clue.EMPLOYER: "Lincoln High School", Clue.DATE: "March 2019"}, None),
        ("Soy médico en Cuenca.", {Clue.JOB: "médico", Clue.PLACE: "Cuenca"}, "Soy a health worker en Norway."),
        ("Ich bin Lehrerin aus Görlitz.", {Clue.JOB: "Lehrerin", Clue.PLACE: "Görlitz"}, "Ich bin someone who works in education aus Norway."),
        ("Since the earthquake I am the only midwife here.", {Clue.EVENT: "earthquake", Clue.RARE: "the only", Clue.JOB: "midwife"}, None),
        ("On 12.05.2021 it began.", {Clue.DATE: "12.05.2021"}, "On [date] it began."),
        ("People in Kenya and in Europe use it in English.", {}, ""),
        ("I hope that AI will help us all.", {}, ""),
    ],
)
def test_clues_are_found_and_widened(text: str, clues: dict[Clue, str], broader: str | None) -> None:
    assert {each.clue: each.words for each in find(text, "Norway")} == clues
    if broader is not None:
        assert check(text, country="Norway", k=9, people=90).suggestion == broader


def test_why_a_quote_is_risky_is_said_in_words() -> None:
    assert check("I am a nurse.", country="Norway", k=1, people=240) == Checked(
        Risk.HIGH,
        (
            "Occupation: “a nurse”.",
            "1 of 240 people in the survey has this country, age, gender and occupation: do not show them together.",
        ),
        "I am a health worker.",
        1,
    )


@pytest.mark.parametrize(
    ("text", "k", "context", "risk"),
    [
        ("I hope.", 50, "", Risk.LOW),
        ("I hope.", 4, "", Risk.SOME),
        ("In Tromsø I hope.", 50, "", Risk.SOME),
        ("A nurse in Tromsø, in March 2019.", 50, "", Risk.HIGH),
        ("من ممرضة", 50, "I am a nurse in Tromsø since May 2001.", Risk.HIGH),
    ],
)
def test_how_high_the_risk_is(text: str, k: int, context: str, risk: Risk) -> None:
    assert check(text, country="Norway", k=k, people=240, context=context).risk is risk
