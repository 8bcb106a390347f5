"""Interviews in the admin: to be looked at, not to be changed."""

import pytest
from django.test import Client
from django.urls import reverse

from interviewer.models import Turn
from interviewer.spoken import SpokenLanguage
from interviewer.switching import LanguageChange
from tests.conftest import make_interview, make_survey
from tests.guides import TWO_OPEN

pytestmark = pytest.mark.django_db


def test_an_interview_is_listed_and_read_but_not_changed(admin_client: Client) -> None:
    interview = make_interview(make_survey(TWO_OPEN))
    Turn.objects.create(interview=interview, number=1, role="participant", move="answer", text="<b>Green</b> tea")
    Turn.objects.create(interview=interview, number=2, role="interviewer", move="probe", text="And then?", refused=[["praise", "leading"], ["move"]])
    LanguageChange.objects.create(interview=interview, from_language="ar", to_language="en", after_turn=1)
    SpokenLanguage.objects.create(interview=interview, detected="ar", writes_other=True)
    page = admin_client.get(reverse("admin:interviewer_interview_changelist") + "?spoken__writes_other__exact=1")
    assert (page.status_code, b"Tea" in page.content) == (200, True)
    page = admin_client.get(reverse("admin:interviewer_interview_change", args=[interview.pk]))
    assert b"&lt;b&gt;Green&lt;/b&gt; tea" in page.content
    assert b"praise, leading; move" in page.content
    told = "ar → en after turn 1; written in Arabic; participant writes in another language than the interview&#x27;s"
    assert told in page.content.decode()
    assert b'name="_save"' not in page.content
    assert admin_client.post(reverse("admin:interviewer_interview_change", args=[interview.pk]), {"status": "completed"}).status_code == 403


def test_the_list_takes_a_bounded_number_of_queries(admin_client: Client, django_assert_max_num_queries: object) -> None:
    survey = make_survey(TWO_OPEN)
    for _ in range(15):
        make_interview(survey)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        admin_client.get(reverse("admin:interviewer_interview_changelist"))
