"""Quotas: never more than there are, whoever comes at once; places given back are given out again; who talks keeps theirs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from interviewer import settling
from interviewer.beginning import begin
from interviewer.models import Interview
from interviewer.moves import Ending
from interviewer.tasks import settle_finished
from interviewer.withdrawing import withdraw
from surveys import outcomes, quotas
from surveys.admin.recruitment import QuotaForm
from surveys.models import ConsentRecord, Participant, Survey
from surveys.recruitment import Quota, Reservation
from surveys.tasks import release_places
from tests.conftest import make_survey
from tests.guides import TWO_OPEN
from tests.support.participant import ScriptedParticipant
from tests.support.stack import Stack

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey() -> Survey:
    return make_survey(TWO_OPEN)


def someone(survey: Survey, **fields) -> Participant:
    person = Participant.objects.create(survey=survey, language="en", profiled_at=timezone.now(), **fields)
    ConsentRecord.objects.create(participant=person, guide_version=survey.current_version, language="en", text="I agree.", given=True)
    return person


def quota(survey: Survey, limit: int, *conditions: dict, name: str = "all") -> Quota:
    return Quota.objects.create(survey=survey, name=name, limit=limit, conditions=list(conditions))


def filled() -> dict[str, tuple[int, int]]:
    """name → (reserved, completed)."""
    return {each.name: (each.reserved, each.completed) for each in Quota.objects.all()}


def at_once(work: Callable[[Participant], object], people: list[Participant], threads: int = 20) -> list:
    def alone(person: Participant) -> object:
        try:
            return work(person)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(alone, people))


@pytest.mark.django_db(transaction=True)
def test_of_two_hundred_at_once_exactly_as_many_get_in_as_there_are_places(survey):
    quota(survey, 50)
    quota(survey, 30, {"profile": "country", "any_of": ["KE"]}, name="KE")
    quota(survey, 30, {"profile": "gender", "any_of": ["woman"]}, name="women")
    sorts = [("KE", "woman"), ("KE", "man"), ("TZ", "woman"), ("TZ", "man")]
    people = [someone(survey, country=country, gender=gender) for country, gender in sorts * 50]
    got_in = at_once(quotas.enter, people, threads=200)
    holders = Participant.objects.filter(reservation__state="held")
    assert (sum(got_in), holders.count()) == (50, 50)
    assert filled() == {
        "all": (50, 0),
        "KE": (holders.filter(country="KE").count(), 0),
        "women": (holders.filter(gender="woman").count(), 0),
    }
    assert max(reserved for name, (reserved, _) in filled().items() if name != "all") <= 30

    leaving = list(holders.order_by("pk"))[:20]
    at_once(quotas.release, leaving)
    assert filled()["all"] == (30, 0)
    others = [person for person in people if person.pk not in set(holders.values_list("pk", flat=True)) and person not in leaving]
    coming_and_going = at_once(lambda person: quotas.enter(person) and (quotas.complete(person), True)[1], others)
    assert sum(coming_and_going) <= 20
    everyone = filled()["all"]
    assert everyone == (30, sum(coming_and_going))
    assert all(reserved + completed <= 30 for name, (reserved, completed) in filled().items() if name != "all")


def test_who_counts_in_several_needs_room_in_all_and_else_takes_none(survey):
    quota(survey, 9)
    quota(survey, 1, {"profile": "country", "any_of": ["KE"]}, name="KE")
    assert [quotas.enter(someone(survey, country=country)) for country in ("KE", "KE", "TZ")] == [True, False, True]
    assert filled() == {"all": (2, 0), "KE": (1, 0)}


def test_only_live_people_count(survey):
    quota(survey, 0)
    assert quotas.enter(someone(survey, origin="pilot"))
    assert not quotas.enter(someone(survey))


def test_entering_twice_is_entering_once(survey):
    person = someone(survey)
    quota(survey, 5)
    assert [quotas.enter(person), quotas.enter(person)] == [True, True]
    assert filled() == {"all": (1, 0)}


def test_the_moment_a_quota_fills_is_kept_and_forgotten_with_room(survey):
    only = quota(survey, 1)
    person = someone(survey)
    quotas.enter(person)
    only.refresh_from_db()
    assert only.full_since is not None
    quotas.release(person)
    only.refresh_from_db()
    assert only.full_since is None


@pytest.mark.parametrize(
    ("status", "because", "result", "places"),
    [
        ("completed", Ending.COMPLETED, "complete", (0, 1)),
        ("completed", Ending.TIME, "complete", (0, 1)),
        ("ended", Ending.ASKED, "ended", (0, 0)),
        ("ended", Ending.OFF_TOPIC, "low_quality", (0, 0)),
    ],
)
def test_what_becomes_of_the_place_when_the_interview_ends(survey, status, because, result, places):
    quota(survey, 1)
    person = someone(survey)
    quotas.enter(person)
    interview = begin(person, survey.current_version)
    Interview.objects.filter(pk=interview.pk).update(status=status, ended_because=because, awaiting="nobody")
    for _ in range(2):
        settling.settle_when_completed(interview.pk)
    assert (outcomes.of(person), filled()["all"]) == (result, places)


def test_an_interview_that_nobody_settled_is_settled_by_the_clock(survey):
    quota(survey, 1)
    person = someone(survey)
    quotas.enter(person)
    interview = begin(person, survey.current_version)
    Interview.objects.filter(pk=interview.pk).update(status="completed", awaiting="nobody", completed_at=timezone.now())
    assert (settle_finished(), settle_finished(), outcomes.of(person), filled()["all"]) == (1, 0, "complete", (0, 1))


@pytest.mark.parametrize("completed", [False, True])
def test_who_withdraws_gives_the_place_back(survey, completed):
    quota(survey, 1)
    person = someone(survey)
    quotas.enter(person)
    if completed:
        quotas.complete(person)
    withdraw(person)
    assert filled() == {"all": (0, 0)}


def fall_silent() -> None:
    Reservation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def test_silence_gives_the_place_back_and_coming_back_takes_it_again_if_there_is_one(survey, client):
    quota(survey, 1)
    person, other = someone(survey), someone(survey)
    client.get(f"/i/{person.token}/")
    fall_silent()
    assert (release_places(), release_places(), filled()["all"]) == (1, 0, (0, 0))
    assert client.get(f"/i/{person.token}/").status_code == 200
    assert filled()["all"] == (1, 0)
    fall_silent()
    release_places()
    Client().get(f"/i/{other.token}/")
    gone = client.get(f"/i/{person.token}/")
    assert gone["Location"] == f"/i/{person.token}/outcome"
    assert "Your place has gone to someone else" in client.get(gone["Location"]).content.decode()
    assert (outcomes.of(person), outcomes.of(other), filled()["all"]) == ("timed_out", None, (1, 0))


def test_who_finds_it_full_is_told_so_for_good(survey, client):
    quota(survey, 0)
    person = someone(survey)
    for _ in range(2):
        assert client.get(f"/i/{person.token}/")["Location"] == f"/i/{person.token}/outcome"
        Quota.objects.update(limit=5)
    assert (outcomes.of(person), Interview.objects.count()) == ("quota_full", 0)


@pytest.mark.django_db(transaction=True)
def test_who_speaks_keeps_the_place_with_one_update_a_minute(survey, django_assert_num_queries):
    quota(survey, 1)
    person = someone(survey)
    quotas.enter(person)
    interview = begin(person, survey.current_version)
    fall_silent()
    cache.clear()
    async_to_sync(settling.stay)(interview.pk)
    assert release_places() == 0
    with django_assert_num_queries(0):
        async_to_sync(settling.stay)(interview.pk)


@pytest.mark.stack
def test_who_speaks_again_after_their_place_went_to_someone_else_is_led_to_the_page_that_says_so(stack: Stack):
    survey = make_survey(TWO_OPEN)
    quota(survey, 1)
    person, other = someone(survey), someone(survey)
    quotas.enter(person)
    begin(person, survey.current_version)
    fall_silent()
    release_places()
    quotas.enter(other)
    with ScriptedParticipant(stack.websocket_url, person.token) as line:
        line.next_turn()
        line.answer("I am back.")
        told = line.until("withdrawn")
    assert (told["next"], outcomes.of(person)) == (f"/i/{person.token}/outcome", "timed_out")


def test_the_database_itself_refuses_to_overfill(survey):
    only = quota(survey, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Quota.objects.filter(pk=only.pk).update(reserved=2)


def test_a_limit_changes_while_people_come_but_never_below_what_is_filled(survey):
    only = quota(survey, 3)
    stale = Quota.objects.get()
    for _ in range(2):
        quotas.enter(someone(survey))
    refused = QuotaForm({"name": "all", "conditions": "", "limit": 1}, instance=only)
    assert refused.errors == {"limit": ["2 places are filled (0 completed, 2 in interviews): not below that."]}
    stale.limit = 2
    stale.save()
    stale.refresh_from_db()
    assert (stale.limit, stale.reserved, stale.full_since is not None) == (2, 2, True)
    unknown = QuotaForm({"name": "x", "conditions": "- {question: tea, any_of: [yes]}", "limit": 1}, instance=Quota(survey=survey))
    assert unknown.errors == {"conditions": ["There is no screening question “tea”."]}
