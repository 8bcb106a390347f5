"""What the rules find in made-up sentences of many languages, and what they leave alone."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from analysis.privacy import interview, names, rules
from analysis.privacy.interview import Said
from analysis.privacy.masking import Hidden, Kind, Shown

SENTENCES: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "sentences.yaml").read_text(encoding="utf-8"))
MARKED = re.compile(r"\{(?P<kind>[a-z-]+)\|(?P<words>[^}]*)\}")


def unmarked(sentence: str) -> tuple[str, tuple[Hidden, ...]]:
    text, hidden, done = "", [], 0
    for mark in MARKED.finditer(sentence):
        text += sentence[done : mark.start()]
        hidden.append(Hidden(len(text), len(text) + len(mark["words"]), Kind(mark["kind"])))
        text += mark["words"]
        done = mark.end()
    return text + sentence[done:], tuple(hidden)


def measured() -> tuple[Counter[str], list[str]]:
    """Found, missed and wrongly found, and the sentences where it was not as marked."""
    counts: Counter[str] = Counter()
    amiss = []
    for language, sentences in SENTENCES.items():
        for sentence in sentences:
            text, wanted = unmarked(sentence)
            found = rules.find(text)
            hits = {each for each in wanted if any(one.kind == each.kind and one.start < each.end and each.start < one.end for one in found)}
            wrong = [one for one in found if not any(one.start < each.end and each.start < one.end for each in wanted)]
            counts.update(found=len(hits), missed=len(wanted) - len(hits), wrong=len(wrong), exact=len(set(wanted) & set(found)))
            if found != wanted:
                amiss.append(f"{language}: {Shown(text, found).text}")
    return counts, amiss


def test_sentences_of_many_languages_are_masked_as_marked() -> None:
    counts, amiss = measured()
    assert len(SENTENCES) >= 12
    assert (counts["missed"], counts["wrong"]) == (0, 0), amiss
    assert amiss == ["zh: 我的电话是[phone]，[address]。"]  # where words are not parted, a street's name takes in the word before it


@pytest.mark.parametrize(
    "text",
    [
        "Between 1990-2020 prices rose 3,000,000 times, see 10.1.2024 and 2024-01-10 12:30.",
        "It costs 12345678 or 1 000 000 000 a year; version 1.2.3.4567890.",
        "I'm happy. I am Dutch. This is Europe. My name is my own business.",
        "Mr and Mrs alike; a Dr is a doctor. Don't call me, I call you. @ home, 50 % @ work.",
        "4111 1111 1111 1112 and DE00 3704 0044 0532 0130 00 are no numbers of anyone.",
        "我叫车去上班。先生们好。",
        "皆さん、お客さん、患者さん",
        "",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert Shown(text, rules.find(text)).text == text


@pytest.mark.parametrize("lead", sorted(names.WORDS["introductions"]))
def test_every_introduction_leads_to_a_name(lead: str) -> None:
    text = f"{lead.capitalize()} Ndagire."
    assert Shown(text, rules.find(text)).text == f"{lead.capitalize()} [name]."


def test_a_name_told_once_is_masked_in_every_turn_but_in_the_guides_own_words() -> None:
    said = [
        Said(1, "Welcome to the Okafor study.", open=False),
        Said(2, "My name is Ngozi Okafor."),
        Said(3, "Thank you, Ngozi! What do you hope for?"),
        Said(4, "As every Okafor, for peace. Ngozika is someone else."),
    ]
    masked = interview.find(said)
    assert [Shown(turn.text, masked.get(turn.id, ())).text for turn in said] == [
        "Welcome to the Okafor study.",
        "My name is [name].",
        "Thank you, [name]! What do you hope for?",
        "As every [name], for peace. Ngozika is someone else.",
    ]


def test_people_have_the_last_word_on_masks() -> None:
    text = "I am Sol, born under the sun of Ba."
    found, added, lifted = Hidden(5, 8, Kind.NAME), Hidden(32, 34, Kind.ADDRESS), Hidden(5, 8, Kind.NAME)
    assert interview.decided(text, [found], [], []).text == "I am [name], born under the sun of Ba."
    assert interview.decided(text, [found], [added], [lifted]).text == "I am Sol, born under the sun of [address]."
    assert interview.decided(text, [found], [found], [lifted]).text == "I am [name], born under the sun of Ba."
