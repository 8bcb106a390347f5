"""From draft to version and back."""

from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection

from surveys.guide import Guide, Kind
from surveys.models import GuideVersion, NeverChanges, Question, Survey, Wording
from surveys.publishing import DraftProblems, draft, load, problems, publish, sha256, status_problem
from tests.surveys.guides import RICH

pytestmark = pytest.mark.django_db


def changed(**fields: object) -> Guide:
    return Guide.model_validate(RICH.model_dump(mode="json") | fields)


def test_a_guide_comes_out_of_the_draft_as_it_went_in() -> None:
    assert draft(load(RICH, slug="tools")) == RICH


def test_loading_replaces_the_draft_of_the_same_survey() -> None:
    first = load(RICH, slug="tools")
    second = load(changed(title="Other tools", arms=[], sections=RICH.model_dump(mode="json")["sections"][1:]), slug="tools")
    assert second.pk == first.pk
    assert [question.key for question in draft(second).questions] == ["trust", "hours"]
    assert Question.objects.count() == 2


def test_loading_into_a_given_survey_names_it_anew() -> None:
    survey = load(RICH, slug="tools")
    load(RICH, slug="instruments", survey=survey)
    assert list(Survey.objects.values_list("pk", "slug")) == [(survey.pk, "instruments")]


def test_a_guide_that_the_draft_cannot_hold_is_refused_and_changes_nothing() -> None:
    survey = load(RICH, slug="tools")
    for fields, sentence in (
        ({"title": "x" * 201}, "The survey, title: Ensure this value has at most 200 characters (it has 201)."),
        ({"hypotheses": ["One", ""]}, "An entry is empty: hypotheses."),
        ({"texts": RICH.model_dump(mode="json")["texts"] | {"xx": {"title": "x", "consent": "x"}}},
         "The text in xx, language: Value 'xx' is not a valid choice."),
    ):  # fmt: skip
        with pytest.raises(DraftProblems) as caught:
            load(changed(**fields), slug="tools")
        assert caught.value.problems == [sentence]
    assert draft(survey) == RICH


def test_line_breaks_inside_a_hypothesis_become_spaces() -> None:
    assert draft(load(changed(hypotheses=["People\n  hope"]), slug="tools")).hypotheses == ("People hope",)


def test_publishing_freezes_the_draft() -> None:
    survey, author = load(RICH, slug="tools"), User.objects.create_user("researcher")
    version = publish(survey, by=author)
    Wording.objects.filter(question__key="last_use", language="en").update(text="What happened?")
    kept = GuideVersion.objects.get(survey=survey)
    assert (kept.number, kept.guide, kept.sha256, kept.published_by) == (1, RICH, sha256(RICH), author)
    assert draft(survey).question("last_use").wordings["en"].text == "What happened?"
    with pytest.raises(NeverChanges):
        version.save()


def test_versions_are_numbered_and_the_same_content_is_the_same_version() -> None:
    survey = load(RICH, slug="tools")
    first = publish(survey)
    assert publish(survey) == first
    Survey.objects.filter(pk=survey.pk).update(goal="Another goal")
    second = publish(survey)
    assert publish(survey) == second
    load(RICH, slug="tools")
    third = publish(survey)
    assert [(v.number, v.sha256) for v in (first, second, third)] == [(1, sha256(RICH)), (2, second.sha256), (3, sha256(RICH))]
    assert survey.current_version == third


def test_the_digest_does_not_depend_on_the_order_of_languages_in_the_file() -> None:
    texts = RICH.model_dump(mode="json")["texts"]
    assert sha256(changed(texts=dict(reversed(texts.items())))) == sha256(RICH)


def test_lines_as_a_browser_sends_them_are_plain_lines_in_the_guide() -> None:
    survey = load(RICH, slug="tools")
    Survey.objects.filter(pk=survey.pk).update(goal=survey.goal.replace("\n", "\r\n"), hypotheses=survey.hypotheses.replace("\n", "\r\n\r\n"))
    assert draft(Survey.objects.get(pk=survey.pk)) == RICH


def test_an_empty_survey_says_what_it_lacks() -> None:
    survey = Survey.objects.create(slug="empty", title="Empty", languages=["en", "ar"])
    assert problems(survey) == [
        "English is offered but has no title and consent text: add them under “Texts by language”.",
        "Arabic is offered but has no title and consent text: add them under “Texts by language”.",
        "The guide has no question: add a section, then a question.",
    ]
    with pytest.raises(DraftProblems):
        publish(survey)
    assert not survey.versions.exists()


def test_each_problem_of_a_draft_names_its_question_and_language() -> None:
    survey = load(RICH, slug="tools")
    Survey.objects.filter(pk=survey.pk).update(languages=["en", "ar", "ja", "tlh"])
    rows = {question.key: question for question in Question.objects.all()}
    rows["last_use"].wordings.filter(language="ja").delete()
    rows["often"].wordings.filter(language="ar").update(options="نعم")
    Question.objects.filter(key="which").update(options="text\ntext\nother")
    Question.objects.filter(key="trust").update(minimum=1, maximum=20, probe_budget=11)
    Question.objects.filter(key="hours").update(key="last_use", options="many", kind=Kind.NUMBER, minimum=5, maximum=5)
    survey.refresh_from_db()
    survey.texts.filter(language="en").update(consent="  ")
    assert problems(survey) == [
        "The language 'tlh' is not among the languages of this program.",
        "Tlh is offered but has no title and consent text: add them under “Texts by language”.".replace("Tlh", "tlh"),
        "The text in English has no consent text.",
        "2 questions have the key 'last_use': give each its own.",
        "Question 'last_use' has no wording in Japanese.",
        "Question 'last_use' has no wording in tlh.",
        "Question 'often' has no wording in tlh.",
        "Question 'often' in Arabic: 2 options need as many labels, there are 1.",
        "Question 'which': the option 'text' stands 2 times.",
        "Question 'which' has no wording in tlh.",
        "Question 'trust': a scale has at most 11 points, this one has 20.",
        "Question 'trust': the probe budget is at most 10.",
        "Question 'trust' has no wording in tlh.",
        "Question 'last_use': only choice questions have options: remove them or change the kind.",
        "Question 'last_use': the minimum (5) must be below the maximum (5).",
        "Question 'last_use' has no wording in tlh.",
        "Question 'last_use' in English: 1 options need as many labels, there are 0.",
        "Question 'last_use' in Arabic: 1 options need as many labels, there are 0.",
        "Question 'last_use' in Japanese: 1 options need as many labels, there are 0.",
    ]


def test_a_survey_takes_interviews_only_once_its_guide_is_published() -> None:
    survey = load(RICH, slug="tools")
    assert [status for status in Survey.Status.values if status_problem(survey, status)] == ["pilot", "open"]
    publish(survey)
    assert [status for status in Survey.Status.values if status_problem(survey, status)] == []


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_make_one_version() -> None:
    survey, together = load(RICH, slug="tools"), Barrier(2)
    published: list[int] = []

    def press() -> None:
        together.wait()
        published.append(publish(survey).pk)
        connection.close()

    presses = [Thread(target=press) for _ in range(2)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert published == [survey.versions.get().pk] * 2
