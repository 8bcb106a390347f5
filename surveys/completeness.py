"""What a guide still lacks before it can be published, in sentences a researcher can act on. Pure: it reads the draft as a document."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from surveys import sentences
from surveys.guide import Kind
from surveys.languages import LANGUAGE_CHOICES, name

Document = dict[str, Any]
CHOICES = (Kind.SINGLE.value, Kind.MULTIPLE.value)
MOST_PROBES, MOST_POINTS = 10, 11
PLACEHOLDER = re.compile(r"\[\[.*?\]\]", re.DOTALL)


def missing(document: Document) -> list[str]:
    return [*_survey_lacks(document), *_texts_lack(document), *_questions_lack(document)]


def in_whole_languages(document: Document) -> Document:
    """The same in those of its languages in which nothing is missing; unchanged where there is none."""
    screened = [question.get("wordings", {}) for question in document.get("screening", ())]
    spoken = [code for code in document["languages"] if all(code in wordings for wordings in screened)]
    whole = [code for code in spoken if not missing(_in(document, [code]))]
    return _in(document, whole) if whole else document


def _in(document: Document, languages: list[str]) -> Document:
    def kept(by_language: Document) -> Document:
        return {code: said for code, said in by_language.items() if code in languages}

    questions = [[each | {"wordings": kept(each["wordings"])} for each in section["questions"]] for section in document["sections"]]
    sections = [section | {"questions": asked} for section, asked in zip(document["sections"], questions, strict=True)]
    return document | {"languages": languages, "texts": kept(document["texts"]), "sections": sections}


def unfilled(document: Document) -> list[str]:
    """Placeholders of a drafted guide that nobody has replaced."""
    found = [(f"The text in {name(code)}", said) for code, said in document["texts"].items()]
    for question in (each for section in document["sections"] for each in section["questions"]):
        found += [(f"Question '{question['key']}' in {name(code)}", said) for code, said in question["wordings"].items()]
    places = ((place, PLACEHOLDER.search(str(text))) for place, said in found for text in said.values())
    return [f"{place} still has a placeholder: {hit[0]}" for place, hit in places if hit]


def _survey_lacks(document: Document) -> Iterator[str]:
    if not document["title"].strip():
        yield "The survey has no title."
    if not document["languages"]:
        yield "No language is offered: choose at least one."
    known = dict(LANGUAGE_CHOICES)
    for code in dict.fromkeys([*document["languages"], document["analysis_language"]]):
        if code not in known:
            yield f"The language '{code}' is not among the languages of this program."


def _texts_lack(document: Document) -> Iterator[str]:
    for code in document["languages"]:
        if code not in document["texts"]:
            yield f"{name(code)} is offered but has no title and consent text: add them under “Texts by language”."
    for code, texts in document["texts"].items():
        if not texts["title"].strip():
            yield f"The text in {name(code)} has no title."
        if not texts["consent"].strip():
            yield f"The text in {name(code)} has no consent text."
        yield from (f"In {name(code)}: {problem}" for problem in sentences.problems(texts["sentences"]))


def _questions_lack(document: Document) -> Iterator[str]:
    questions = [question for section in document["sections"] for question in section["questions"]]
    if not questions:
        yield "The guide has no question: add a section, then a question."
    for key, times in Counter(question["key"] for question in questions).items():
        if times > 1:
            yield f"{times} questions have the key '{key}': give each its own."
    for question in questions:
        about = f"Question '{question['key']}'"
        yield from (f"{about}: {problem}" for problem in (*_options_lack(question), *_range_lacks(question)))
        yield from (f"{about}{problem}" for problem in _wordings_lack(question, document["languages"]))


def _options_lack(question: Document) -> Iterator[str]:
    options: list[str] = question["options"]
    if question["kind"] in CHOICES and len(options) < 2:
        yield "a choice needs at least two options."
    if question["kind"] not in CHOICES and options:
        yield "only choice questions have options: remove them or change the kind."
    for option, times in Counter(options).items():
        if times > 1:
            yield f"the option '{option}' stands {times} times."


def _range_lacks(question: Document) -> Iterator[str]:
    low, high = question["minimum"], question["maximum"]
    if question["kind"] == Kind.SCALE and (low is None or high is None):
        yield "a scale needs a minimum and a maximum."
    if low is not None and high is not None:
        if low >= high:
            yield f"the minimum ({low}) must be below the maximum ({high})."
        elif question["kind"] == Kind.SCALE and high - low >= MOST_POINTS:
            yield f"a scale has at most {MOST_POINTS} points, this one has {high - low + 1}."
    if question["probe_budget"] > MOST_PROBES:
        yield f"the probe budget is at most {MOST_PROBES}."


def _wordings_lack(question: Document, languages: list[str]) -> Iterator[str]:
    for code in languages:
        if code not in question["wordings"]:
            yield f" has no wording in {name(code)}."
    options = len(question["options"])
    for code, wording in question["wordings"].items():
        if not wording["text"].strip():
            yield f" in {name(code)}: the wording is empty."
        if len(wording["options"]) != options:
            yield f" in {name(code)}: {options} options need as many labels, there are {len(wording['options'])}."
