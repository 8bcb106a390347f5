"""SPSS files read by pyreadstat: one row an interview, with labels, missing values, and texts of every kind."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from analysis.export.cells import Type
from analysis.export.columns import Scope
from analysis.export.formats import FORMATS, make
from analysis.export.sav import shortened, write_rows
from analysis.export.wide import PROFILE, Variable, _named
from surveys.models import GuideVersion
from tests.analysis.results import AT, HOSTILE, Results
from tests.guides import guide, question

pytestmark = pytest.mark.django_db
CLOSED = guide(
    question("wand", languages=("en",)),
    question("sort", "single", options=["green", "black"], labels=["Green tea", "Black tea"], languages=("en",)),
    question("places", "multiple", options=["home", "café"], labels=["At home", "In a café"], languages=("en",)),
    question("liking", "scale", minimum=1, maximum=3, languages=("en",)),
    question("cups", "number", languages=("en",)),
    languages=("en",),
)


@pytest.fixture
def results() -> Results:
    results = Results()
    content = CLOSED.model_dump(mode="json")
    content["sections"][0]["questions"][3]["wordings"]["en"] |= {"low": "Not at all", "high": "Very much"}
    results.guide = GuideVersion.objects.create(survey=results.survey, number=2, content=content, sha256="2" * 64)
    return results


def answer(interview: Any, **values: Any) -> None:
    for number, (key, value) in enumerate(values.items(), start=50):
        interview.turns.model.objects.create(
            interview=interview, number=number, role="participant", move="answer", question_key=key, text="x", value=value
        )


def read(results: Results, folder: Path) -> tuple[dict[str, list[Any]], Any]:
    path = folder / "tea.sav"
    make(FORMATS["sav"], Scope.of(results.survey), path)
    columns, about = pyreadstat.read_sav(path, output_format="dict")
    return {name: [None if value != value else value for value in values] for name, values in columns.items()}, about


def test_a_row_holds_profile_answers_and_codes_and_what_is_not_known_is_missing(results: Results, tmp_path: Path) -> None:
    first = results.interview("Yes.", country="FR", language="fr", age_band="25-34", occupation="=cmd()")
    answer(first, sort="black", places=["café"], liking=3, cups=2.5)
    results.code(first, "fears", "jobs")
    results.code(first, "mood", "2")
    results.code(first, "hopes", "time", counted=False)
    first.satisfaction, first.would_recommend = 6, False
    first.save()
    second = results.interview("No.")
    answer(second, sort="oolong", places=[])
    results.code(second, "fears", "none")
    columns, _ = read(results, tmp_path)
    assert columns["interview_id"] == [first.pk, second.pk]
    asked = {name: values for name, values in columns.items() if name.startswith(("q_", "c_"))}
    assert asked == {
        "q_sort": [2, None],
        "q_places_1": [0, 0],
        "q_places_2": [1, 0],
        "q_liking": [3, None],
        "q_cups": [2.5, None],
        "c_delivered_yes": [None, None],
        "c_delivered_none": [None, None],
        "c_hopes_time": [None, None],
        "c_hopes_money": [None, None],
        "c_hopes_none": [None, None],
        "c_fears_jobs": [1, 0],
        "c_fears_bias": [0, 0],
        "c_fears_none": [0, 1],
        "c_mood": [2, None],
    }
    profile = {name: columns[name] for name in ("country", "language", "age_band", "occupation", "satisfaction", "would_recommend", "consent_given")}
    assert profile == {
        "country": ["FR", ""],
        "language": ["fr", "en"],
        "age_band": ["25-34", ""],
        "occupation": ["=cmd()", ""],
        "satisfaction": [6, None],
        "would_recommend": [0, None],
        "consent_given": [1, 1],
    }
    assert columns["completed_at"] == [AT.replace(tzinfo=None)] * 2
    assert isinstance(columns["started_at"][0], datetime)


def test_variables_and_values_have_labels(results: Results, tmp_path: Path) -> None:
    results.people(1)
    columns, about = read(results, tmp_path)
    labels = about.column_names_to_labels
    assert {name: labels[name] for name in ("country", "q_sort", "q_places_2", "c_fears_jobs", "c_mood")} == {
        "country": next(column.meaning for column in PROFILE if column.name == "country"),
        "q_sort": "[en] sort?",
        "q_places_2": "In a café: [en] places?",
        "c_fears_jobs": "Fears <b>: Jobs & economy",
        "c_mood": "Mood",
    }
    values = about.variable_value_labels
    assert {name: values[name] for name in ("q_sort", "q_places_1", "q_liking", "c_fears_jobs", "c_mood", "would_recommend")} == {
        "q_sort": {1: "Green tea", 2: "Black tea"},
        "q_places_1": {0: "Not chosen", 1: "Chosen"},
        "q_liking": {1: "Not at all", 2: "2", 3: "Very much"},
        "c_fears_jobs": {0: "Not given", 1: "Given"},
        "c_mood": {1: "1", 2: "2"},
        "would_recommend": {0: "No", 1: "Yes"},
    }
    assert {name: about.variable_measure[name] for name in ("country", "q_liking", "q_cups")} == {
        "country": "nominal",
        "q_liking": "ordinal",
        "q_cups": "scale",
    }
    assert about.file_encoding == "UTF-8"
    assert set(columns) == set(values.keys() | labels.keys())
    assert about.notes[0].startswith("Texts of more than 4000 bytes")


def test_texts_of_every_kind_and_length_come_back_and_the_longest_are_cut(tmp_path: Path) -> None:
    texts = [*HOSTILE[:-1], *("é" * length for length in (127, 128, 252, 255, 256, 300, 1000)), "b" * 4000, "z" * 4001]
    variables = [Variable("short", "", Type.TEXT), Variable("text", "ü" * 300, Type.TEXT), Variable("number", "", Type.NUMBER)]
    rows = [[text[:3], text, -number / 3] for number, text in enumerate(texts)]
    write_rows(tmp_path / "texts.sav", "Ü" * 64, variables, rows, lambda rows: None)
    columns, about = pyreadstat.read_sav(tmp_path / "texts.sav", output_format="dict")
    assert list(columns["text"]) == [text.rstrip(" ") for text in texts[:-1]] + ["z" * (4000 - 6) + " [...]"]
    assert list(columns["short"]) == [text[:3].rstrip(" ") for text in texts]
    assert list(columns["number"]) == [-number / 3 for number in range(len(texts))]
    assert (about.file_label, about.column_labels) == ("Ü" * 32, [None, "ü" * 127, None])


def test_a_survey_without_interviews_is_a_file_without_rows(results: Results, tmp_path: Path) -> None:
    columns, about = read(results, tmp_path)
    assert about.number_rows == 0
    assert len(columns) == about.number_columns > 20


@pytest.mark.parametrize(("text", "most", "cut"), [("ab", 2, "ab"), ("a" * 20, 10, "aaaa [...]"), ("é" * 10, 11, "éé [...]")])
def test_a_text_is_cut_between_characters(text: str, most: int, cut: str) -> None:
    assert shortened(text, most) == cut


def test_names_are_valid_and_unique_whatever_the_keys() -> None:
    names = ["by", "q_a-b", "q_a_b", "Q_A_B", "x" * 70, "x" * 71]
    found = [variable.name for variable in _named([Variable(name, "", Type.TEXT) for name in names])]
    assert found == ["by_2", "q_a_b", "q_a_b_2", "Q_A_B_3", "x" * 64, "x" * 59 + "_2"]
