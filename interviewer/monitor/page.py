"""Everything a fieldwork page shows of a survey at one moment, in a number of queries that does not grow with it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from interviewer.monitor import calls, funnel, interviews, languages, questions, quotas, scope
from interviewer.monitor.calls import Budget, Calls
from interviewer.monitor.funnel import Funnel
from interviewer.monitor.interviews import Durations, Live, State, Tally
from interviewer.monitor.languages import Row as Spoken
from interviewer.monitor.questions import Row
from interviewer.monitor.quotas import Fill
from interviewer.monitor.safety import Safety, safety
from interviewer.monitor.scope import Choice, Scope
from surveys.models import Participant
from surveys.withdrawal import Withdrawal


@dataclass(frozen=True)
class Page:
    at: datetime
    origins: tuple[Choice, ...]
    versions: tuple[Choice, ...]
    counts_simulated: bool
    begun: int
    imported: int
    withdrawn: int
    safety: Safety
    live: Live
    funnel: Funnel
    questions: tuple[Row, ...]
    questions_at: datetime | None
    durations: Durations | None
    languages: tuple[Tally, ...]
    spoken: tuple[Spoken, ...]
    countries: tuple[Tally, ...]
    calls: Calls
    budget: Budget
    quotas: tuple[Fill, ...]


def look(wanted: Scope, now: datetime) -> Page:
    survey = wanted.survey
    every, spent = interviews.groups(survey, now), calls.groups(survey)
    within = [group for group in every if wanted.holds(group.origin, group.version)]
    outlines = list(questions.outlines(survey.pk))
    by_origin: Counter[str] = Counter()
    for group in every:
        by_origin[group.origin] += group.n
    held_here = [group for group in within if group.held_here]
    completed = interviews.count(within, State.COMPLETED)
    tallies = questions.tallies(survey.pk, now)
    return Page(
        at=now,
        origins=scope.origin_choices(wanted, by_origin),
        versions=scope.version_choices(wanted, [outline.number for outline in outlines]),
        counts_simulated=any(group.origin == Participant.Origin.SIMULATED for group in within),
        begun=interviews.count(within),
        imported=interviews.count(within) - interviews.count(held_here),
        withdrawn=_withdrawn(wanted),
        safety=safety(wanted),
        live=interviews.live(within),
        funnel=funnel.funnel(wanted, within, asks_profile=[outline.number for outline in outlines if outline.asks_profile]),
        questions=questions.drop_off(wanted, outlines, within, tallies, now),
        questions_at=tallies.at if tallies.at < now else None,
        durations=interviews.durations(wanted, interviews.count(held_here, State.COMPLETED)),
        languages=interviews.by_language(within),
        spoken=languages.by_language(wanted, within),
        countries=interviews.by_country(within),
        calls=calls.calls(spent, wanted, completed),
        budget=calls.budget(survey, spent),
        quotas=quotas.fills(survey),
    )


def _withdrawn(wanted: Scope) -> int:
    return Withdrawal.objects.filter(survey=wanted.survey, origin__in=wanted.origins).count()
