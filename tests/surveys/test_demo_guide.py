"""The demonstration survey is whole in every language, and each of its questions asks one thing."""

import re
from pathlib import Path

import pytest
import yaml

from analysis.codebook import CodebookDocument, Shape
from surveys.guide import Guide
from surveys.languages import LANGUAGE_CHOICES

ROOT = Path(__file__).resolve().parents[2]
GUIDE = Guide.model_validate(yaml.safe_load((ROOT / "surveys/demo/guide.yaml").read_text(encoding="utf-8")))
CODEBOOK = CodebookDocument.model_validate(yaml.safe_load((ROOT / "analysis/codebooks/hopes-and-fears.yaml").read_text(encoding="utf-8")))
QUESTION_MARK = re.compile("[?？؟]")
SCRIPTS = {
    "ar": "\u0600-\u06ff",
    "bn": "\u0980-\u09ff",
    "hi": "\u0900-\u097f",
    "ja": "\u3040-\u30ff",
    "ko": "\uac00-\ud7a3",
    "ru": "\u0400-\u04ff",
    "zh-hans": "\u4e00-\u9fff",
}

every_language = pytest.mark.parametrize("language", GUIDE.languages)


def words(language: str) -> list[str]:
    texts = GUIDE.texts[language]
    asked = [text for question in GUIDE.questions for text in (question.wordings[language].text, *question.wordings[language].probes)]
    return [texts.title, texts.introduction, texts.consent, texts.opening, texts.closing, *asked]


def test_the_guide_is_worded_in_languages_the_program_speaks() -> None:
    assert set(GUIDE.languages) < {code for code, _ in LANGUAGE_CHOICES}
    assert len(GUIDE.languages) == 16
    assert set(GUIDE.texts) == set(GUIDE.languages)


def test_the_guide_asks_four_open_questions_within_their_budgets() -> None:
    asked = [(section.key, question.key, question.kind.value, question.probe_budget) for section in GUIDE.sections for question in section.questions]
    assert asked == [
        ("experience", "last_use", "open", 1),
        ("hopes", "magic_wand", "open", 2),
        ("hopes", "delivered", "open", 2),
        ("concerns", "concerns", "open", 2),
    ]


def test_no_profile_question_is_required() -> None:
    assert [(question.field.value, question.required) for question in GUIDE.profile] == [
        ("country", False),
        ("age_band", False),
        ("gender", False),
        ("occupation", False),
    ]


@every_language
def test_every_question_and_probe_asks_one_thing_and_ends_in_its_question_mark(language: str) -> None:
    for question in GUIDE.questions:
        wording = question.wordings[language]
        assert len(set(wording.probes)) == 3
        for text in (wording.text, *wording.probes):
            assert [match.end() for match in QUESTION_MARK.finditer(text)] == [len(text)], text


@every_language
def test_the_opening_and_closing_ask_nothing(language: str) -> None:
    texts = GUIDE.texts[language]
    assert QUESTION_MARK.findall(texts.opening + texts.closing) == []


@every_language
def test_every_text_stands_in_its_own_language(language: str) -> None:
    assert all(words(language))
    if language == "en":
        return
    assert set(words(language)) & set(words("en")) == set()
    if script := SCRIPTS.get(language):
        assert [text for text in words(language) if not re.search(f"[{script}]", text)] == []


@every_language
def test_the_consent_names_the_age_and_the_opening_the_length(language: str) -> None:
    digits = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
    texts = GUIDE.texts[language]
    assert "18" in texts.consent.translate(digits)
    assert "10" in texts.opening.translate(digits)
    assert "10" in texts.introduction.translate(digits)
    assert len(texts.consent.split("\n\n")) == 4


def test_the_codebook_codes_answers_to_questions_the_guide_asks() -> None:
    shapes = [(dimension.key, dimension.shape, dimension.questions, len(dimension.codes)) for dimension in CODEBOOK.dimensions]
    assert shapes == [
        ("hopes", Shape.SINGLE, ("magic_wand",), 10),
        ("delivered", Shape.SINGLE, ("delivered",), 8),
        ("fears", Shape.MULTIPLE, ("concerns",), 20),
        ("sentiment", Shape.ORDINAL, (), 7),
    ]
    assert CODEBOOK.dimension("sentiment").code_keys == ("1", "2", "3", "4", "5", "6", "7")
    assert {key for dimension in CODEBOOK.dimensions for key in dimension.questions} <= {question.key for question in GUIDE.questions}


def test_every_code_says_what_belongs_to_it_and_what_does_not() -> None:
    for dimension in CODEBOOK.dimensions:
        for code in dimension.codes:
            assert code.definition
            assert code.include
            assert code.exclude, code.key
            assert len(code.examples) in (2, 3), code.key
            assert all(example.endswith((".", "?")) for example in code.examples), code.key
