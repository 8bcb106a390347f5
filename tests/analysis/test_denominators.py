"""Shares of a dimension that names questions are of those whom the questions reached, and the pages say of how many."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from analysis import aggregates, denominators
from analysis.codebook import CodebookDocument
from analysis.denominators import Reach
from analysis.publishing import save_version
from analysis.quality.records import AnswerQuality, InterviewQuality
from interviewer.models import Interview
from tests.analysis.results import Results
from tests.analysis.talk import CODEBOOK

pytestmark = pytest.mark.django_db
WORRY = CODEBOOK.dimension("worry")


@pytest.fixture
def results() -> Results:
    made = Results()
    document = CodebookDocument(title="Tea", dimensions=(WORRY, CODEBOOK.dimension("mood")))
    made.codebook = save_version(made.survey, document)
    return made


def labelled(results: Results, country: str, label: str, code: str = "", *, elsewhere: int = 1) -> Interview:
    """Someone to whose answer about worries this label was given, and perhaps a code; with substantive answers to other questions."""
    interview = results.interview("Well.", country=country)
    place = {"survey": results.survey, "country": country, "language": "en", "origin": "live", "coder": results.coder, "interview": interview}
    AnswerQuality.objects.create(**place, question="worry", label=label)
    InterviewQuality.objects.create(**place, label="complete", substantive=elsewhere, put=3)
    results.code(interview, "mood", "4")
    if code:
        results.code(interview, "worry", code)
    return interview


def people(results: Results) -> None:
    labelled(results, "KE", "substantive", "jobs")
    labelled(results, "KE", "minimal", "none")
    labelled(results, "KE", "refused")
    labelled(results, "KE", "not_reached")
    labelled(results, "", "covered", "lies")
    labelled(results, "", "not_asked")


def test_everyone_is_counted_once_by_what_became_of_the_questions(results: Results) -> None:
    people(results)
    AnswerQuality.objects.filter(label="minimal").update(label="not_asked")
    both = AnswerQuality.objects.get(label="substantive")
    both.pk, both.question, both.label = None, "wish", "not_reached"
    both.save()
    found = denominators.reach(results.survey, {"live"}, ["worry", "wish"])
    assert found == {"KE": Reach(put=2, not_reached=1, not_asked=1), "": Reach(covered=1, not_asked=1)}
    assert denominators.everywhere(found) == Reach(2, 1, 1, 2)


def test_the_page_says_of_how_many_a_dimension_with_questions_is(results: Results) -> None:
    people(results)
    client = Client()
    client.force_login(User.objects.create_superuser("ada"))
    page = re.sub(r"\s+", " ", client.get("/findings/tea/").content.decode())
    said = "Coded from the answers to worry: asked of 3 of 6 people; 1 answered earlier; 1 not reached; 1 not asked. Shares are of the 3 coded."
    assert page.count(said) == 2  # with the chart and with the countries
    assert (
        "asked of"
        not in re.sub(r"\s+", " ", client.get("/findings/tea/?dimension=mood").content.decode()).split('id="by-country"')[1].split("</section>")[0]
    )


def test_a_substantive_base_of_such_a_dimension_is_of_its_own_questions(results: Results) -> None:
    people(results)
    labelled(results, "KE", "substantive", "lies", elsewhere=0)
    counted = aggregates.count(results.survey, origins={"live"}, base=aggregates.SUBSTANTIVE)
    assert {key: (counts.n, dict(counts.given)) for key, counts in counted.items()} == {
        "worry": (2, {("KE", "jobs"): 1, ("", "lies"): 1}),
        "mood": (6, {("KE", "4"): 4, ("", "4"): 2}),
    }


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (Reach(), ""),
        (Reach(put=5), "Coded from the answers to worry: asked of 5 of 5 people. Shares are of the 4 coded."),
        (Reach(put=5, not_asked=2), "Coded from the answers to worry: asked of 5 of 7 people; 2 not asked. Shares are of the 4 coded."),
    ],
)
def test_the_sentence_of_a_denominator(found: Reach, sentence: str) -> None:
    assert denominators.sentence(WORRY, found, 4) == sentence
    assert denominators.sentence(CODEBOOK.dimension("mood"), found, 4) == ""
