"""The line before the interviews: never more at once than there may be, in the order of coming, told honestly."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from math import inf
from time import sleep

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from interviewer import admission
from interviewer.admission import Place, Waiting, enter
from interviewer.models import Interview
from interviewer.monitor.scope import counted
from interviewer.queueing import Room, may_begin, minutes
from surveys.models import ConsentRecord, Participant, Survey
from tests.conftest import make_survey
from tests.guides import TWO_OPEN

NOW = timezone.now()
TEA, COFFEE = 1, 2


@pytest.mark.parametrize(
    ("room", "survey", "ahead", "begins"),
    [
        (Room(0, {}, {TEA: 500}), TEA, [TEA] * 9, True),
        (Room(3, {}, {TEA: 1, COFFEE: 1}), TEA, [], True),
        (Room(3, {}, {TEA: 1, COFFEE: 1}), TEA, [COFFEE], False),
        (Room(3, {}, {TEA: 3}), TEA, [], False),
        (Room(3, {}, {TEA: 9}), TEA, [], False),
        (Room(0, {TEA: 2}, {TEA: 1}), TEA, [], True),
        (Room(0, {TEA: 2}, {TEA: 1}), TEA, [TEA], False),
        (Room(0, {TEA: 2}, {TEA: 2}), COFFEE, [TEA, TEA], True),
        (Room(3, {TEA: 1}, {TEA: 1}), COFFEE, [TEA] * 5, True),
        (Room(3, {TEA: 2}, {TEA: 1}), COFFEE, [TEA] * 5, True),
        (Room(2, {TEA: 2}, {TEA: 1}), COFFEE, [TEA] * 5, False),
        (Room(5, {TEA: 1}, {TEA: 3}), COFFEE, [TEA], True),
    ],
)
def test_who_is_next_begins_and_a_full_survey_holds_up_no_other(room, survey, ahead, begins):
    assert may_begin(room, survey, ahead) is begins


def test_room_without_a_limit_has_no_end():
    assert (Room(0, {}, {}).free, Room(4, {TEA: 3}, {TEA: 1}).free_in(TEA), Room(4, {}, {}).free_in(TEA)) == (inf, 2, inf)


@pytest.mark.parametrize(
    ("place", "ago", "expected"),
    [(4, [], None), (4, [9, 5], None), (4, [9, 6, 3], 12), (1, [2, 1, 0], 1), (7, [10, 9, 8, 7], 18)],
)
def test_the_wait_is_told_from_the_pace_of_late_or_not_at_all(place, ago, expected):
    assert minutes(place, [NOW - timedelta(minutes=each) for each in ago], NOW) == expected


@pytest.fixture
def survey(settings) -> Survey:
    cache.clear()
    settings.ADMISSION_LIVE = 2
    return make_survey(TWO_OPEN)


def someone(survey: Survey) -> Participant:
    person = Participant.objects.create(survey=survey, language="en", profiled_at=timezone.now())
    ConsentRecord.objects.create(participant=person, guide_version=survey.current_version, language="en", text="I agree.", given=True)
    return person


def come(person: Participant) -> Interview | Place:
    cache.clear()  # a second goes by
    return enter(person, person.survey.current_version)


def end_one() -> None:
    running = Interview.objects.filter(status="running").order_by("pk").first()
    Interview.objects.filter(pk=running.pk).update(status="completed", awaiting="nobody")


@pytest.mark.django_db
def test_people_begin_in_the_order_in_which_they_came(survey):
    people = [someone(survey) for _ in range(5)]
    came = [come(person) for person in people]
    assert [isinstance(each, Interview) for each in came] == [True, True, False, False, False]
    assert came[2:] == [Place(1, None), Place(2, None), Place(3, None)]
    end_one()
    assert [come(people[number]) for number in (4, 3)] == [Place(3, None), Place(2, None)]
    assert isinstance(come(people[2]), Interview)
    assert come(people[3]) == Place(1, 1)


@pytest.mark.django_db
def test_who_drops_keeps_the_place_for_some_minutes_and_holds_nobody_up(survey):
    people = [someone(survey) for _ in range(5)]
    for person in people:
        come(person)
    first, second, third = people[2:]

    def silent(person: Participant, minutes: float) -> None:
        Waiting.objects.filter(participant=person).update(seen_at=timezone.now() - timedelta(minutes=minutes))

    silent(first, 2)
    end_one()
    assert isinstance(come(second), Interview)
    assert come(first) == Place(1, 1)
    silent(first, 6)
    assert come(third) == Place(1, 1)
    assert come(first) == Place(2, 1)
    assert admission.waiting_for(survey, counted(survey)) == 2


@pytest.mark.django_db
def test_an_interview_that_has_gone_silent_leaves_room(survey):
    for _ in range(2):
        come(someone(survey))
    late = someone(survey)
    assert isinstance(come(late), Place)
    oldest = Interview.objects.order_by("pk").first()
    Interview.objects.filter(pk=oldest.pk).update(updated_at=timezone.now() - timedelta(minutes=11))
    assert isinstance(come(late), Interview)


@pytest.mark.django_db
def test_a_survey_can_have_a_limit_of_its_own(survey, settings):
    settings.ADMISSION_LIVE = 0
    Survey.objects.filter(pk=survey.pk).update(most_live=1)
    other = make_survey(TWO_OPEN, slug="coffee")
    survey.refresh_from_db()
    assert [isinstance(come(someone(each)), Interview) for each in (survey, survey, other)] == [True, False, True]


@pytest.mark.django_db(transaction=True)
def test_in_a_burst_no_more_begin_than_there_is_room_for(survey, settings, monkeypatch):
    settings.ADMISSION_LIVE = 10
    count = admission._room

    def slowly(now: datetime) -> Room:
        """Between counting the live and reading the line, others may begin."""
        room = count(now)
        sleep(0.01)
        return room

    monkeypatch.setattr(admission, "_room", slowly)
    people = [someone(survey) for _ in range(60)]

    def ask(person: Participant) -> bool:
        try:
            cache.clear()
            return isinstance(enter(person, person.survey.current_version), Interview)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        begun = list(pool.map(ask, people * 2))
    assert Interview.objects.count() == 10
    assert sum(begun[:60]) <= 10
    line = list(Participant.objects.filter(interview=None).order_by("waiting__pk"))
    for _ in range(4):
        end_one()
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(ask, reversed(line)))
        list(pool.map(ask, reversed(line)))
        list(pool.map(ask, reversed(line)))
        list(pool.map(ask, reversed(line)))
    assert set(Participant.objects.filter(interview__status="running").values_list("pk", flat=True)) >= {person.pk for person in line[:4]}
    assert Interview.objects.filter(status="running").count() == 10


@pytest.mark.django_db
def test_the_page_says_the_place_and_begins_by_itself(survey, client):
    first, second, third = (someone(survey) for _ in range(3))
    come(first)
    come(second)
    page = client.get(f"/i/{third.token}/")
    html = page.content.decode()
    assert "Your place in line: 1" in html
    assert "How long it takes cannot be told yet." in html
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in html
    assert page["Cache-Control"] == "no-store"
    end_one()
    cache.clear()
    assert client.get(f"/i/{third.token}/").status_code == 302
    assert Interview.objects.filter(participant=third).exists()


@pytest.mark.django_db
def test_looking_again_is_cheap_however_long_the_line(survey, django_assert_max_num_queries):
    for _ in range(12):
        come(someone(survey))
    last = someone(survey)
    come(last)
    Client()
    with django_assert_max_num_queries(8):
        enter(last, last.survey.current_version)
