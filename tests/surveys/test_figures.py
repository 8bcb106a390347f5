"""Numbers on participants' pages are written in the digits of the language, on the server as by the page's script."""

import unicodedata

import pytest
from babel import Locale
from django.conf import settings
from django.test import Client

from interviewer import records, stock
from interviewer.models import Interview
from surveys.languages import digits, numbering
from surveys.sentences import standard
from tests.conftest import make_interview, make_survey
from tests.guides import guide, question


@pytest.mark.parametrize(
    ("language", "system", "written"),
    [
        ("en", "latn", "7 of 10"),
        ("ar", "latn", "7 of 10"),
        ("hi", "latn", "7 of 10"),
        ("bn", "beng", "৭ of ১০"),
        ("mr", "deva", "७ of १०"),
        ("ne", "deva", "७ of १०"),
        ("fa", "arabext", "۷ of ۱۰"),
        ("my", "mymr", "၇ of ၁၀"),
        ("xx", "latn", "7 of 10"),
    ],
)
def test_each_language_has_its_digits(language: str, system: str, written: str) -> None:
    assert (numbering(language), digits("7 of 10", language)) == (system, written)


def test_no_language_offered_is_left_with_digits_that_are_not_its_own() -> None:
    usual = {code: Locale.parse(code, sep="-").default_numbering_system for code, _ in settings.LANGUAGES}
    assert {code: numbering(code) for code in usual} == usual
    for code in usual:
        assert [unicodedata.decimal(digit) for digit in digits("0123456789", code)] == list(range(10))


def test_no_sentence_needs_a_plural_form() -> None:
    """A number stands after a colon or between words that do not change with it; the one that counts something is always 10,000."""
    counting = {sentence for sentence in standard().values() if "%(" in sentence}
    assert counting >= {"Question %(asked)s of %(of)s", "Characters left: %(count)s", "From %(minimum)s to %(maximum)s"}
    assert {sentence for sentence in counting if "characters." in sentence} == {str(stock.TOO_LONG)}


@pytest.mark.django_db
def test_the_pages_of_a_bengali_participant(client: Client) -> None:
    survey = make_survey(guide(question("last_cup", languages=("bn",)), question("best_cup", languages=("bn",)), languages=("bn",)))
    interview = make_interview(survey, language="bn")
    conversation = records.load(interview.pk)
    records.store_words(conversation, records.claim(interview.pk) or "", records.Words("open", "[bn] last_cup?", "last_cup"))
    page = client.get(f"/i/{interview.participant.token}/").content.decode()
    assert ("প্রশ্ন ১ / মোট ২" in page, 'data-numbering="beng"' in page) == (True, True)
    assert stock.say(stock.TOO_LONG, "bn", limit=10_000).count("১০০০০") == 1
    Interview.objects.update(status="completed", awaiting="nobody", satisfaction=6)
    assert "৬ / ৭" in client.get(f"/i/{interview.participant.token}/record").content.decode()
