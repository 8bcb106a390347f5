"""Simulated participants are repeatable, near the published shares, and have something to say for every code in every language."""

import hashlib
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import yaml

from analysis.codebook import CodebookDocument
from interviewer.simulation.places import every_language, places
from interviewer.simulation.profiles import Profile, profile_of, profiles
from interviewer.simulation.sentences import library, written_languages
from interviewer.simulation.shares import AGE_BANDS, DELIVERED, FEARS, GENDERS, HOPES, MANNERS
from interviewer.simulation.talk import DRUMMED, FOLLOW_UPS, SUMMARY, answers_for, written_language
from llm.offline.lexicon import declines, wants_to_stop
from llm.offline.text import is_gibberish
from surveys.guide_yaml import read
from surveys.languages import ISO_COUNTRIES

LANGUAGES = sorted(written_languages())
CODEBOOK_FILE = Path(__file__).resolve().parents[2] / "analysis/codebooks/hopes-and-fears.yaml"
GUIDE = read((Path(__file__).resolve().parents[2] / "surveys/demo/guide.yaml").read_bytes())
CODEBOOK = CodebookDocument.model_validate(yaml.safe_load(CODEBOOK_FILE.read_text(encoding="utf-8")))
SENTENCE_ENDS = (".", "?", "。", "।")
MANY = list(profiles(5000, seed=1, languages=LANGUAGES))

in_every_language = pytest.mark.parametrize("language", LANGUAGES)


ANYONE = Profile(
    seed=1,
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


@in_every_language
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
    assert [len(said.off_topic), len(said.hostile)] == [3, 3]
    groups = (
        *said.hopes.values(),
        *said.delivered.values(),
        *said.fears.values(),
        said.last_use,
        said.more,
        said.refusals,
        said.minimal,
        said.off_topic,
        said.hostile,
    )
    sentences = [*(sentence for group in groups for sentence in group), *said.overall.values(), *said.openers]
    assert [sentence for sentence, times in Counter(sentences).items() if times > 1] == []
    assert [sentence for sentence in sentences if not sentence.endswith(SENTENCE_ENDS)] == []


@in_every_language
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
    assert share(counts, "none") == pytest.approx(11, abs=2.5)
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
    assert found == {("JP", "ja"), ("KE", "sw"), ("TZ", "sw"), ("UG", "sw")}


def test_a_language_nobody_speaks_is_an_error() -> None:
    with pytest.raises(ValueError, match="no simulated participant speaks xx"):
        list(profiles(1, seed=1, languages=["xx"]))


def test_the_table_of_places_holds_159_countries_and_70_languages() -> None:
    everywhere = places(every_language())
    countries = {place.country for place in everywhere}
    assert (len(countries), len(every_language())) == (159, 70)
    assert countries <= set(ISO_COUNTRIES)
    assert sum(place.weight for place in everywhere) == pytest.approx(80_470)


def test_among_81000_people_every_country_and_language_can_be_expected() -> None:
    countries, languages = Counter[str](), Counter[str]()
    for place in places(every_language()):
        countries[place.country] += place.weight
        languages[place.language] += place.weight
    assert min(countries.values()) > 10
    assert min(languages.values()) > 10


def test_who_speaks_no_language_that_is_offered_takes_english_where_it_is() -> None:
    italians = [place for place in places(["en", "de"]) if place.country == "IT"]
    assert [(place.language, round(place.weight)) for place in italians] == [("en", 1408)]
    assert {place.country for place in places(["ja"])} == {"JP"}


def test_a_profile_is_found_again_from_what_is_stored() -> None:
    for profile in MANY[:200]:
        assert profile_of(profile.name, country=profile.country, language=profile.language) == profile
    assert profile_of("simulated-x-1", country="KE", language="en") is None
    assert profile_of("simulated-1-1", country="", language="en") is None


def test_profiles_are_those_of_this_edition() -> None:
    # Where this fails, people who were made before can no longer be recognised: raise profiles.EDITION, then put the new digest here.
    digest = hashlib.sha256(repr(list(profiles(300, seed=1, languages=every_language()))).encode()).hexdigest()[:16]
    assert digest == "bd539523f20009df"


def test_everybody_answers_every_question_twice_alike() -> None:
    for profile in MANY[:400]:
        for question in ("last_use", "magic_wand", "delivered", "concerns", SUMMARY, "some_other_question"):
            said = library(written_language(profile, GUIDE, question))
            answers = answers_for(profile, question, said)
            assert answers == answers_for(profile, question, said)
            assert len(answers) == 1 + FOLLOW_UPS
            assert all(answers)


@in_every_language
def test_the_first_answer_holds_the_hope_and_every_fear(language: str) -> None:
    said = library(language)
    for manner in MANNERS.keys() - {"refusing"}:
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
    assert set(further["off_topic"]) == set(said.off_topic)
    assert set(further["hostile"]) == set(said.hostile)
    assert set(further["nonsense"]) == set(DRUMMED)
    assert all(any(aside in each for aside in said.off_topic) for each in further["rambling"])


def test_the_off_topic_and_the_hostile_do_not_tell_of_their_last_use() -> None:
    said = library("en")
    assert answers_for(replace(ANYONE, manner="off_topic"), "last_use", said)[0] in said.off_topic
    assert answers_for(replace(ANYONE, manner="hostile"), "last_use", said)[0] in said.hostile


def test_who_switches_goes_on_in_the_second_language_from_the_middle_of_the_guide() -> None:
    switching = replace(ANYONE, manner="switching", second="sw")
    spoken = [written_language(switching, GUIDE, question) for question in ("last_use", "magic_wand", "delivered", "concerns", SUMMARY)]
    assert spoken == ["en", "en", "sw", "sw", "sw"]
    assert all((profile.second != "") == (profile.manner == "switching") for profile in MANY)
    assert all(profile.second not in ("", profile.language) for profile in MANY if profile.manner == "switching")


@in_every_language
def test_refusals_and_the_wish_to_stop_are_understood_and_nothing_else_is_taken_for_them(language: str) -> None:
    said = library(language)
    assert [refusal for refusal in said.refusals if not declines(refusal, language)] == []
    assert wants_to_stop(said.stop, language)
    told = [*said.last_use, *(sentence for code, told in (said.hopes | said.fears).items() if code != "none" for sentence in told)]
    assert [sentence for sentence in told if declines(sentence, language) or wants_to_stop(sentence, language) or is_gibberish(sentence)] == []
    assert all(map(is_gibberish, DRUMMED))


def test_without_sentences_in_a_language_people_write_english() -> None:
    assert written_language(replace(ANYONE, language="uk", country="UA"), GUIDE, "magic_wand") == "en"


def test_a_person_who_refuses_says_nothing_of_fears() -> None:
    said = library("en")
    assert all(profile.fears == ("none",) for profile in MANY if profile.manner == "refusing")
    assert set(answers_for(replace(ANYONE, manner="refusing", fears=("none",)), "concerns", said)) <= set(said.refusals)


def test_the_summary_is_confirmed_with_the_attitude() -> None:
    answer = answers_for(replace(ANYONE, sentiment=2), SUMMARY, library("en"))[0]
    assert answer.endswith(library("en").overall["2"])
    assert answer.startswith(library("en").summary_reply)
