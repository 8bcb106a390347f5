"""The program's own sentences: named, worded otherwise by a survey, and said so to that survey's participants alone."""

import asyncio
import re

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.translation import get_language, gettext

from interviewer import stock
from surveys import guide_yaml, publishing, sentences
from surveys.guide import Guide
from surveys.models import Survey
from tests.conftest import make_survey
from tests.guides import TEXTS, guide, question

OWN = {"page.i_agree_begin": "موافق، هيا", "bridge": "أشكرك.", "probes.example": "مثلا؟"}
GUIDE = guide(question("last_cup"), texts=dict.fromkeys(("en", "ja"), TEXTS) | {"ar": TEXTS | {"sentences": OWN}})


def test_every_sentence_has_a_name_and_every_name_one_sentence() -> None:
    standard = sentences.standard()
    with (settings.LOCALE_PATHS[0] / "fr" / "LC_MESSAGES" / "django.po").open("rb") as file:
        collected = {message.id for message in read_po(file) if message.id}
    assert len(set(standard.values())) == len(standard) > 130
    assert collected - set(standard.values()) == set()
    assert [name for name in standard if not re.fullmatch(r"[a-z][a-z0-9_.]{0,79}", name)] == []
    assert (standard["opening"], standard["probes.reason"]) == (str(stock.OPENING), "Why is that?")
    assert (standard["page.skip_question"], standard["page.characters_left"]) == ("Skip question", "Characters left: %(count)s")


def test_a_survey_says_its_own_sentences_in_that_language_and_nothing_else_changes() -> None:
    assert stock.say(stock.BRIDGE, "ar", GUIDE) == "أشكرك."
    assert stock.say(stock.BRIDGE, "ar") == "شكرًا لك."
    assert stock.say(stock.BRIDGE, "ja", GUIDE) == "ありがとうございます。"
    assert [probe.text for probe in stock.probes("ar", GUIDE) if probe.kind == "example"] == ["مثلا؟"]
    hostile = guide(question("last_cup"), texts=dict.fromkeys(("en", "ar", "ja"), TEXTS | {"sentences": {"bridge": '"><script>'}}))
    assert stock.say(stock.BRIDGE, "en", hostile) == "Thank you."
    with sentences.speaking("ar", GUIDE):
        assert (get_language(), gettext("Thank you."), gettext("Skip question")) == ("ar", "أشكرك.", "تخطي السؤال")
    assert gettext("Thank you.") == "Thank you."


async def test_what_one_task_says_no_other_task_hears() -> None:
    async def say(language: str, spoken: Guide | None) -> list[str]:
        with sentences.speaking(language, spoken):
            heard = []
            for _ in range(5):
                heard.append(gettext("Thank you."))
                await asyncio.sleep(0)
        return heard

    assert await asyncio.gather(say("ar", GUIDE), say("ar", None), say("ja", GUIDE)) == [
        ["أشكرك."] * 5,
        ["شكرًا لك."] * 5,
        ["ありがとうございます。"] * 5,
    ]


@pytest.mark.parametrize(
    ("own", "problems"),
    [
        ({"bridge": "Ta."}, []),
        ({"no_such": "Ta."}, ["'no_such' is no sentence of this program."]),
        ({"too_long": "Too long."}, ["the sentence 'too_long' must hold %(limit)s, as the standard sentence does."]),
        ({"bridge": "Ta, %(name)s."}, ["the sentence 'bridge' must not hold %(name)s."]),
        ({"bridge": "Ta.<br>"}, ["the sentence 'bridge' must not hold <, > or \": write quotation marks as “ ” or « »."]),
        ({"bridge": " "}, ["the sentence 'bridge' is empty: remove it to have the standard one."]),
        ({"too_long": "%(limit)s is 100%"}, ["the sentence 'too_long' has a stray %: write it twice."]),
        ({"too_long": "%(limit)s is 100%%", "bridge": "100 %"}, []),
    ],
)
def test_a_sentence_keeps_its_placeholders(own: dict[str, str], problems: list[str]) -> None:
    assert list(sentences.problems(own)) == problems


def test_catalogues_that_a_machine_made_say_so() -> None:
    assert [sentences.machine_made(language) for language in ("ar", "zh-hans", "en")] == [True, True, False]


@pytest.mark.django_db
def test_the_guide_carries_them_to_the_page_and_through_yaml(client: Client) -> None:
    survey = make_survey(GUIDE)
    assert guide_yaml.read(guide_yaml.write(GUIDE)) == GUIDE == publishing.draft(survey)
    arabic, english = (client.get(f"/s/tea/?lang={language}").content.decode() for language in ("ar", "en"))
    assert ("موافق، هيا" in arabic, "I agree, begin" in english) == (True, True)
    survey.texts.filter(language="ar").update(sentences={"too_long": "Too long."})
    assert publishing.problems(survey) == ["In Arabic: the sentence 'too_long' must hold %(limit)s, as the standard sentence does."]


@pytest.mark.django_db
def test_a_researcher_words_a_sentence_beside_the_standard_one(client: Client) -> None:
    client.force_login(User.objects.create_superuser("researcher"))
    survey = make_survey(GUIDE)
    address = reverse("admin:surveys_survey_sentences", args=[survey.pk, "ar"])
    page = client.get(address).content.decode()
    assert ("تخطي السؤال" in page, "أشكرك." in page, "machine-made" in page) == (True, True, True)
    refused = client.post(address, {**OWN, "too_long": "قصير"})
    assert (refused.status_code, "must hold %(limit)s" in refused.content.decode()) == (400, True)
    saved = client.post(address, {"bridge": "شكرا جزيلا."}, follow=True).content.decode()
    assert Survey.objects.get().texts.get(language="ar").sentences == {"bridge": "شكرا جزيلا."}
    assert f'<a href="{address}">Arabic</a>' in saved
    assert client.get(reverse("admin:surveys_survey_sentences", args=[survey.pk, "de"])).status_code == 404
