"""Participants' sentences in every language: all there, with their placeholders, and no question more than in English."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import gettext, override, to_locale

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
QUESTION = re.compile("[?？؟՞፧]")
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def catalogue(language: str) -> Catalog:
    path = Path(settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file)


SENTENCES = {message.id for message in catalogue("ar") if message.id}


def test_there_are_seventy_languages() -> None:
    assert len(settings.LANGUAGES) == 70


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_said_in_every_language(language: str) -> None:
    messages = {message.id: message.string for message in catalogue(language) if message.id}
    assert messages.keys() == SENTENCES
    assert [sentence for sentence, said in messages.items() if not said] == []
    assert [message.id for message in catalogue(language) if message.id and message.fuzzy] == [], "guessed from another sentence"
    for sentence, said in messages.items():
        assert sorted(PLACEHOLDER.findall(said)) == sorted(PLACEHOLDER.findall(sentence)), sentence
        assert len(QUESTION.findall(said)) <= len(QUESTION.findall(sentence)), sentence


def test_the_catalogues_are_compiled_and_used() -> None:
    with override("ja"):
        assert gettext("Thank you.") == "ありがとうございます。"
    with override("zh-hans"):
        assert gettext("Thank you.") != "Thank you."
