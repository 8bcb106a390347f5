"""Fieldwork in figures: each of a small survey's is counted by hand."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from interviewer.admission import Waiting
from interviewer.models import Interview
from interviewer.monitor.calls import Budget, Outcome, Total
from interviewer.monitor.figures import duration, percent
from interviewer.monitor.interviews import Durations, Live, Tally
from interviewer.monitor.kept import Kept
from interviewer.monitor.page import Page, look
from interviewer.monitor.quotas import Fill
from interviewer.monitor.scope import Choice, Scope, Unknown
from surveys import outcomes
from surveys.models import Survey
from surveys.recruitment import Quota
from tests.conftest import make_survey
from tests.guides import guide, question
from tests.interviewer.fieldwork import FIRST, NOW, called, small_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea() -> Survey:
    return small_survey()


def seen(survey: Survey, origin: str = "", version: str = "") -> Page:
    return look(Scope.of(survey, origin, version), NOW)


def steps(page: Page) -> tuple[list[tuple[str, int, str]], list[tuple[str, int, str]]]:
    before, interview = ([(step.label, step.n, step.share) for step in part] for part in (page.funnel.before, page.funnel.interview))
    return before, interview


def questions(page: Page) -> list[tuple[Any, ...]]:
    """(key or text, versions, begun, asked, covered, answered, skipped, there now, ended, left, gone)"""
    return [
        (row.key or row.text, row.versions, row.of, row.asked, row.covered, row.answered, row.skipped, row.running, row.ended, row.left, row.dropped)
        for row in page.questions
    ]


def test_the_funnel_runs_from_the_consent_text_to_the_rating(tea: Survey) -> None:
    page = seen(tea)
    assert steps(page) == (
        [
            ("Answered the consent text", 11, "100%"),
            ("Declined", 1, "9%"),
            ("Agreed to take part", 10, "91%"),
            ("Through the questions about them", 9, "82%"),
            ("Began the interview", 8, "73%"),
        ],
        [
            ("Begun", 9, "100%"),
            ("First answer given", 7, "78%"),
            ("Completed", 4, "44%"),
            ("Rated", 1, "11%"),
            ("Ended early", 1, "11%"),
            ("Left unfinished", 2, "22%"),
            ("Running now", 2, "22%"),
        ],
    )
    assert (page.begun, page.imported, page.withdrawn, page.counts_simulated) == (9, 1, 1, False)


def test_each_question_says_who_was_asked_who_answered_and_who_was_last_seen_there(tea: Survey) -> None:
    assert questions(seen(tea)) == [
        ("Before the first question", "", 8, 0, 0, 0, 0, 0, 0, 1, "–"),
        ("last_cup", "", 8, 7, 0, 6, 0, 1, 0, 1, "14%"),
        ("next_cup", "2", 4, 1, 1, 0, 0, 1, 0, 0, "0%"),
        ("best_cup", "", 8, 4, 0, 2, 1, 0, 1, 0, "25%"),
        ("Closing summary", "", 8, 3, 0, 3, 0, 0, 0, 0, "0%"),
    ]


def test_one_guide_version_is_counted_by_itself(tea: Survey) -> None:
    page = seen(tea, version="1")
    assert questions(page) == [
        ("last_cup", "", 4, 4, 0, 3, 0, 0, 0, 1, "25%"),
        ("best_cup", "", 4, 3, 0, 1, 1, 0, 1, 0, "33%"),
        ("Closing summary", "", 4, 2, 0, 2, 0, 0, 0, 0, "0%"),
    ]
    before, interview = steps(page)
    assert [n for _, n, _ in before] == [4, 0, 4, 4, 4]
    assert [n for _, n, _ in interview] == [4, 3, 2, 1, 1, 1, 0]
    assert page.versions == (
        Choice("All versions", "?", False),
        Choice("Version 2", "?version=2", False),
        Choice("Version 1", "?version=1", True),
    )


def test_what_runs_now_is_told_from_what_was_left(tea: Survey) -> None:
    latest = NOW - timedelta(seconds=30)
    assert seen(tea).live == Live(running=2, with_participant=1, with_interviewer=1, owed=1, owed_before=1, latest=latest)


def test_a_turn_owed_for_less_than_a_minute_is_no_trouble(tea: Survey) -> None:
    Interview.objects.filter(awaiting="interviewer").update(updated_at=NOW - timedelta(seconds=59))
    live = seen(tea).live
    assert (live.running, live.with_interviewer, live.owed, live.owed_before) == (3, 2, 0, 0)


def test_languages_and_countries_add_up_to_the_interviews_begun(tea: Survey) -> None:
    page = seen(tea)
    assert page.languages == (
        Tally("English", begun=5, completed=3, ended=0, left=0, running=2, share="60%", width=1000),
        Tally("Japanese", begun=3, completed=0, ended=1, left=2, running=0, share="0%", width=600),
        Tally("Arabic", begun=1, completed=1, ended=0, left=0, running=0, share="100%", width=200),
    )
    assert [(tally.label, tally.begun, tally.completed) for tally in page.countries] == [
        ("Japan", 3, 0),
        ("Kenya", 3, 2),
        ("not stated", 2, 1),
        ("Egypt", 1, 1),
    ]


def test_quartiles_of_the_time_taken_leave_imported_interviews_out(tea: Survey) -> None:
    assert seen(tea).durations == Durations(3, "15 min 00 s", "20 min 00 s", "30 min 00 s")  # of 10, 20 and 40 minutes
    assert seen(tea, version="2").durations == Durations(1, "40 min 00 s", "40 min 00 s", "40 min 00 s")
    assert seen(tea, "imported").durations is None


def test_pilot_and_simulated_interviews_stand_apart(tea: Survey) -> None:
    assert seen(tea).origins == (
        Choice("Counted in results: live and imported (9)", "?", True),
        Choice("Live (8)", "?origin=live", False),
        Choice("Pilot (1)", "?origin=pilot", False),
        Choice("Imported (1)", "?origin=imported", False),
        Choice("Simulated (1)", "?origin=simulated", False),
        Choice("All (11)", "?origin=all", False),
    )
    assert (seen(tea, "pilot").begun, seen(tea, "all").begun, seen(tea, "all").counts_simulated) == (1, 11, True)
    tea.show_simulated = True
    assert (seen(tea).begun, seen(tea).counts_simulated) == (10, True)


def test_calls_are_counted_by_purpose_day_and_outcome(tea: Survey) -> None:
    calls = seen(tea).calls
    ok = {"read_in": 400, "cached": "75.0%", "written": 50}
    assert calls.all == Total("All", 5, 1, "20%", read_in=1600, cached="75.0%", written=200, cost=Decimal("1.00"), unpriced=2)
    assert calls.by_day == (
        Total("2026-03-02", 3, 0, "0%", read_in=1200, cached="75.0%", written=150, cost=Decimal("0.50"), unpriced=1, width=1000),
        Total("2026-03-01", 2, 1, "50%", **ok, cost=Decimal("0.50"), unpriced=1, width=1000),
    )
    assert calls.by_purpose == (
        Total("interview", 3, 1, "33%", read_in=800, cached="75.0%", written=100, cost=Decimal("0.70"), unpriced=1, width=700),
        Total("code", 2, 0, "0%", read_in=800, cached="75.0%", written=100, cost=Decimal("0.30"), unpriced=1, width=300),
    )
    assert calls.outcomes == (Outcome("ok", 4, "80%", 800), Outcome("timeout", 1, "20%", 200))


def test_a_completed_interview_costs_what_all_calls_for_these_people_cost(tea: Survey) -> None:
    calls = seen(tea).calls
    assert (calls.each, calls.each_unpriced) == (Decimal("0.20"), 1)  # 0.50 + 0.30 for four completed
    assert seen(tea, "simulated").calls.each == Decimal("0.20")
    assert seen(make_survey(FIRST, slug="none")).calls.each is None


def test_days_long_past_become_one_row(tea: Survey) -> None:
    for day in range(3, 32):
        called(tea, "1.00", day=day)
    by_day = seen(tea).calls.by_day
    assert [(day.label, day.calls) for day in (by_day[0], by_day[29], by_day[30])] == [("2026-03-31", 1), ("2026-03-02", 3), ("before 2026-03-02", 2)]


def test_the_budget_says_what_is_left_and_when_it_ran_out(tea: Survey) -> None:
    assert seen(tea).budget == Budget(None, Decimal("1.00"), unpriced=2, ran_out=None, share="", width=0)
    tea.budget_usd = Decimal("4.00")
    budget = seen(tea).budget
    assert (budget.left, budget.ran_out, budget.share, budget.width) == (Decimal("3.00"), None, "25%", 250)
    tea.budget_usd = Decimal("0.60")
    budget = seen(tea).budget
    assert (budget.left, budget.ran_out, budget.share, budget.width) == (Decimal(0), date(2026, 3, 2), "167%", 1000)
    tea.budget_usd = Decimal("0.50")
    assert seen(tea).budget.ran_out == date(2026, 3, 1)


@pytest.mark.parametrize(("origin", "version"), [("mars", ""), ("", "one"), ("", "²"), ("", "9" * 30)])
def test_what_is_no_origin_or_version_is_refused(tea: Survey, origin: str, version: str) -> None:
    with pytest.raises(Unknown):
        Scope.of(tea, origin, version)


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (754, "12 min 34 s"), (5400, "1 h 30 min")])
def test_durations_are_worded_for_people(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(("part", "whole", "words"), [(1, 0, "–"), (1, 8, "12%"), (25, 200, "12.5%"), (200, 200, "100.0%")])
def test_percentages_have_a_decimal_where_it_means_something(part: int, whole: int, words: str) -> None:
    assert percent(part, whole) == words


def test_a_survey_nobody_has_come_to_has_no_figures() -> None:
    page = seen(make_survey(guide(question("last_cup")), slug="new"))
    assert steps(page)[0] == [
        ("Answered the consent text", 0, "–"),
        ("Declined", 0, "–"),
        ("Agreed to take part", 0, "–"),
        ("Began the interview", 0, "–"),
    ]
    assert (page.questions, page.durations, page.languages, page.live.latest) == ((), None, (), None)


def test_the_funnel_tells_who_was_turned_away_and_who_waits(tea: Survey) -> None:
    people = list(tea.participants.filter(interview=None, consent__given=True, origin="live")) + list(tea.participants.filter(origin="live")[:3])
    for person, result in zip(people, ("screened_out", "quota_full", "timed_out"), strict=False):
        outcomes.decide(person, result)
    late = tea.participants.create(language="en", origin="live")
    Waiting.objects.create(participant=late, survey=tea, seen_at=timezone.now())
    asides = [(step.label, step.n) for step in seen(tea).funnel.before if step.aside]
    assert asides == [("Declined", 1), ("Screened out", 1), ("Quota full", 1), ("Timed out", 1), ("Waiting in line now", 1)]


def test_quotas_say_how_full_they_are(tea: Survey) -> None:
    Quota.objects.create(survey=tea, name="KE", limit=4)
    Quota.objects.filter(name="KE").update(reserved=1, completed=2)
    (fill,) = seen(tea).quotas
    assert (fill, fill.share, fill.width, fill.filled_width) == (Fill("KE", 4, 2, 1, None), "50%", 500, 750)


def test_what_took_long_to_count_is_kept_ten_times_as_long_and_what_was_quick_is_not() -> None:
    now, taking = [0.0], [2.0]

    def count() -> float:
        now[0] += taking[0]
        return now[0]

    kept: Kept[float] = Kept(clock=lambda: now[0])
    assert kept.get("tea", count) == 2
    now[0] = 21.9  # counted until 2, so kept until 22
    assert kept.get("tea", count) == 2
    now[0] = 22.0
    taking[0] = 0.5
    assert [kept.get(key, count) for key in ("tea", "tea", "coffee")] == [22.5, 23.0, 23.5]
