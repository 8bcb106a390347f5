"""The researcher's pages, taken from the first form to an open survey."""

from collections.abc import Mapping
from html.parser import HTMLParser

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from surveys import guide_yaml, publishing
from surveys.models import ConsentRecord, GuideVersion, ModelCall, Participant, Question, Survey
from tests.surveys.guides import RICH, SOURCE

pytestmark = pytest.mark.django_db


class Fields(HTMLParser):
    """What a browser would send if the page's form were submitted untouched."""

    def __init__(self, page: str, form: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._form, self._inside, self._select, self._area = form, False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "form":
            self._inside = found.get("id") == self._form
        elif not self._inside:
            return
        elif tag == "input" and name and found.get("type") != "submit":
            ticked = found.get("type") in ("checkbox", "radio")
            if not ticked or "checked" in found:
                self.values.setdefault(name, []).append(found.get("value", "on" if ticked else ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in found:
            self.values.setdefault(self._select, []).append(found["value"])
        elif tag == "textarea":
            self._area = name
            self.values[name] = [""]

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area][0] += data.removeprefix("\n") if not self.values[self._area][0] else data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""


def submit(client: Client, address: str, form: str, changes: Mapping[str, object]) -> str:
    """Fills the form on the page, sends it, and returns the text of the page that follows."""
    page = client.get(address).content.decode()
    values = Fields(page, form).values
    response = client.post(address, values | changes, follow=True)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def researcher(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("researcher"))
    return client


def page_of(survey: Survey) -> str:
    return reverse("admin:surveys_survey_change", args=[survey.pk])


def test_a_survey_goes_from_the_first_form_to_open(researcher: Client) -> None:
    add = reverse("admin:surveys_survey_add")
    page = submit(researcher, add, "survey_form", {"title": "Tea", "slug": "tea", "goal": "Why tea.", "languages": ["ar", "en"], "fallback": "en"})
    survey = Survey.objects.get()
    assert (survey.title, survey.languages, survey.status) == ("Tea", ["en", "ar"], "draft")
    assert "No section yet" in page

    page = submit(researcher, page_of(survey), "survey_form", {
        "texts-0-title": "Tea", "texts-0-consent": "I agree.",
        "texts-1-title": "شاي", "texts-1-consent": "أوافق.",
        "profile_questions-0-field": "country",
        "sections-0-key": "main", "_continue": "",
    })  # fmt: skip
    assert [(text.language, text.title) for text in survey.texts.order_by("pk")] == [("en", "Tea"), ("ar", "شاي")]
    section = survey.sections.get()
    assert "The guide has no question: add a section, then a question." in page

    question = reverse("admin:surveys_question_add") + f"?section={section.pk}"
    page = submit(researcher, question, "question_form", {
        "key": "how_often", "kind": "single", "options": "daily\r\nseldom",
        "wordings-0-text": "How often?", "wordings-0-options": "Daily\r\nSeldom",
        "wordings-1-text": "كم مرة؟", "wordings-1-options": "يوميًا\r\nنادرًا",
    })  # fmt: skip
    assert "how_often" in page
    assert publishing.problems(survey) == []

    page = submit(researcher, page_of(survey), "survey_form", {"status": "open", "_continue": ""})
    assert "cannot be set to “Open” before its guide is published" in page
    page = researcher.post(reverse("admin:surveys_survey_publish", args=[survey.pk]), follow=True).content.decode()
    assert "Version 1 is published." in page
    submit(researcher, page_of(survey), "survey_form", {"status": "open"})

    survey.refresh_from_db()
    asked = survey.current_version.guide.question("how_often")
    assert (survey.status, survey.current_version.published_by.username) == ("open", "researcher")
    assert (asked.options, asked.wordings["ar"].options) == (("daily", "seldom"), ("يوميًا", "نادرًا"))


def test_saving_a_survey_untouched_changes_nothing(researcher: Client) -> None:
    survey = publishing.load(RICH, slug="tools")
    submit(researcher, page_of(survey), "survey_form", {})
    for question in Question.objects.all():
        submit(researcher, reverse("admin:surveys_question_change", args=[question.pk]), "question_form", {})
    survey.refresh_from_db()
    assert publishing.draft(survey) == RICH


def test_a_language_added_is_offered_for_writing_and_may_be_left_empty_for_now(researcher: Client) -> None:
    survey = publishing.load(RICH, slug="tools")
    submit(researcher, page_of(survey), "survey_form", {"languages": ["ar", "en", "fr", "ja"], "fallback": "ja"})
    survey.refresh_from_db()
    assert survey.languages == ["ja", "en", "ar", "fr"]
    page = researcher.get(page_of(survey)).content.decode()
    assert Fields(page, "survey_form").values["texts-3-language"] == ["fr"]
    submit(researcher, page_of(survey), "survey_form", {"languages": ["ar", "en", "ja"]})
    assert survey.texts.count() == 3


def test_publishing_an_unfinished_draft_says_what_it_lacks(researcher: Client) -> None:
    survey = publishing.load(RICH, slug="tools")
    Question.objects.get(key="trust").wordings.filter(language="ar").delete()
    page = researcher.post(reverse("admin:surveys_survey_publish", args=[survey.pk]), follow=True).content.decode()
    assert '<li class="error">Question &#x27;trust&#x27; has no wording in Arabic.</li>' in page
    assert not survey.versions.exists()
    yaml = researcher.get(reverse("admin:surveys_survey_yaml", args=[survey.pk]), follow=True).content.decode()
    assert '<li class="error">Question &#x27;trust&#x27; has no wording in Arabic.</li>' in yaml


def test_publishing_what_is_published_keeps_the_version(researcher: Client) -> None:
    survey = publishing.load(RICH, slug="tools")
    publishing.publish(survey)
    page = researcher.post(reverse("admin:surveys_survey_publish", args=[survey.pk]), follow=True).content.decode()
    assert "Nothing has changed since version 1" in page
    assert survey.versions.count() == 1


def test_publishing_needs_a_post_with_the_form_of_the_page() -> None:
    survey = publishing.load(RICH, slug="tools")
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(User.objects.create_superuser("researcher"))
    address = reverse("admin:surveys_survey_publish", args=[survey.pk])
    assert (careful.get(address).status_code, careful.post(address).status_code) == (405, 403)
    assert not survey.versions.exists()


def test_a_section_with_questions_is_not_deleted_with_them(researcher: Client) -> None:
    survey = publishing.load(RICH, slug="tools")
    page = submit(researcher, page_of(survey), "survey_form", {"sections-0-DELETE": "on"})
    assert "Section “The beginning” still has questions" in page
    assert publishing.draft(survey) == RICH


def test_two_questions_of_a_survey_cannot_share_a_key(researcher: Client) -> None:
    survey = publishing.load(RICH, slug="tools")
    hours = Question.objects.get(key="hours")
    page = submit(researcher, reverse("admin:surveys_question_change", args=[hours.pk]), "question_form", {"key": "last_use"})
    assert "Another question of this survey has this key." in page
    assert publishing.draft(survey) == RICH


def test_a_guide_is_taken_away_as_yaml_and_brought_back(researcher: Client) -> None:
    survey = publishing.load(RICH, slug="tools")
    response = researcher.get(reverse("admin:surveys_survey_yaml", args=[survey.pk]))
    assert (response["Content-Disposition"], response.content.decode()) == ('attachment; filename="tools.yaml"', guide_yaml.write(RICH))
    other = Survey.objects.create(slug="other", title="Other", languages=["en"])
    file = SimpleUploadedFile("guide.yaml", response.content)
    page = researcher.post(reverse("admin:surveys_survey_load", args=[other.pk]), {"file": file, "text": ""}, follow=True).content.decode()
    other.refresh_from_db()
    assert "The draft was replaced." in page
    assert (other.slug, publishing.draft(other)) == ("other", RICH)


def test_a_guide_with_errors_replaces_nothing_and_comes_back_to_be_put_right(researcher: Client) -> None:
    survey = publishing.load(RICH, slug="tools")
    publishing.publish(survey)
    load = reverse("admin:surveys_survey_load", args=[survey.pk])
    broken = SOURCE.replace("هل", "").replace("text: كثيرًا؟", "text: ''").replace("key: hours", "key: Hours")
    response = researcher.post(load, {"file": SimpleUploadedFile("guide.yaml", broken.encode()), "text": ""})
    page = response.content.decode()
    assert response.status_code == 400
    assert "sections[0].questions[1].wordings.ar.text: is empty" in page
    assert "sections[1].questions[1].key: &#x27;Hours&#x27; is not a key" in page
    kept = Fields(page.replace('enctype="multipart/form-data" novalidate', 'id="load"'), "load").values["text"][0]
    assert kept.strip() == broken.strip()
    assert publishing.draft(survey) == RICH
    assert researcher.post(load, {"text": kept.replace("Hours", "hours").replace("text: ''", "text: كثيرًا؟")}, follow=True).status_code == 200
    assert publishing.draft(survey) == RICH
    assert researcher.post(load, {"text": ""}).status_code == 400


def test_the_list_shows_where_each_survey_stands(researcher: Client) -> None:
    survey = publishing.load(RICH, slug="tools")
    publishing.load(RICH, slug="other")
    publishing.publish(survey)
    Participant.objects.bulk_create(Participant(survey=survey, language="en") for _ in range(3))
    listed = researcher.get(reverse("admin:surveys_survey_changelist"))
    rows = [(row.slug, row.version_number, row.participant_count) for row in listed.context["cl"].result_list]
    assert rows == [("other", None, 0), ("tools", 1, 3)]
    assert reverse("surveys:landing", args=["tools"]) in listed.content.decode()


@pytest.fixture
def participant() -> Participant:
    survey = publishing.load(RICH, slug="tools")
    version = publishing.publish(survey)
    participant = Participant.objects.create(survey=survey, language="ar", country="EG")
    ConsentRecord.objects.create(participant=participant, guide_version=version, language="ar", text="أوافق على المشاركة.", given=True)
    ModelCall.objects.create(
        survey=survey, purpose="interview", model="claude", prompt_version="1", input_tokens=100, output_tokens=20, cost_usd="1.5"
    )
    ModelCall.objects.create(survey=survey, purpose="interview", model="other", prompt_version="1", input_tokens=11, output_tokens=2)
    return participant


def test_records_are_shown_and_cannot_be_touched(researcher: Client, participant: Participant) -> None:
    version, call = GuideVersion.objects.get(), ModelCall.objects.first()
    for row in (version, participant, call):
        names = f"admin:surveys_{row._meta.model_name}_"
        change = reverse(names + "change", args=[row.pk])
        assert researcher.get(change).status_code == 200
        assert researcher.get(reverse(names + "changelist")).status_code == 200
        refused = (reverse(names + "add"), change, reverse(names + "delete", args=[row.pk]))
        assert [researcher.post(address, {"post": "yes"}).status_code for address in refused] == [403, 403, 403]
    assert (GuideVersion.objects.count(), Participant.objects.count(), ModelCall.objects.count()) == (1, 1, 2)


def test_a_version_is_shown_as_yaml(researcher: Client, participant: Participant) -> None:
    page = researcher.get(reverse("admin:surveys_guideversion_change", args=[GuideVersion.objects.get().pk])).content.decode()
    assert "text: どのくらい信頼していますか。" in page
    assert publishing.sha256(RICH) in page


def test_the_personal_link_is_on_the_participants_page_alone(researcher: Client, participant: Participant) -> None:
    listed = researcher.get(reverse("admin:surveys_participant_changelist")).content.decode()
    page = researcher.get(reverse("admin:surveys_participant_change", args=[participant.pk])).content.decode()
    assert participant.token not in listed
    assert f'href="/i/{participant.token}/"' in page
    assert "أوافق على المشاركة." in page
    assert researcher.get(reverse("admin:surveys_participant_changelist"), {"q": participant.token}).context["cl"].result_count == 0


def test_calls_to_models_are_added_up_by_survey(researcher: Client, participant: Participant) -> None:
    listed = researcher.get(reverse("admin:surveys_modelcall_changelist"))
    assert listed.context["totals"] == [
        {"survey__title": "Tools at work", "calls": 2, "input": 111, "cache_read": 0, "cache_write": 0, "output": 22, "cost": 1.5, "unpriced": 1}
    ]
    assert "1.50 (1 call of unknown price)" in " ".join(listed.content.decode().split())
    filtered = researcher.get(reverse("admin:surveys_modelcall_changelist"), {"model": "other"})
    assert [(row["calls"], row["cost"]) for row in filtered.context["totals"]] == [(1, None)]


def test_a_survey_with_participants_is_not_deleted(researcher: Client, participant: Participant) -> None:
    survey = participant.survey
    page = researcher.post(reverse("admin:surveys_survey_delete", args=[survey.pk]), {"post": "yes"}, follow=True).content.decode()
    assert "The survey has 1 participant, so it cannot be deleted here." in page
    assert Survey.objects.get() == survey


def test_a_survey_nobody_took_part_in_can_be_deleted(researcher: Client) -> None:
    survey = publishing.load(RICH, slug="tools")
    publishing.publish(survey)
    researcher.post(reverse("admin:surveys_survey_delete", args=[survey.pk]), {"post": "yes"}, follow=True)
    assert not Survey.objects.exists()


def test_only_staff_with_the_right_reach_a_guide(client: Client) -> None:
    survey = publishing.load(RICH, slug="tools")
    addresses = [reverse(f"admin:surveys_survey_{verb}", args=[survey.pk]) for verb in ("change", "yaml", "load", "publish")]
    login = reverse("admin:login")
    client.force_login(User.objects.create_user("passer-by"))
    assert [client.post(address)["Location"].split("?")[0] for address in addresses] == [login] * 4
    client.force_login(User.objects.create_user("colleague", is_staff=True))
    assert [*(client.get(address).status_code for address in addresses[:3]), client.post(addresses[3]).status_code] == [403] * 4
    assert not survey.versions.exists()


def test_the_admin_is_named_after_the_program_and_carries_no_inline_code(researcher: Client) -> None:
    survey = publishing.load(RICH, slug="tools")
    for address in (reverse("admin:index"), page_of(survey), reverse("admin:surveys_survey_load", args=[survey.pk])):
        page = researcher.get(address).content.decode()
        assert "Colloquy" in page
        assert [tag for tag in ("<style", " style=", " onclick=", "<script>") if tag in page] == []


def test_showing_every_count_is_logged_with_its_reason(researcher: Client) -> None:
    survey = Survey.objects.create(slug="tea", title="Tea", languages=["en"])
    submit(researcher, page_of(survey), "survey_form", {"smallest_cell": "0", "smallest_cell_reason": "All of it is invented."})
    assert "From now on no count is kept back: All of it is invented." in list(LogEntry.objects.values_list("change_message", flat=True))
