"""Safety alerts in the admin: the open ones are found, and who has seen one says so."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from interviewer.safety.alerts import FoundBy, Raised, raise_alert
from interviewer.safety.concern import Concern
from interviewer.safety.models import SafetyAlert
from tests.conftest import make_interview, make_survey
from tests.guides import TWO_OPEN

pytestmark = pytest.mark.django_db
LIST = "admin:interviewer_safetyalert_changelist"


def make_alert() -> SafetyAlert:
    interview = make_interview(make_survey(TWO_OPEN))
    raise_alert(interview.turns.create(number=3, role="interviewer", move="support", text="…"), Raised(Concern.DANGER, FoundBy.WORDS))
    return SafetyAlert.objects.get()


def test_open_alerts_are_listed_and_marked_as_seen(admin_client: Client, admin_user: User) -> None:
    alert = make_alert()
    opened = f"{reverse(LIST)}?seen_at__isempty=1"
    assert "1 safety alert" in admin_client.get(opened).content.decode()
    admin_client.post(reverse(LIST), {"action": "mark_as_seen", "_selected_action": [alert.pk]})
    alert.refresh_from_db()
    assert (alert.seen_by, alert.seen_at is not None) == (admin_user, True)
    assert "0 safety alerts" in admin_client.get(opened).content.decode()


def test_who_notes_what_was_done_has_seen_it_and_nothing_else_can_be_changed(admin_client: Client, admin_user: User) -> None:
    alert = make_alert()
    page = reverse("admin:interviewer_safetyalert_change", args=[alert.pk])
    assert f"Interview {alert.interview_id}, turn 3" in admin_client.get(page).content.decode()
    admin_client.post(page, {"note": "Called the local service.", "concern": "distress"})
    alert.refresh_from_db()
    assert (alert.note, alert.concern, alert.seen_by) == ("Called the local service.", "danger", admin_user)
    assert admin_client.post(reverse("admin:interviewer_safetyalert_delete", args=[alert.pk])).status_code == 403
