"""What tells of distress or danger, in every language that has a list of phrases, and what does not."""

from pathlib import Path

import pytest
import yaml

from interviewer.guard.words import languages as guarded
from interviewer.safety.concern import Concern, concern, languages, stricter

SENTENCES = yaml.safe_load(Path(__file__).with_name("safety_sentences.yaml").read_text(encoding="utf-8"))
ANSWERS = Path(__file__).parents[2] / "interviewer/simulation/answers"


@pytest.mark.parametrize(
    ("language", "told", "text"),
    [(language, told, text) for language, kinds in SENTENCES.items() for told, texts in kinds.items() for text in texts],
)
def test_what_is_told_is_noticed_and_what_is_not_told_is_not(language: str, told: str, text: str) -> None:
    assert concern(text, language) == Concern(told)


def test_every_language_of_the_guard_has_its_phrases_and_its_sentences() -> None:
    assert sorted(SENTENCES) == list(languages()) == list(guarded())
    assert all(kinds.keys() == {"danger", "distress", "none"} for kinds in SENTENCES.values())


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("Ich will nicht mehr leben.", "en", Concern.DANGER),
        ("Ich kann nicht mehr.", "en", Concern.NONE),
        ("我想自殺", "zh-hant", Concern.DANGER),
        ("Não aguento mais.", "pt-br", Concern.DISTRESS),
        ("I want to die. I can't go on.", "fi", Concern.DANGER),
        ("  \n", "en", Concern.NONE),
    ],
)
def test_danger_is_noticed_in_any_language_and_distress_in_the_interviews(text: str, language: str, told: Concern) -> None:
    assert concern(text, language) == told


def test_the_stricter_counts() -> None:
    assert stricter(Concern.DANGER, Concern.NONE) == stricter(Concern.DISTRESS, Concern.DANGER) == Concern.DANGER
    assert stricter(Concern.NONE, Concern.DISTRESS) == Concern.DISTRESS


@pytest.mark.parametrize("path", sorted(ANSWERS.glob("*.yaml")), ids=lambda path: path.stem)
def test_nothing_that_invented_participants_say_of_ai_raises_a_concern(path: Path) -> None:
    def strings(value: object) -> list[str]:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return [value] if isinstance(value, str) else [text for each in inner for text in strings(each)]

    said = strings(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert len(said) > 50
    assert [text for text in said if concern(text, path.stem) != Concern.NONE] == []
