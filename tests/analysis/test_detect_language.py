"""The language of a turn: script, expectation and what else was said decide together."""

import csv
import os
from pathlib import Path

import pytest

from analysis.detection import detect
from surveys.languages import normalise

SURVEY = ("ar", "bn", "de", "en", "es", "fr", "hi", "id", "ja", "ko", "pt", "ru", "sw", "tr", "vi", "zh-hans")


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("I hope that my children will live in peace and have work.", "de", "en"),
        ("Ich hoffe, dass meine Kinder in Frieden leben und Arbeit haben.", "en", "de"),
        ("Tôi hy vọng các con tôi sẽ có việc làm.", "en", "vi"),
        ("我希望孩子们有更好的生活。", "en", "zh-hans"),
        ("我希望孩子們有更好的生活。", "en", "zh-hant"),
        ("子供たちに良い生活を送ってほしい。", "en", "ja"),
        ("AIが仕事を奪うのが怖い", "en", "ja"),
        ("Я боюсь потерять работу.", "en", "ru"),
        ("Φοβάμαι ότι θα χάσω τη δουλειά μου.", "en", "el"),
        ("ฉันกลัวตกงาน", "en", "th"),
        ("Boję się, że stracę pracę, a ceny są coraz wyższe i wyższe.", "en", "pl"),
        ("no", "es", "es"),
        ("no", "en", "en"),
        ("OK", "pt", "pt"),
        ("👍 5", "en", "und"),
        ("", "en", "und"),
        ("ⴰⵣⵓⵍ ⴼⵍⵍⴰⵡⵏ", "en", "und"),
    ],
)
def test_a_text_gets_its_language(text: str, declared: str, language: str) -> None:
    assert detect(text, declared=declared, allowed=SURVEY)[0] == language


def test_a_short_text_leans_on_what_else_was_said() -> None:
    said = "No confío en el gobierno. Tengo miedo de perder mi trabajo y de que mis hijos no encuentren uno."
    assert detect("No sé", declared="en", allowed=SURVEY, context=said)[0] == "es"


def test_the_same_text_gets_the_same_answer_every_time() -> None:
    text = "Todo esta demasiado caro, muito caro"
    assert len({detect(text, declared="en", allowed=SURVEY) for _ in range(5)}) == 1


def test_codes_are_ours() -> None:
    assert detect("Jeg er redd for å miste jobben min.", declared="no", allowed=["no"])[0] == "nb"
    assert detect("我怕失去工作，没有钱。", declared="zh_CN", allowed=["en"])[0] == "zh-hans"


def shared(name: str) -> Path:
    folder = Path(os.environ.get("COLLOQUY_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
    if not (folder / name).exists():
        pytest.skip(f"{name} is not here: it is no part of the project (COLLOQUY_SHARED_DATA says where it is)")
    return folder / name


def hits(survey: set[str], declared: str = "") -> float:
    """The share of eight parallel answers in each language that get it, with the rest of the person's answers as context."""
    rows = [line.rstrip("\n").split("\t") for line in shared("short_answers_49_languages.tsv").read_text(encoding="utf-8").splitlines()]
    rows = [(normalise(row[0]), row[1:]) for row in rows if not survey or normalise(row[0]) in survey]
    allowed = [language for language, _ in rows]
    found = [
        detect(text, declared=declared or language, allowed=allowed, context="\n".join(other for other in texts if other != text))[0] == language
        for language, texts in rows
        for text in texts
    ]
    return sum(found) / len(found)


def test_answers_in_the_demonstrations_languages_are_told_apart() -> None:
    assert hits(set(SURVEY)) == 1.0
    assert hits(set(SURVEY), declared="en") >= 0.99


def test_answers_in_forty_nine_languages_are_told_apart() -> None:
    assert hits(set()) >= 0.98
    assert hits(set(), declared="en") >= 0.97


@pytest.mark.parametrize(("name", "language"), [("comments_german.csv", "de"), ("comments_chinese.csv", "zh-hant")])
def test_real_comments_are_recognised_although_english_was_declared(name: str, language: str) -> None:
    with shared(name).open(encoding="utf-8-sig", newline="") as file:
        found = [detect(row["comment-body"], declared="en", allowed=SURVEY)[0] for row in csv.DictReader(file)]
    assert found.count(language) / len(found) >= 0.97
