"""The fieldwork page: what it shows, who may see it, and pausing."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from interviewer.models import Interview
from surveys.models import Participant, Survey
from surveys.publishing import load, publish
from tests.conftest import make_survey
from tests.guides import guide, question
from tests.interviewer.fieldwork import FIRST, NOW, WHOLE, begun, called, held, small_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea() -> Survey:
    return small_survey()


def researcher(*permissions: str, is_staff: bool = True) -> Client:
    user = User.objects.create_user("noor", is_staff=is_staff)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff() -> Client:
    return researcher("change_survey", "view_survey")


def text(client: Client, slug: str = "tea", query: str = "") -> str:
    response = client.get(f"/fieldwork/{slug}/{query}")
    assert response.status_code == 200
    main = response.content.decode().split("<main", 1)[1]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def test_the_page_shows_the_figures(staff: Client, tea: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interviewer.monitor_views.timezone.now", lambda: NOW)
    page = text(staff)
    for words in (
        "Answered the consent text 11 100%",
        "Completed 4 44%",
        "next_cup [en] next_cup? only in version 2 4 1 1 0 0 1 0 0 0%",
        "median 20 min 00 s , the middle half 15 min 00 s to 30 min 00 s (3 interviews)",
        "0.2000 US dollars a completed interview",
        "1 person withdrew",
        "1 interview was imported",
        "None set. 1.00 US dollars spent so far. Not in it: 2 calls whose price is not known.",
        "Status Open",
    ):
        assert words in page
    assert "As of 12:00:00 UTC , 2026-03-02. Refresh" in page
    assert staff.get("/fieldwork/tea/?origin=mars").status_code == 404
    assert staff.get("/fieldwork/coffee/").status_code == 404


def test_numbers_read_as_english_whatever_the_browser_prefers(staff: Client, tea: Survey) -> None:
    called(tea, "1234.50")
    response = staff.get("/fieldwork/tea/", headers={"accept-language": "de"})
    assert "1,235.50 US dollars" in response.content.decode()


def test_what_people_and_researchers_wrote_is_never_markup(staff: Client, tea: Survey) -> None:
    Participant.objects.update(country="<b")
    Survey.objects.update(title="<script>alert(1)</script>")
    html = staff.get("/fieldwork/tea/").content.decode()
    assert not re.search(r"<(script|b)\b|[^>]* style=", html)


def test_queries_do_not_grow_with_the_survey(staff: Client, tea: Survey) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            text(staff, query="?origin=all")
        return len(captured)

    queries()  # content types are looked up once
    few = queries()
    for number in range(3):
        load(guide(question("last_cup"), question(f"cup_{number}")), slug="tea", survey=tea)
        publish(tea)
        for country in ("FR", "DE", "IT"):
            called(tea, "0.01", of=held(tea, Interview.Status.COMPLETED, *WHOLE, country=country))
            begun(tea, "participant", "open last_cup", ago=timedelta(hours=1), country=country)
    assert (queries(), few <= 23) == (few, True)


def test_only_staff_see_it(tea: Survey) -> None:
    for client in (Client(), researcher(is_staff=False)):
        assert client.get("/fieldwork/tea/").headers["Location"] == "/admin/login/?next=/fieldwork/tea/"
        assert client.post("/fieldwork/tea/collection", {"status": "paused"}).status_code == 302
    tea.refresh_from_db()
    assert tea.status == "open"


def test_who_may_not_change_surveys_sees_no_buttons_and_cannot_pause(tea: Survey) -> None:
    reader = researcher("view_survey")
    assert "Pause collection" not in text(reader)
    assert reader.post("/fieldwork/tea/collection", {"status": "paused"}).status_code == 403
    tea.refresh_from_db()
    assert tea.status == "open"


def test_pausing_stops_newcomers_and_not_those_who_have_begun(staff: Client, tea: Survey) -> None:
    page = staff.post("/fieldwork/tea/collection", {"status": "paused"}, follow=True).content.decode()
    tea.refresh_from_db()
    assert (tea.status, "Paused collection." in page) == ("paused", True)
    assert "This survey is paused" in Client().get("/s/tea/").content.decode()
    running = Interview.objects.filter(status="running").first()
    assert running is not None
    assert Client().get(f"/i/{running.participant.token}/").templates[0].name == "interviewer/conversation.html"


def test_who_paused_and_resumed_and_when_is_on_record(staff: Client, tea: Survey) -> None:
    for status in ("paused", "pilot", "paused", "open"):
        staff.post("/fieldwork/tea/collection", {"status": status})
    told = ["Paused collection.", "Resumed collection as a pilot.", "Paused collection.", "Resumed collection: open."]
    assert [(entry.user.username, entry.get_change_message()) for entry in LogEntry.objects.order_by("pk")] == [("noor", each) for each in told]
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC noor : Resumed collection: open\.", text(staff))
    tea.refresh_from_db()
    assert tea.status == "open"


@pytest.mark.parametrize(
    ("before", "wanted"), [("draft", "open"), ("closed", "open"), ("closed", "paused"), ("open", "pilot"), ("open", "closed"), ("open", "")]
)
def test_only_a_running_collection_is_paused_and_only_a_paused_one_resumed(staff: Client, tea: Survey, before: str, wanted: str) -> None:
    Survey.objects.update(status=before)
    page = staff.post("/fieldwork/tea/collection", {"status": wanted}, follow=True)
    tea.refresh_from_db()
    assert (tea.status, LogEntry.objects.count(), page.status_code) == (before, 0, 200)
    assert '<p class="banner" role="status">' in page.content.decode()


def test_a_survey_links_to_its_fieldwork(admin_client: Client, tea: Survey) -> None:
    for address in ("/admin/surveys/survey/", f"/admin/surveys/survey/{tea.pk}/change/", "/findings/", "/findings/tea/"):
        assert 'href="/fieldwork/tea/"' in admin_client.get(address).content.decode()


def test_a_survey_nobody_has_come_to_has_a_page(staff: Client) -> None:
    make_survey(guide(question("last_cup")), slug="new")
    assert "No interview has begun here." in text(staff, "new")


def test_a_survey_without_a_guide_has_a_page(staff: Client) -> None:
    load(FIRST, slug="draft")
    assert "No language model has been called yet." in text(staff, "draft")
