"""A model translates what a survey says; a person approves it wording by wording; nothing else is published."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from llm.choose import offline_model
from surveys import guide_yaml, publishing, tasks
from surveys.guide import Guide
from surveys.models import ModelCall, Question, Survey, SurveyText, Wording
from surveys.planning import jobs, translation
from surveys.planning.jobs import TranslationJob
from surveys.planning.words import everything
from surveys.publishing import DraftProblems, load, publish
from tests.guides import guide, question
from tests.llm.calling import model
from tests.support.answers import last_words
from tests.support.messages_server import MessagesServer
from tests.surveys.test_admin import submit

pytestmark = pytest.mark.django_db
LABELS = ["Green tea", "Black tea"]
ENGLISH = guide(
    question("last_cup", languages=("en",), probes=["What for?", "And then?"]),
    question("sort", "single", languages=("en",), options=["green", "black"], labels=LABELS),
    languages=("en",),
)
ITEM = re.compile(r"^id: (\S+)\n<item>\n(.*?)\n</item>$", re.MULTILINE | re.DOTALL)


def answer(body: dict[str, Any]) -> dict[str, Any]:
    """Each item with the language asked for before it."""
    words = last_words(body)
    language = re.search(r"into .+ \(([\w-]+)\)", words)[1]
    return {"items": [{"id": key, "text": f"({language}) {text}"} for key, text in ITEM.findall(words)]}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MessagesServer]:
    with MessagesServer(answer=answer) as server:
        monkeypatch.setattr(tasks, "model_for", lambda purpose: model(server))
        yield server


@pytest.fixture
def survey() -> Survey:
    survey = load(ENGLISH, slug="tea")
    Survey.objects.update(languages=["en", "ar", "ja"])
    survey.refresh_from_db()
    return survey


@pytest.fixture
def researcher(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("rea"))
    return client


def translate(survey: Survey, language: str) -> str:
    """The status that the job ends with; retries follow at once."""
    tasks.translate.apply(args=[survey.pk, language])
    return TranslationJob.objects.get(survey=survey, language=language).status


def standings(survey: Survey, language: str) -> list[tuple[str, str | None]]:
    return [(words.key, words.standing(language)) for words in everything(survey)]


def address(survey: Survey, language: str = "ar") -> str:
    return reverse("admin:surveys_survey_translation", args=[survey.pk, language])


def on_page(client: Client, survey: Survey, language: str = "ar") -> dict[str, str]:
    """The form as a browser would send it untouched."""
    html = client.get(address(survey, language)).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([\w.]+seen)" value="(\w+)"', html))
    return hidden | {name: text.strip() for name, text in re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>(.*?)</textarea>', html, re.DOTALL)}


def test_texts_questions_probes_and_labels_are_translated_and_wait_for_approval(server: MessagesServer, survey: Survey) -> None:
    assert translate(survey, "ar") == "done"
    text, cup, sort = SurveyText.objects.get(language="ar"), *Wording.objects.filter(language="ar").order_by("pk")
    assert (text.title, text.consent, text.closing) == ("(ar) Tea", "(ar) I agree.", "(ar) Goodbye.")
    assert (cup.text, cup.probes, cup.options) == ("(ar) [en] last_cup?", "(ar) What for?\n(ar) And then?", "")
    assert sort.options == "(ar) Green tea\n(ar) Black tea"
    assert (cup.made_by, cup.prompt_version, cup.approved_at) == ("claude-sonnet-5-5", translation.FILE.version, None)
    assert standings(survey, "ar") == [("texts", "unapproved"), ("last_cup", "unapproved"), ("sort", "unapproved")]
    assert list(ModelCall.objects.values_list("purpose", "outcome", "participant")) == [("translation", "ok", None)]


def test_what_is_translated_is_not_translated_twice(server: MessagesServer, survey: Survey) -> None:
    translate(survey, "ar")
    translate(survey, "ar")
    assert server.requests == 1
    Question.objects.get(key="sort").wordings.filter(language="ar").delete()
    translate(survey, "ar")
    assert [key.partition(".")[2] for key, _ in ITEM.findall(last_words(server.bodies[-1]))] == ["text", "options.1", "options.2"]


@pytest.mark.parametrize("fault", ["529", "malformed", "not_json", "cut"])
def test_one_language_that_fails_is_tried_again_alone(server: MessagesServer, survey: Survey, fault: str) -> None:
    translate(survey, "ar")
    server.schedule(fault)
    assert translate(survey, "ja") == "done"
    assert [re.search(r"\((\w+)\)", last_words(body))[1] for body in server.bodies] == ["ar", "ja", "ja"]
    assert standings(survey, "ja") == [("texts", "unapproved"), ("last_cup", "unapproved"), ("sort", "unapproved")]


def test_a_reply_that_leaves_something_out_is_kept_for_the_rest_and_asked_for_that_again(server: MessagesServer, survey: Survey) -> None:
    server.answer = lambda body: {"items": answer(body)["items"][: -2 if server.requests == 1 else None]}
    assert translate(survey, "ar") == "done"
    assert [len(ITEM.findall(last_words(body))) for body in server.bodies] == [11, 3]


def test_what_cannot_succeed_is_not_tried_again_and_says_why(server: MessagesServer, survey: Survey) -> None:
    server.schedule("400")
    assert translate(survey, "ar") == "failed"
    assert server.requests == 1
    assert "400 from the model's server" in TranslationJob.objects.get().reason


def test_offline_the_page_says_that_translation_needs_a_language_model(researcher: Client, survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "model_for", lambda purpose: offline_model())
    assert translate(survey, "ar") == "failed"
    page = researcher.get(reverse("admin:surveys_survey_translations", args=[survey.pk])).content.decode()
    assert "it needs a language model" in page
    assert not ModelCall.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_button_hands_over_what_is_missing_once(researcher: Client, survey: Survey, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[list[Any]] = []
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(tasks.translate, "apply_async", lambda args, **_: sent.append(args))
    button = reverse("admin:surveys_survey_translate", args=[survey.pk])
    page = researcher.post(button, follow=True).content.decode()
    researcher.post(button)
    assert sent == [[survey.pk, "ar"], [survey.pk, "ja"]]
    assert page.count("Waiting</td>") == 2
    progress = researcher.get(reverse("admin:surveys_survey_translation_progress", args=[survey.pk])).json()["rows"]
    assert [(row["code"], row["worded"], row["going_on"]) for row in progress] == [("ar", "0 of 3", True), ("ja", "0 of 3", True)]


@pytest.mark.django_db(transaction=True)
def test_without_a_queue_the_page_says_so(researcher: Client, survey: Survey, settings: Any) -> None:
    settings.REDIS_URL = ""
    assert (
        "start the program with its worker"
        in researcher.post(reverse("admin:surveys_survey_translate", args=[survey.pk]), follow=True).content.decode()
    )


def test_publishing_refuses_what_nobody_has_approved_and_names_it(server: MessagesServer, survey: Survey) -> None:
    translate(survey, "ar")
    translate(survey, "ja")
    with pytest.raises(DraftProblems) as refused:
        publish(survey)
    worded = "a language model worded the texts, 'last_cup' and 'sort', and nobody has approved that. See “Translations”."
    assert refused.value.problems == [f"Arabic: {worded}", f"Japanese: {worded}"]
    assert publishing.problems(survey) == refused.value.problems


def test_approving_publishes_and_the_version_keeps_who_did(server: MessagesServer, survey: Survey, researcher: Client) -> None:
    for language in ("ar", "ja"):
        translate(survey, language)
        researcher.post(address(survey, language), on_page(researcher, survey, language) | {"approve": "all"})
    version = publish(survey)
    assert {(each["language"], each["of"], each["made_by"], each["approved_by"]) for each in version.translations} == {
        (language, of, "claude-sonnet-5-5", "rea") for language in ("ar", "ja") for of in ("texts", "last_cup", "sort")
    }
    page = researcher.get(reverse("admin:surveys_guideversion_change", args=[version.pk])).content.decode()
    assert "ar sort: made by claude-sonnet-5-5" in page


def test_one_is_approved_one_is_put_right_and_the_third_waits(server: MessagesServer, survey: Survey, researcher: Client) -> None:
    translate(survey, "ar")
    cup, sort = Question.objects.get(key="last_cup"), Question.objects.get(key="sort")
    fields = on_page(researcher, survey) | {f"q_{cup.pk}.text": "متى؟", "approve": f"q_{sort.pk}"}
    researcher.post(address(survey), fields)
    mine = cup.wordings.get(language="ar")
    assert (mine.text, mine.probes, mine.made_by, mine.approved_by.username) == ("متى؟", "(ar) What for?\n(ar) And then?", "person", "rea")
    assert standings(survey, "ar") == [("texts", "unapproved"), ("last_cup", "approved"), ("sort", "approved")]


def test_what_changed_since_the_page_was_shown_is_not_approved(server: MessagesServer, survey: Survey, researcher: Client) -> None:
    translate(survey, "ar")
    fields = on_page(researcher, survey)
    Wording.objects.filter(language="ar", question__key="sort").update(text="Something else")
    page = researcher.post(address(survey), fields | {"approve": "all"}).content.decode()
    assert "“sort” was changed by someone else meanwhile" in page
    assert "Something else" in page
    assert standings(survey, "ar") == [("texts", "approved"), ("last_cup", "approved"), ("sort", "unapproved")]


def test_a_changed_source_puts_its_translations_out_of_date_until_approved_again(server: MessagesServer, survey: Survey, researcher: Client) -> None:
    Survey.objects.update(languages=["en", "ar"])
    survey.refresh_from_db()
    translate(survey, "ar")
    researcher.post(address(survey), on_page(researcher, survey) | {"approve": "all"})
    Wording.objects.filter(language="en", question__key="sort").update(text="Which sort?")
    assert standings(survey, "ar") == [("texts", "approved"), ("last_cup", "approved"), ("sort", "outdated")]
    assert publishing.problems(survey) == ["Arabic: what 'sort' was translated from has changed. Approve it anew under “Translations”."]
    translate(survey, "ar")
    assert Wording.objects.get(language="ar", question__key="sort").text == "(ar) Which sort?"
    assert standings(survey, "ar")[2] == ("sort", "unapproved")
    researcher.post(address(survey), on_page(researcher, survey) | {"approve": "all"})
    assert publishing.problems(survey) == []


def test_what_a_person_wrote_is_never_overwritten(server: MessagesServer, survey: Survey) -> None:
    sort = Question.objects.get(key="sort")
    words = next(each for each in everything(survey) if each.key == "sort")
    given = {key: f"* {text}" for key, text in translation.items(words, survey).items()}
    Wording.objects.create(question=sort, language="ar", text="A person's", options="a\nb")  # while the model was at it
    assert translation.store(survey, words, "ar", given, "claude") is True
    Wording.objects.filter(language="en", question=sort).update(text="Which sort?")
    async_to_sync(translation.translate)(survey, "ar", model(server))
    assert sort.wordings.get(language="ar").text == "A person's"


def test_loading_yaml_gives_back_who_worded_what_stayed_as_it_was(server: MessagesServer, survey: Survey) -> None:
    translate(survey, "ar")
    translate(survey, "ja")
    text = guide_yaml.write(publishing.draft(survey)).replace("(ar) Green tea", "شاي أخضر")
    load(guide_yaml.read(text), slug="tea", survey=survey)
    assert standings(survey, "ar") == [("texts", "unapproved"), ("last_cup", "unapproved"), ("sort", "own")]


def test_editing_in_the_admin_makes_it_a_person_s(server: MessagesServer, survey: Survey, researcher: Client) -> None:
    translate(survey, "ar")
    cup = Question.objects.get(key="last_cup")
    page = reverse("admin:surveys_question_change", args=[cup.pk])
    submit(researcher, page, "question_form", {"wordings-1-text": "متى شربت آخر فنجان؟"})
    mine = cup.wordings.get(language="ar")
    assert (mine.text, mine.made_by, mine.approved_by.username) == ("متى شربت آخر فنجان؟", "person", "rea")
    submit(researcher, page, "question_form", {"wordings-0-text": "When did you last have a cup?"})
    assert standings(survey, "ar")[1] == ("last_cup", "outdated")


def test_a_missing_translation_can_be_written_by_hand(survey: Survey, researcher: Client) -> None:
    fields = on_page(researcher, survey)
    sort = Question.objects.get(key="sort")
    researcher.post(address(survey), fields | {f"q_{sort.pk}.text": "أي نوع؟", f"q_{sort.pk}.options": "أخضر\nأسود"})
    assert standings(survey, "ar") == [("texts", None), ("last_cup", None), ("sort", "approved")]


def test_what_cannot_be_saved_stays_in_the_form(server: MessagesServer, survey: Survey, researcher: Client) -> None:
    translate(survey, "ar")
    page = researcher.post(address(survey), on_page(researcher, survey) | {"texts.title": "ش" * 201}).content.decode()
    assert ("“texts”: title: Ensure this value has at most 200 characters" in page, "ش" * 201 in page) == (True, True)
    assert standings(survey, "ar")[0] == ("texts", "unapproved")


def test_an_old_guide_still_loads_and_publishes_without_a_record(survey: Survey) -> None:
    load(Guide.model_validate(ENGLISH.model_dump(mode="json")), slug="tea", survey=survey)
    assert publish(survey).translations == []


@pytest.mark.parametrize("status", list(jobs.Status))
def test_only_what_is_under_way_is_going_on(survey: Survey, status: str) -> None:
    jobs.note(survey.pk, "ar", status)
    assert TranslationJob.objects.get().going_on == (status in ("waiting", "running", "retrying"))
