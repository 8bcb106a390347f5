"""Codebooks as files and as versions."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from analysis import publishing
from analysis.models import InterviewAnalysis
from tests.analysis.talk import CODEBOOK, GUIDE, WISHES, codebook_edited, held, survey_with_codebook
from tests.conftest import make_survey

pytestmark = pytest.mark.django_db


def test_a_codebook_written_and_read_is_the_same() -> None:
    for document in (CODEBOOK, publishing.read(publishing.HOPES_AND_FEARS.read_bytes())):
        assert publishing.read(publishing.write(document)) == document


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("title: [", "Line 1, column 9: expected the node content, but found '<stream end>'"),
        ("- a", "The file must hold named fields, beginning with 'format: colloquy-codebook/1'."),
        ("title: T\ntitle: U", "'title' stands twice"),
        ("title: &t T\ndimensions: *t", "aliases (*name) are not read; write the text out"),
        (
            "title: T\ndimensions:\n  - {key: a, title: A, shape: single, codes: [{key: x, label: X}]}",
            "dimensions[0].codes: needs at least 2 entries",
        ),
        (b"title: \xff", "The file is not UTF-8 text (byte 8)."),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(text: str | bytes, problem: str) -> None:
    with pytest.raises(publishing.CodebookError) as found:
        publishing.read(text)
    assert problem in found.value.problems[0]


def test_an_unchanged_codebook_makes_no_new_version() -> None:
    survey = survey_with_codebook()
    assert publishing.save_version(survey, CODEBOOK).number == 1
    assert codebook_edited(survey).number == 2
    assert publishing.current(survey) == survey.codebooks.get(number=2)


def test_a_codebook_goes_out_to_a_file_and_comes_in_from_it(tmp_path: Path) -> None:
    survey_with_codebook()
    other = make_survey(GUIDE, slug="coffee")
    call_command("export_codebook", "--survey", "tea", "--output", str(tmp_path / "codes.yaml"))
    call_command("import_codebook", str(tmp_path / "codes.yaml"), "--survey", "coffee")
    assert publishing.current(other).document == CODEBOOK  # type: ignore[union-attr]
    (tmp_path / "codes.yaml").write_text("title: T")
    with pytest.raises(CommandError, match=r"is no codebook\.\ndimensions: is missing"):
        call_command("import_codebook", str(tmp_path / "codes.yaml"), "--survey", "coffee")


def test_a_researcher_loads_a_codebook_in_the_admin_and_has_the_interviews_coded(admin_client: Client, tmp_path: Path) -> None:
    survey = make_survey(GUIDE)
    held(survey, *WISHES)
    address = reverse("admin:analysis_codebookversion_add")
    bad, good = tmp_path / "bad.yaml", tmp_path / "good.yaml"
    bad.write_text("title: T")
    good.write_text(publishing.write(CODEBOOK))
    with bad.open("rb") as file:
        refused = admin_client.post(address, {"survey": survey.pk, "file": file, "load": "1"})
    assert refused.status_code == 400
    assert "dimensions: is missing" in refused.content.decode()
    with good.open("rb") as file:
        admin_client.post(address, {"survey": survey.pk, "file": file, "load": "1", "again": "on"})
    version = publishing.current(survey)
    assert version is not None
    assert version.document == CODEBOOK
    assert InterviewAnalysis.objects.get().status == "waiting"
    assert "key: wish" in admin_client.get(reverse("admin:analysis_codebookversion_change", args=[version.pk])).content.decode()
    admin_client.post(address, {"survey": survey.pk, "start": "1"})
    assert publishing.current(survey).document.title == "Hopes and fears about AI"  # type: ignore[union-attr]


def test_the_admin_shows_where_an_interview_stands_and_takes_up_a_failed_one(admin_client: Client) -> None:
    interview = held(survey_with_codebook(), *WISHES)
    row = InterviewAnalysis.objects.create(interview=interview, status="failed", step="code", error="malformed: <b>no</b>", attempts=8)
    listed = admin_client.get(reverse("admin:analysis_interviewanalysis_changelist")).content.decode()
    assert "malformed: &lt;b&gt;no&lt;/b&gt;" in listed
    assert admin_client.get(reverse("admin:analysis_interviewanalysis_change", args=[row.pk])).status_code == 200
    admin_client.post(reverse("admin:analysis_interviewanalysis_changelist"), {"action": "analyse_again", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert (row.status, row.error, row.attempts) == ("waiting", "", 0)
