"""Simulated participants are repeatable, near the published shares, and have something to say for every code in every language."""

from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import yaml

from analysis.codebook import CodebookDocument
from interviewer.simulation.places import places
from interviewer.simulation.profiles import (
    AGE_BANDS,
    DELIVERED,
    FEARS,
    FOLLOW_UPS,
    GENDERS,
    HOPES,
    MANNERS,
    SUMMARY,
    Profile,
    answers_for,
    library,
    profiles,
)
from surveys.languages import ISO_COUNTRIES, LANGUAGE_CHOICES

LANGUAGES = [code for code, _ in LANGUAGE_CHOICES]
CODEBOOK_FILE = Path(__file__).resolve().parents[2] / "analysis/codebooks/hopes-and-fears.yaml"
CODEBOOK = CodebookDocument.model_validate(yaml.safe_load(CODEBOOK_FILE.read_text(encoding="utf-8")))
SENTENCE_ENDS = (".", "?", "。", "।")
MANY = list(profiles(5000, seed=1, languages=LANGUAGES))

every_language = pytest.mark.parametrize("language", LANGUAGES)


ANYONE = Profile(
    number=1,
    language="en",
    country="KE",
    age_band="25-34",
    gender="woman",
    occupation="nurse",
    hope="time_freedom",
    delivered="has_not",
    fears=("jobs_economy", "bias"),
    sentiment=6,
    manner="plain",
)


def share(counts: Counter[str], code: str) -> float:
    return 100 * counts[code] / len(MANY)


@every_language
def test_every_code_has_different_sentences_in_every_language(language: str) -> None:
    said = library(language)
    assert set(said.hopes) == set(CODEBOOK.dimension("hopes").code_keys)
    assert set(said.delivered) == set(CODEBOOK.dimension("delivered").code_keys)
    assert set(said.fears) == set(CODEBOOK.dimension("fears").code_keys)
    assert set(said.overall) == set(CODEBOOK.dimension("sentiment").code_keys)
    assert all(len(variants) >= (2 if code == "none" else 3) for code, variants in said.hopes.items())
    assert all(len(variants) >= 2 for variants in (*said.delivered.values(), *said.fears.values()))
    assert len(said.last_use) >= 6
    assert [len(said.more), len(said.refusals), len(said.minimal), len(said.summary_reply)] == [4, 3, 3, 3]
    groups = (*said.hopes.values(), *said.delivered.values(), *said.fears.values(), said.last_use, said.more, said.refusals, said.minimal)
    sentences = [*(sentence for group in groups for sentence in group), *said.overall.values(), *said.openers]
    assert [sentence for sentence, times in Counter(sentences).items() if times > 1] == []
    assert [sentence for sentence in sentences if not sentence.endswith(SENTENCE_ENDS)] == []


@every_language
def test_lists_are_as_long_as_in_the_other_languages(language: str) -> None:
    # A comma in an unquoted YAML list would cut a sentence in two.
    if language == "en":
        return
    said = library(language)
    assert {len(variants) for variants in said.fears.values()} == {2}
    assert {len(variants) for variants in said.delivered.values()} == {2}
    assert (len(said.openers), len(said.last_use)) == (4, 7)


def test_a_profile_depends_on_its_number_and_not_on_the_count() -> None:
    assert list(profiles(40, seed=1, languages=LANGUAGES)) == MANY[:40]
    assert list(islice(profiles(9, seed=1, languages=LANGUAGES), 9)) == MANY[:9]


def test_another_seed_makes_other_people() -> None:
    assert list(profiles(20, seed=2, languages=LANGUAGES)) != MANY[:20]


@pytest.mark.parametrize(
    ("table", "field"),
    [(HOPES, "hope"), (DELIVERED, "delivered"), (MANNERS, "manner"), (AGE_BANDS, "age_band"), (GENDERS, "gender")],
)
def test_shares_come_near_their_table(table: dict[str, float], field: str) -> None:
    counts = Counter(getattr(profile, field) for profile in MANY)
    assert {code: share(counts, code) for code in table} == pytest.approx(table, abs=2.5)


def test_fears_come_near_their_table() -> None:
    counts = Counter(fear for profile in MANY for fear in profile.fears)
    assert {code: share(counts, code) for code in FEARS} == pytest.approx(FEARS, abs=2.5)
    assert share(counts, "none") == pytest.approx(11, abs=2)
    assert (counts.total() - counts["none"]) / len(MANY) == pytest.approx(2.3, abs=0.1)
    assert all(profile.fears == ("none",) or "none" not in profile.fears for profile in MANY)


def test_two_thirds_are_positive() -> None:
    assert 100 * sum(profile.sentiment >= 5 for profile in MANY) / len(MANY) == pytest.approx(67, abs=2.5)


def test_people_live_where_their_language_is_spoken() -> None:
    spoken = {(place.country, place.language) for place in places(LANGUAGES)}
    assert {(profile.country, profile.language) for profile in MANY} <= spoken
    assert {country for country, _ in spoken} <= set(ISO_COUNTRIES)
    assert {language for _, language in spoken} == set(LANGUAGES)


def test_only_offered_languages_are_spoken() -> None:
    found = {(profile.country, profile.language) for profile in profiles(200, seed=1, languages=["ja", "sw"])}
    assert found == {("JP", "ja"), ("KE", "sw"), ("TZ", "sw")}


def test_a_language_nobody_speaks_is_an_error() -> None:
    with pytest.raises(ValueError, match="no simulated participant speaks xx"):
        list(profiles(1, seed=1, languages=["xx"]))


def test_everybody_answers_every_question_twice_alike() -> None:
    for profile in MANY[:400]:
        said = library(profile.language)
        for question in ("last_use", "magic_wand", "delivered", "concerns", SUMMARY, "some_other_question"):
            answers = answers_for(profile, question, said)
            assert answers == answers_for(profile, question, said)
            assert len(answers) == 1 + FOLLOW_UPS
            assert all(answers)


@every_language
def test_the_first_answer_holds_the_hope_and_every_fear(language: str) -> None:
    said = library(language)
    for manner in ("talkative", "plain", "terse"):
        profile = replace(ANYONE, language=language, manner=manner)
        hope, concern = (answers_for(profile, question, said)[0] for question in ("magic_wand", "concerns"))
        assert any(sentence in hope for sentence in said.hopes["time_freedom"])
        assert [any(sentence in concern for sentence in said.fears[fear]) for fear in profile.fears] == [True, True]


def test_manners_differ_in_what_follows() -> None:
    said = library("en")
    further = {manner: answers_for(replace(ANYONE, manner=manner), "magic_wand", said)[1:] for manner in MANNERS}
    assert further["talkative"][0] in said.hopes["time_freedom"]
    assert set(further["plain"]) <= set(said.more)
    assert set(further["terse"]) == set(said.minimal)
    assert set(further["refusing"]) == set(said.refusals)


def test_a_person_who_refuses_says_nothing_of_fears() -> None:
    said = library("en")
    assert all(profile.fears == ("none",) for profile in MANY if profile.manner == "refusing")
    assert set(answers_for(replace(ANYONE, manner="refusing", fears=("none",)), "concerns", said)) == set(said.refusals)


def test_the_summary_is_confirmed_with_the_attitude() -> None:
    answer = answers_for(replace(ANYONE, sentiment=2), SUMMARY, library("en"))[0]
    assert answer.endswith(library("en").overall["2"])
    assert answer.startswith(library("en").summary_reply)
