"""A researcher edits a codebook, sees what differs, tries it on a sample, and publishes it."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse

from analysis import pipeline, publishing, tasks
from analysis.drafts import previewing
from analysis.drafts.records import CodebookDraft, CodebookPreview, PreviewUnit
from analysis.exchange import formats
from analysis.forgetting import forget_words
from analysis.models import Coding, CodingResult, Fact, InterviewAnalysis
from interviewer.models import Interview, Turn
from llm import ModelError
from surveys.models import ModelCall, Survey
from tests.analysis.talk import CODEBOOK, WISHES, ScriptedModel, coded, held, survey_with_codebook

pytestmark = pytest.mark.django_db(transaction=True)


def address(name: str, *args: Any) -> str:
    return reverse(f"admin:analysis_codebookversion_{name}", args=args)


def page(client: Client, name: str, *args: Any) -> str:
    return client.get(address(name, *args)).content.decode()


@pytest.fixture
def survey() -> Survey:
    return survey_with_codebook()


@pytest.fixture
def researcher(admin_client: Client, survey: Survey) -> Client:
    """With a draft begun from the first version."""
    assert admin_client.post(address("edit", survey.codebooks.get().pk)).headers["Location"] == address("draft", survey.pk)
    return admin_client


def typed(place: int, **changed: str) -> dict[str, str]:
    """The form of one of the codebook's dimensions, as a browser sends it."""
    dimension = CODEBOOK.dimensions[place]
    form = {
        "key": dimension.key,
        "title": dimension.title,
        "shape": dimension.shape.value,
        "questions": " ".join(dimension.questions),
        "revision": "0",
    }
    for number, code in enumerate(dimension.codes):
        form |= {f"code-{number}-key": code.key, f"code-{number}-label": code.label}
    return form | {name.replace("__", "-"): value for name, value in changed.items()}


def test_a_codebook_is_edited_compared_and_published(researcher: Client, survey: Survey) -> None:
    held(survey, *WISHES)
    researcher.post(address("dimension", survey.pk, 1), typed(1, code__0__definition="Work is lost.", do="save"))
    assert "Of each interview only: jobs." in page(researcher, "draft", survey.pk)
    assert f'<a href="{address("draft", survey.pk)}">Draft</a>' in page(researcher, "changelist")
    assert publishing.current(survey).document == CODEBOOK  # type: ignore[union-attr]
    researcher.post(address("publish", survey.pk), {"again": "on"})
    version = survey.codebooks.get(number=2)
    assert version.document.dimension("worry").codes[0].definition == "Work is lost."
    assert version.created_by == User.objects.get()
    assert not CodebookDraft.objects.exists()
    assert InterviewAnalysis.objects.get().status == "waiting"
    difference = page(researcher, "difference", version.pk)
    assert "From version 1 to version 2" in difference
    assert "<ins>Work is lost.</ins>" in difference
    assert page(researcher, "difference", survey.codebooks.get(number=1).pk) == ""  # there is none before it


def test_dimensions_are_added_moved_and_removed_and_what_is_wrong_is_said(researcher: Client, survey: Survey) -> None:
    for revision, verb in enumerate(("add", "up-3", "remove-0")):
        researcher.post(address("draft", survey.pk), {"revision": str(revision), "title": "Coffee", "do": verb})
    draft = CodebookDraft.objects.get()
    assert (draft.content["title"], [each["key"] for each in draft.content["dimensions"]]) == ("Coffee", ["worry", "new_dimension", "mood"])
    researcher.post(address("dimension", survey.pk, 0), typed(1, revision="3", title="", do="back"))
    assert "dimensions[0].title" in page(researcher, "draft", survey.pk)
    researcher.post(address("publish", survey.pk))
    assert survey.codebooks.count() == 1


def test_who_saves_an_older_state_saves_nothing_and_is_told(researcher: Client, survey: Survey) -> None:
    researcher.post(address("dimension", survey.pk, 0), typed(0, title="First", do="save"))
    told = researcher.post(address("dimension", survey.pk, 0), typed(0, title="Second", do="save"), follow=True)
    assert "Someone else has saved the draft meanwhile." in told.content.decode()
    assert CodebookDraft.objects.get().content["dimensions"][0]["title"] == "First"


def test_a_draft_is_kept_discarded_and_begun_from_a_file(researcher: Client, survey: Survey, tmp_path: Any) -> None:
    researcher.post(address("draft", survey.pk), {"revision": "0", "title": "Mine", "do": "save"})
    researcher.post(address("edit", survey.codebooks.get().pk))
    assert CodebookDraft.objects.get().content["title"] == "Mine"
    researcher.post(address("discard", survey.pk))
    assert not CodebookDraft.objects.exists()
    file = tmp_path / "codes.qdc"
    file.write_text(formats.write("qdc", CODEBOOK, of="tea"))
    with file.open("rb") as open_file:
        researcher.post(address("add"), {"survey": survey.pk, "file": open_file, "draft": "1"})
    assert CodebookDraft.objects.get().content == CODEBOOK.model_dump(mode="json")


@pytest.mark.parametrize("form", list(formats.CONTENT_TYPES))
def test_a_version_is_taken_away_as_a_file(researcher: Client, survey: Survey, form: str) -> None:
    response = researcher.get(address("file", survey.codebooks.get().pk, form))
    assert response.headers["Content-Disposition"] == f'attachment; filename="tea-codebook-1.{form}"'
    assert formats.read(f"x.{form}", response.content) == CODEBOOK


def test_who_may_not_add_versions_sees_them_and_edits_nothing(survey: Survey, client: Client) -> None:
    user = User.objects.create_user("reader", is_staff=True)
    client.force_login(user)
    version = survey.codebooks.get()
    assert [client.get(address(name, *args)).status_code for name, args in (("file", (version.pk, "csv")), ("draft", (survey.pk,)))] == [403, 403]
    assert client.post(address("edit", version.pk)).status_code == 403


# --- Previews --------------------------------------------------------------------------------------------------------


@pytest.fixture
def coded_survey(survey: Survey, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Survey:
    """Four interviews coded; a broker that runs its tasks at once."""
    for country in ("KE", "KE", "FR", ""):
        async_to_sync(pipeline.analyse)(held(survey, *WISHES, country=country).pk, ScriptedModel())
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(tasks.preview, "apply_async", lambda args, **_: tasks.preview.apply(args=args))
    return survey


def answering(monkeypatch: pytest.MonkeyPatch, answer: Any) -> ScriptedModel:
    model = ScriptedModel(code=answer)
    monkeypatch.setattr(tasks, "model_for", lambda _: model)
    return model


def counted() -> tuple[list[Any], ...]:
    return tuple(list(model.objects.order_by("pk").values()) for model in (Coding, CodingResult, Fact, InterviewAnalysis))


def test_a_preview_shows_by_country_what_an_edit_changes_and_changes_nothing(
    researcher: Client, coded_survey: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = counted()
    model = answering(monkeypatch, {"worry": [coded("jobs", (4, "people lose their jobs"))]})
    researcher.post(address("dimension", coded_survey.pk, 1), typed(1, code__1__definition="Of states only.", do="save"))
    refused = researcher.post(address("begin_preview", coded_survey.pk), {"size": "0"}, follow=True).content.decode()
    assert "The sample has between 1 and 2000 interviews." in refused
    model.answers["code"] = {"worry": [coded("none")]}
    shown = researcher.post(address("begin_preview", coded_survey.pk), {"size": "3", "seed": "1"}, follow=True).content.decode()
    assert counted() == before
    assert [(call.name, call.facts["asked"]) for call in model.calls] == [("code", {"worry": ("lies", "none")})] * 3
    rows = " ".join(shown.split()).replace("</th><td>", " ").replace("</td><td>", " ")
    for row in ("All 3 3 0 0 3<", "Kenya 1 1 0 0 1<", "France 1 1 0 0 1<", "All 3 3 3 0 0<"):
        assert row in rows, row
    assert 'Lost by <a href="/findings/tea/interviews/' in shown
    assert '<q dir="auto">the lies</q>' in shown
    assert CodebookPreview.objects.get().status == "done"
    assert ModelCall.objects.filter(purpose="code").count() == 4 + 3


def test_a_preview_goes_on_where_it_stopped(researcher: Client, coded_survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    model = answering(monkeypatch, ModelError("No such model.", code="rejected", retry=False))
    researcher.post(address("dimension", coded_survey.pk, 1), typed(1, code__1__definition="Of states only.", do="save"))
    stopped = researcher.post(address("begin_preview", coded_survey.pk), {"size": "4"}, follow=True).content.decode()
    assert "0 of 4 interviews tried" in stopped
    assert "Stopped: No such model." in stopped
    model.answers["code"] = {"worry": [coded("none")]}
    Survey.objects.update(budget_usd=0)
    pk = CodebookPreview.objects.get().pk
    assert "The survey&#x27;s budget is spent." in researcher.post(address("resume_preview", pk), follow=True).content.decode()
    Survey.objects.update(budget_usd=None)
    assert "4 of 4 interviews tried" in researcher.post(address("resume_preview", pk), follow=True).content.decode()
    assert previewing.claim(pk) is None


def test_a_draft_that_changes_nothing_is_not_previewed(researcher: Client, coded_survey: Survey) -> None:
    told = researcher.post(address("begin_preview", coded_survey.pk), {"size": "3"}, follow=True).content.decode()
    assert "The draft changes nothing that is coded." in told
    assert not CodebookPreview.objects.exists()


def test_struck_words_leave_previews(researcher: Client, coded_survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, {"worry": [coded("none")]})
    researcher.post(address("dimension", coded_survey.pk, 1), typed(1, code__1__definition="Of states only.", do="save"))
    researcher.post(address("begin_preview", coded_survey.pk), {"size": "4"})
    interview = Interview.objects.earliest("pk")
    with transaction.atomic():
        forget_words(interview.pk, Turn.objects.get(interview=interview, number=4).pk)
    assert PreviewUnit.objects.count() == 3
    assert not PreviewUnit.objects.filter(interview=interview).exists()
