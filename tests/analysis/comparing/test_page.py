"""The page of two groups compared, asked for over HTTP with real rows behind it."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.analysis.researchers import researcher
from tests.analysis.results import Results

pytestmark = pytest.mark.django_db
ROW = re.compile(r'<tr>\s*<th scope="row">(.*?)</tr>', re.S)


@pytest.fixture
def results() -> Results:
    results = Results(slug="tea")
    results.people(30, country="KE", codes=[("fears", "jobs")])
    results.people(10, country="KE", codes=[("fears", "bias")])
    results.people(8, country="JP", codes=[("fears", "jobs")])
    results.people(32, country="JP", codes=[("fears", "bias")])
    return results


def rows(client: Client, query: str) -> dict[str, list[str]]:
    page = client.get(f"/findings/tea/compare/?{query}").content.decode()
    found = [[unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", cell))).strip() for cell in re.split("</t[hd]>", row)] for row in ROW.findall(page)]
    return {row[0]: [cell for cell in row[1:] if cell] for row in found}


def test_differences_stand_with_their_interval_and_only_those_beyond_chance_are_marked(client: Client, results: Results) -> None:
    client.force_login(researcher("noor"))
    found = rows(client, "a=country:KE&b=country:JP")
    assert found["Jobs & economy"] == ["75% (30)", "20% (8)", "+55 ●", "+34 to +69", "< 0.001"]
    assert found["No fear"] == ["0% (0)", "0% (0)", "0", "−9 to +9", "1.000"]


def test_who_may_not_see_small_cells_compares_countries_without_them(client: Client, results: Results) -> None:
    results.people(2, country="FR", codes=[("fears", "jobs")])
    results.people(4, country="NO", codes=[("fears", "jobs")])
    client.force_login(User.objects.create_user("visitor", is_staff=True))
    found = rows(client, "a=country:KE&b=country:JP")
    assert found["No fear"] == ["kept back", "kept back", "–", "–", "–"]
    page = client.get("/findings/tea/compare/").content.decode()
    assert ("France" in page, "Language" in page) == (False, False)
    assert client.get("/findings/tea/compare/?a=country:FR&b=country:KE").status_code == 404
    assert client.get("/findings/tea/compare/?a=gender:&b=country:KE").status_code == 404


def test_groups_that_can_have_people_in_common_are_not_compared(client: Client, results: Results) -> None:
    results.people(3, country="JP", codes=[("fears", "jobs")])
    client.force_login(researcher("noor"))
    page = client.get("/findings/tea/compare/?a=country:KE&b=language:en").content.decode()
    assert ("people in common" in page, "Adjusted p" in page) == (True, False)
