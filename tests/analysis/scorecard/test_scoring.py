"""Each measure of a transcript, on interviews small enough to count by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from analysis.scorecard.measures import MEASURES, Score
from analysis.scorecard.scoring import frame_of, score
from analysis.scorecard.words import alike, content, trigrams
from interviewer.models import Interview, Turn
from interviewer.records import Conversation
from surveys.models import Participant
from tests.guides import guide, question

GUIDE = guide(
    question("cup", probes=["Where was that?"]), question("sort", "single", options=["a", "b"], labels=["A", "B"]), question("wish", budget=1)
)
AT = datetime(2026, 3, 1, tzinfo=UTC)
MANY_WORDS = "word " * 45


def asks(text: str, key: str = "", move: str = "ask", **fields: Any) -> dict[str, Any]:
    return {"role": "interviewer", "text": text, "question_key": key, "move": move, "model": "m", "allowed": "probe,ask", **fields}


def says(text: str, key: str = "", move: str = "answer", **fields: Any) -> dict[str, Any]:
    return {"role": "participant", "text": text, "question_key": key, "move": move, **fields}


def scores(*said: dict[str, Any], language: str = "en", languages: dict[int, str] | None = None) -> dict[str, Score]:
    interview = Interview(participant=Participant(), language=language, started_at=AT, completed_at=AT + timedelta(minutes=6))
    turns = [Turn(number=number, **fields) for number, fields in enumerate(said, start=1)]
    return score(Conversation(interview, GUIDE, turns), languages or {}, frame_of(GUIDE, language))


OPENING = asks("Hello.\n\n[en] cup?", "cup", "open", model="")
INTERVIEW = (
    OPENING,
    says("Green leaves from my grandmother.", "cup"),
    asks("What do the leaves of your grandmother taste like?", "cup", "probe", refused=[["praise"], ["leading"]]),
    says("Bitter, like medicine.", "cup"),
    asks("Could you tell me a little more about that?", "cup", "probe", model=""),
    says("Bitter medicine, as a child in winter.", "cup"),
    asks("Thank you.\n\n[en] sort?", "sort", allowed="ask"),
    says("A", "sort", value="a"),
    asks("Thank you.\n\n[en] wish?", "wish", model=""),
    says(MANY_WORDS, "wish"),
    asks("What a fascinating wish. Why is that, and how often?", "wish", "probe"),
    says("I would rather not say.", "wish"),
    asks("Thank you. Goodbye.", "", "close", model=""),
)


def test_every_measure_of_one_interview() -> None:
    found = scores(*INTERVIEW, languages={2: "en", 10: "de"})
    words = 3 + 9 + 9 + 4 + 4 + 10 + 3
    told = 5 + 3 + 7 + 1 + 45 + 5
    assert found.pop("talk") == Score(words, words + told)
    assert found == {
        "coverage": Score(3, 3),
        "took_up": Score(1, 3),
        "followed_up": Score(2, 2),
        "let_go": Score(1, 1),
        "not_overprobed": Score(1, 1),
        "leading": Score(0, 3),
        "compound": Score(1, 3),
        "praise": Score(1, 3),
        "new_theme": Score(0, 3),
        "refused": Score(2, 5),
        "repeated": Score(0, 6),
        "interviewer_language": Score(7, 7),
        "participant_language": Score(0, 1),  # the other answers are too short to tell
        "emergence": Score(5, 7),  # bitter, medicine; child, winter; rather
        "stock": Score(1, 4),
        "turns": Score(13, 1),
        "minutes": Score(6.0, 1),
    }
    assert [measure.key for measure in MEASURES if measure.key != "talk"] == list(found)


WHY = asks("Why tea?", "cup", "probe")
IN_GERMAN = asks("Können Sie mir mehr darüber erzählen, und wie war das für Sie?", "cup", "probe")


@pytest.mark.parametrize(
    ("said", "measure", "expected"),
    [
        ((OPENING, says("", "cup", "skip"), asks("[en] sort?", "sort")), "followed_up", Score(0, 0)),
        ((OPENING, says("I would rather not say.", "cup"), WHY), "followed_up", Score(0, 0)),
        ((OPENING, says("I would rather not say.", "cup"), WHY), "let_go", Score(0, 1)),
        ((OPENING, says("Tea.", "cup"), asks("[en] sort?", "sort", allowed="ask")), "followed_up", Score(0, 0)),
        ((OPENING, says("Tea.", "cup"), asks("Thank you.\n\n[en] sort?", "sort")), "followed_up", Score(0, 1)),
        ((OPENING, says("Tea.", "cup"), asks("Do take the question as you like.", "cup", "clarify")), "followed_up", Score(1, 1)),
        ((OPENING, says("", "cup"), asks("[en] sort?", "sort")), "talk", Score(5, 5)),
        ((OPENING, says("Tea.", "cup"), asks("Surely you like it?", "cup", "probe")), "leading", Score(1, 1)),
        ((OPENING, says("Tea.", "cup"), asks("Are you afraid of surveillance?", "cup", "probe")), "new_theme", Score(1, 1)),
        ((OPENING, says("Tea.", "cup"), WHY, says("So.", "cup"), WHY), "repeated", Score(1, 2)),
        ((OPENING, says("Tea.", "cup"), IN_GERMAN), "interviewer_language", Score(1, 2)),
        ((OPENING, says(MANY_WORDS, "cup"), *[asks(f"{n}?", "cup", "probe") for n in range(2)]), "not_overprobed", Score(0, 1)),
    ],
)  # fmt: skip
def test_one_measure_in_one_case(said: tuple[dict[str, Any], ...], measure: str, expected: Score) -> None:
    assert scores(*said)[measure] == expected


@pytest.mark.parametrize(
    ("language", "answer", "probe", "taken_up"),
    [
        ("ja", "祖母の緑茶が好きです。", "緑茶はどんな味ですか。", True),
        ("ja", "祖母の緑茶が好きです。", "それはどんな味ですか。", False),
        ("ar", "أحب الشاي من جدتي", "كيف كانت جدتي تصنعه؟", True),
        ("en", "My grandmothers kept bees.", "What was your grandmother like?", True),
        ("en", "I like it when they are there.", "Where was that?", False),
    ],
)
def test_a_probe_takes_up_their_words_in_any_script(language: str, answer: str, probe: str, taken_up: bool) -> None:
    found = scores(asks(f"[{language}] cup?", "cup", "open"), says(answer, "cup"), asks(probe, "cup", "probe"), language=language)
    assert found["took_up"] == Score(taken_up, 1)


def test_words_of_content_in_several_scripts() -> None:
    assert list(content("The grandmothers, 1234 and I", "en")) == ["grand"]
    assert list(content("东京塔 ok", "zh-hans")) == ["东京", "京塔"]
    assert list(content("할머니는 차 좋아해요", "ko")) == ["할머", "좋아"]


def test_texts_are_alike_by_the_runs_they_share() -> None:
    one = trigrams("Could you tell me more about that?")
    assert alike(one, trigrams("Could you tell me more about this?"), 0.8)
    assert not alike(one, trigrams("Could you tell me why you went there?"), 0.8)
