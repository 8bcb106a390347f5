"""The table of help lines: who is shown which, what nobody has checked, and CSV out and in."""

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from surveys import guide_yaml, publishing
from surveys.models import Survey
from surveys.support import SupportResource, choose, resources_for, warning
from tests.conftest import make_survey
from tests.guides import TEXTS, TWO_OPEN, guide, question

LINES = import_module("surveys.migrations.0012_support_lines").LINES
LIST = "admin:surveys_supportresource_changelist"


def line(country: str = "", language: str = "", **fields: Any) -> SupportResource:
    return SupportResource(country=country, language=language, **({"name": f"{country}/{language}", "contact": "123"} | fields))


TABLE = [
    line(),
    line(language="ar"),
    line("KE", "en"),
    line("KE", "sw"),
    line("CH", "de"),
    line("CH", "fr", checked_on=date(2026, 1, 1)),
    line("IN"),
]


@pytest.mark.parametrize(
    ("country", "language", "shown"),
    [
        ("KE", "sw", ["KE/sw"]),
        ("ke", "en", ["KE/en"]),
        ("KE", "ar", ["KE/en", "KE/sw"]),
        ("CH", "it", ["CH/fr", "CH/de"]),
        ("CH", "de-ch", ["CH/de"]),
        ("IN", "hi", ["IN/"]),
        ("FR", "ar", ["/ar"]),
        ("", "ar", ["/ar"]),
        ("", "sw", ["/"]),
        ("FR", "fr", ["/"]),
    ],
)
def test_the_nearest_lines_are_shown_checked_ones_first(country: str, language: str, shown: list[str]) -> None:
    assert [each.name for each in choose(TABLE, country, language)] == shown
    assert choose([], country, language) == ()


def test_the_program_comes_with_lines_for_many_countries_all_reachable_and_none_twice() -> None:
    assert len({country for country, *_ in LINES}) > 40
    assert len({each[:3] for each in LINES}) == len(LINES)
    for each in LINES:
        SupportResource(**dict(zip(("country", "language", "name", "contact", "url"), each, strict=True))).clean_fields()
        assert each[3] or each[4]


@pytest.mark.django_db
def test_only_active_lines_are_shown() -> None:
    SupportResource.objects.all().delete()
    SupportResource.objects.bulk_create([line("KE", "sw", active=False), line("KE", "en"), line()])
    assert [each.name for each in resources_for("KE", "sw")] == ["KE/en"]


@pytest.mark.django_db
def test_what_nobody_has_checked_is_named_when_a_survey_is_published_or_opened_and_stops_nothing(admin_client: Client) -> None:
    SupportResource.objects.all().delete()
    survey = make_survey(TWO_OPEN, status="draft")
    assert warning(survey).startswith("No support resource fits")
    SupportResource.objects.bulk_create(
        [line("KE", "en"), line("KE", "en", name="2", checked_on=date(2026, 1, 1)), line("EG", "ar"), line("DE", "de"), line()]
    )
    unchecked = "Nobody has checked the support resources for: Arabic in Egypt, anywhere. Check those of your countries before people are asked."
    assert warning(survey) == unchecked
    Survey.objects.filter(pk=survey.pk).update(goal="Another goal.")
    page = admin_client.post(reverse("admin:surveys_survey_publish", args=[survey.pk]), follow=True)
    assert [str(message) for message in page.context["messages"]][1:] == [unchecked]
    assert survey.versions.count() == 2
    SupportResource.objects.update(checked_on=date(2026, 1, 1))
    assert warning(survey) == ""


@pytest.mark.django_db
def test_the_table_is_edited_in_place_taken_away_and_brought_back(admin_client: Client) -> None:
    SupportResource.objects.all().delete()
    SupportResource.objects.create(country="KE", language="sw", name="Msaada, “24”", contact="+254 1", note="24/7")
    page = admin_client.get(reverse(LIST)).content.decode()
    assert "Numbers change. Before you interview people" in page
    assert 'name="form-0-checked_on"' in page
    chosen = {"action": "as_csv", "_selected_action": list(SupportResource.objects.values_list("pk", flat=True))}
    content = admin_client.post(reverse(LIST), chosen).content
    assert content.decode("utf-8-sig").splitlines()[1] == 'KE,sw,"Msaada, “24”",+254 1,,24/7,,yes'
    changed = content.replace(b"24/7,,yes", b"24/7,2026-11-01,no") + "FR,fr,Écoute,3114,,,,\r\n".encode()
    load = reverse("admin:surveys_supportresource_load")
    page = admin_client.post(load, {"file": SimpleUploadedFile("support.csv", changed)}, follow=True)
    assert "1 added, 1 changed." in page.content.decode()
    assert list(SupportResource.objects.values_list("country", "contact", "checked_on", "active")) == [
        ("FR", "3114", None, True),
        ("KE", "+254 1", date(2026, 11, 1), False),
    ]
    page = admin_client.post(load, {"file": SimpleUploadedFile("support.csv", b"country,language,name\nKE,sw,X\n")})
    assert (page.status_code, "Line 2: " in page.content.decode(), SupportResource.objects.count()) == (400, True, 2)


@pytest.mark.django_db
def test_the_support_text_of_each_language_goes_into_yaml_and_back() -> None:
    texts = {"en": TEXTS | {"support": "You are not alone."}, "ar": TEXTS, "ja": TEXTS}
    survey = make_survey(guide(question("last_cup"), texts=texts))
    assert survey.texts.get(language="en").support == "You are not alone."
    assert guide_yaml.read(guide_yaml.write(publishing.draft(survey))).texts["en"].support == "You are not alone."
