"""REFI-QDA projects read back by pyrefiqda, whose models were made from the standard's schema: people, texts, quotes and coders."""

from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from pyrefiqda import RefiProject
from pyrefiqda.models.project import Project

from analysis.export.columns import Scope
from analysis.export.formats import FORMATS, make
from analysis.export.qdpx import VARIABLES, lines
from analysis.models import CodebookVersion, Coder
from tests.analysis.results import CODEBOOK, HOSTILE, Results

pytestmark = pytest.mark.django_db
ORDER = ["Users", "CodeBook", "Variables", "Cases", "Sources"]  # as the schema has it


@pytest.fixture
def results() -> Results:
    results = Results()
    interview = results.interview(*HOSTILE, "a\r\nb 👩‍🚀 said so", country="FR", language="fr", occupation="=cmd() & <b>", age_band="25-34")
    results.code(interview, "fears", "jobs", "-5 apples", "b 👩‍🚀 said")
    results.code(interview, "mood", "2", "\nof\rall")
    results.coder = Coder.objects.create(user=User.objects.create_user("ada"))
    results.code(interview, "fears", "bias", counted=False)
    CodebookVersion.objects.create(survey=results.survey, number=2, content=CODEBOOK | {"dimensions": CODEBOOK["dimensions"][:2]}, sha256="2" * 64)
    results.people(1)
    return results


def read(results: Results, folder: Path) -> tuple[Project, dict[str, str]]:
    """The project, and the texts of its sources by their names in the archive."""
    path = folder / "tea.qdpx"
    make(FORMATS["qdpx"], Scope.of(results.survey), path)
    project = RefiProject.load(path, extract_dir=folder / "read")
    with ZipFile(path) as archive:
        return project, {name: archive.read(name).decode() for name in archive.namelist() if name.startswith("sources/")}


def test_every_person_is_a_case_with_their_profile_and_one_text(results: Results, tmp_path: Path) -> None:
    project, texts = read(results, tmp_path)
    names = {each.guid: each.name for each in project.variables.variable}
    assert list(names.values()) == [column.name for column in VARIABLES]
    first, second = project.cases.case
    told_of = {names[each.variable_ref.target_guid]: each for each in first.variable_value}
    assert {name: told_of[name].text_value for name in ("country", "language", "age_band", "occupation")} == {
        "country": "FR",
        "language": "fr",
        "age_band": "25-34",
        "occupation": "=cmd() & <b>",
    }
    assert (told_of["guide_version"].integer_value, told_of["consent_given"].boolean_value) == (1, True)
    assert "satisfaction" not in told_of
    sources = project.sources.text_source
    assert [each.source_ref[0].target_guid for each in (first, second)] == [each.guid for each in sources]
    assert [each.plain_text_path for each in sources] == [f"internal://{name.removeprefix('sources/')}" for name in texts]


def test_a_text_holds_every_turn_with_plain_line_ends_and_no_byte_order_mark(results: Results, tmp_path: Path) -> None:
    _, texts = read(results, tmp_path)
    first = next(iter(texts.values()))
    said = [f"Participant: {lines(text)}\n\n" for text in [*HOSTILE, "a\r\nb 👩‍🚀 said so"]]
    assert first == "".join(["Interviewer: What would it do?\n\n", *said])
    assert "\r" not in first


def test_selections_point_to_the_words_in_code_points_and_say_who_coded_what(results: Results, tmp_path: Path) -> None:
    project, texts = read(results, tmp_path)
    users = {each.guid: (each.name, each.id) for each in project.users.user}
    codes = {code.guid: (top.name, code.name) for top in project.code_book.codes.code for code in top.code}
    first = project.sources.text_source[0]
    text = texts[first.plain_text_path.replace("internal://", "sources/")]
    assert [
        (text[each.start_position : each.end_position], codes[each.coding[0].code_ref.target_guid], users[each.coding[0].creating_user])
        for each in first.plain_text_selection
    ] == [
        ("-5 apples", ("fears (other codebook versions)", "Jobs & economy"), ("offline", "model code@1")),
        ("b 👩‍🚀 said", ("fears (other codebook versions)", "Jobs & economy"), ("offline", "model code@1")),
        ("\nof\nall", ("mood (other codebook versions)", "2"), ("offline", "model code@1")),
    ]
    assert [(codes[each.code_ref.target_guid][1], users[each.creating_user]) for each in first.coding] == [("Bias", ("ada", "person"))]


def test_the_project_keeps_the_order_of_the_schema_and_no_guid_stands_twice(results: Results, tmp_path: Path) -> None:
    make(FORMATS["qdpx"], Scope.of(results.survey), tmp_path / "tea.qdpx")
    with ZipFile(tmp_path / "tea.qdpx") as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
    assert [child.tag.rpartition("}")[2] for child in root] == ORDER
    guids = [each.get("guid") for each in root.iter() if each.get("guid")]
    assert len(guids) == len(set(guids))
    targets = {each.get("targetGUID") for each in root.iter() if each.get("targetGUID")}
    assert targets < set(guids)


def test_an_empty_survey_has_no_empty_lists(db: None, tmp_path: Path) -> None:
    project, texts = read(Results(), tmp_path)
    assert (project.users, project.cases, project.sources, texts) == (None, None, None, {})
    assert [each.name for each in project.code_book.codes.code] == ["Has it delivered", "Hopes", "Fears <b>", "Mood"]


def test_the_public_gets_no_transcripts(results: Results, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="REFI-QDA project holds a person's row each, which is for the team"):
        call_command("export", "tea", format="qdpx", output=tmp_path / "tea.qdpx", readers="public", verbosity=0)
    assert list(tmp_path.iterdir()) == []
