"""What those see who may not see small cells, and what a file for the public holds: the same, with real rows behind it."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from analysis.export import files
from analysis.urls import urlpatterns
from surveys.admin.forms import SurveyForm
from surveys.models import Survey
from tests.analysis.researchers import researcher
from tests.analysis.results import Results

pytestmark = pytest.mark.django_db


@pytest.fixture
def results() -> Results:
    results = Results(slug="tea")
    results.people(9, country="KE", codes=[("fears", "jobs")])
    results.people(6, country="KE", codes=[("fears", "none")])
    results.people(2, country="JP", codes=[("fears", "jobs"), ("mood", "1")])
    results.people(16, country="JP", codes=[("fears", "none")])
    results.people(12, country="BR", codes=[("fears", "jobs")])
    results.people(13, country="BR", codes=[("fears", "none")])
    results.people(3, country="FR", codes=[("fears", "bias")])
    results.people(3, country="NO", codes=[("fears", "none")])
    return results


@pytest.fixture
def visitor(client: Client) -> Client:
    client.force_login(User.objects.create_user("visitor", is_staff=True))
    return client


def exported(folder: Path, *options: str) -> dict[str, list[dict[str, Any]]]:
    call_command("export", "tea", "--for", "public", *options, output=folder, verbosity=0, stdout=io.StringIO())
    return {path.stem: files.read(path) for path in folder.glob("*.csv") if "dictionary" not in path.name}


def test_the_file_keeps_small_counts_back_and_pools_small_countries(results: Results, tmp_path: Path) -> None:
    tables = exported(tmp_path)
    fears = [row for row in tables["themes_by_country"] if row["dimension"] == "fears"]
    assert [(row["code"], row["country"], row["k"], row["n"], row["kept_back"]) for row in fears] == [
        ("jobs", "BR", 12, 25, False), ("bias", "BR", None, 25, True), ("none", "BR", None, 25, True),
        ("jobs", "JP", None, 18, True), ("bias", "JP", None, 18, True), ("none", "JP", None, 18, True),
        ("jobs", "KE", None, 15, True), ("bias", "KE", None, 15, True), ("none", "KE", None, 15, True),
        ("jobs", "*", None, 6, True), ("bias", "*", None, 6, True), ("none", "*", None, 6, True),
    ]  # fmt: skip
    assert [(row["code"], row["k"], row["n"]) for row in tables["themes"] if row["dimension"] == "fears"] == [
        ("jobs", 23, 64),
        ("bias", None, 64),
        ("none", None, 64),
    ]
    assert [(row["k"], row["n"]) for row in tables["themes"] if row["dimension"] == "mood"] == [(None, 0), (None, 0)]  # two people were coded in it


def test_the_page_shows_what_the_file_holds_and_leads_to_nobody(visitor: Client, results: Results) -> None:
    page = visitor.get("/findings/tea/").content.decode()
    assert ("Fears &lt;b&gt;" in page, "quotes/?" in page, "interviews/" in page, "finished" in page) == (True, False, False, False)
    page = visitor.get("/findings/tea/?dimension=fears&code=jobs&base=substantive").content.decode()
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th><td class="number">([^<]+)</td><td class="number">([^<]+)</td>', page)
    assert rows[:4] == [
        ("Brazil", "12", "25"),
        ("Japan", "kept back", "18"),
        ("Kenya", "kept back", "15"),  # with Kenya's 9 and the total of 23, Japan's 2 would be known nearly
        ("other countries", "kept back", "6"),
    ]


def test_every_other_page_of_the_findings_is_for_those_who_may_see_small_cells(visitor: Client, results: Results) -> None:
    open_ = {"index", "findings", "compare", "exports"}
    for pattern in urlpatterns:
        values: dict[str, Any] = {"slug": "tea", "number": 1, "key": 1, "table": "themes"}
        wanted = {name: value for name, value in values.items() if f":{name}>" in str(pattern.pattern)}
        if pattern.name not in open_ and not str(pattern.name).startswith("export_"):  # exports have their own rules
            assert visitor.get(reverse(f"analysis:{pattern.name}", kwargs=wanted)).status_code == 403, pattern.name


def test_one_population_and_one_base_leave_and_no_rows_of_people(visitor: Client, results: Results, tmp_path: Path) -> None:
    results.people(7, country="KE", origin="pilot", codes=[("fears", "jobs")])
    address = "/findings/tea/exports/themes.csv"
    plain, piloted = (b"".join(visitor.get(address + query).streaming_content) for query in ("", "?pilot=on&base=substantive"))
    assert plain == piloted
    for table in ("interviews", "turns", "codings", "corrected_prevalence"):
        assert visitor.get(f"/findings/tea/exports/{table}.csv").status_code == 403
    with pytest.raises(CommandError, match="subtraction"):
        exported(tmp_path, "--include-pilot")
    for name in ("jsonl", "sav", "qdpx"):
        with pytest.raises(CommandError, match="for the team"):
            call_command("export", "tea", "--for", "public", format=name, output=tmp_path / f"tea.{name}", verbosity=0)


def test_with_nothing_kept_back_every_count_is_shown(visitor: Client, results: Results, tmp_path: Path) -> None:
    Survey.objects.update(smallest_cell=0)
    japan = [(row["k"], row["n"]) for row in exported(tmp_path)["themes_by_country"] if row["country"] == "JP"]
    assert japan == [(2, 18), (0, 18), (16, 18), (2, 2), (0, 2)]
    assert "keeps no count of this survey back" in visitor.get("/findings/tea/").content.decode()


def test_who_may_see_small_cells_sees_them(client: Client, results: Results) -> None:
    client.force_login(researcher("noor"))
    page = client.get("/findings/tea/?dimension=fears&code=jobs").content.decode()
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th><td class="number"><a[^>]+>([^<]+)</a>', page)
    assert (sorted(rows[:5]), "kept back" in page) == ([("Brazil", "12"), ("France", "0"), ("Japan", "2"), ("Kenya", "9"), ("Norway", "0")], False)


def test_showing_every_count_needs_a_reason(results: Results) -> None:
    form = SurveyForm(instance=results.survey, data={"smallest_cell": 0, "smallest_cell_reason": " "})
    assert form.errors["smallest_cell_reason"] == ["Say why no count need be kept back."]
    assert SurveyForm(instance=results.survey, data={"smallest_cell": 2}).errors["smallest_cell"] == ["Between 3 and 100, or 0 to keep nothing back."]
