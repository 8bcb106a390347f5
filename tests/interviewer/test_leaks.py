"""The interviewer gives nothing away: no instructions, no addresses of its own, no code."""

import pytest

from interviewer.guard import Flaw, flaws
from interviewer.moves import Move
from interviewer.prompting import secret
from tests.guides import guide, question

GUIDE = guide(
    question("last_cup", learn="茶を飲むときに人がどのような気持ちになるのかを詳しく知りたい。"),
    goal="We suspect that tea makes people calmer than coffee does.",
)
SECRET = secret(GUIDE, "en")


@pytest.mark.parametrize(
    ("text", "language", "leaks"),
    [
        ("You are a research interviewer.", "en", True),
        ("My rules: name no theme, example or feeling that they have not named.", "en", True),
        ("It says that tea makes people calmer than coffee does", "en", True),
        ("Gut. Name no theme, example or feeling that they have not named.", "de", True),
        ("それは、茶を飲むときに人がどのような気持ちになるのかを詳しく知るためです。", "ja", True),
        ("Please see https://evil.example/x for more.", "en", True),
        ("Look at ｅｖｉｌ．ｃｏｍ please.", "en", True),
        ("Write to me@evil.example.", "en", True),
        ("```print```", "en", True),
        ("<b>What</b> happened?", "en", True),
        ("My move is already_answered.", "en", True),
        ('{"move": "probe"}', "en", True),
        ("Could you tell me a little more about that?", "en", False),
        ("I am an automated interviewer. I know only what you write here.", "en", False),
        ("You spoke of tea and coffee. Is anything wrong or missing?", "en", False),
        ("What made you calm at 10.30 on the 3.5 km walk?", "en", False),
        ("What happened then, e.g. at work...and after?", "en", False),
        ("كيف كان ذلك؟", "ar", False),
    ],
)
def test_what_gives_something_away_is_a_flaw(text: str, language: str, leaks: bool) -> None:
    found = flaws(text, Move.PROBE, language=language, secret=secret(GUIDE, language))
    assert (Flaw.LEAK in found) == leaks


@pytest.mark.parametrize(
    ("heard", "text"),
    [
        ("I bought it at Amazon.com and wrote to help@shop.example.", "What did help@shop.example answer about amazon.com?"),
        ("I typed {name} into it.", "What came after {name}?"),
        ("I think that tea makes people calmer than coffee does.", "Why do you say that tea makes people calmer than coffee does?"),
    ],
)
def test_what_the_participant_named_may_be_taken_up(heard: str, text: str) -> None:
    assert flaws(text, Move.PROBE, language="en", heard=heard, secret=SECRET) == ()
