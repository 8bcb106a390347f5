"""Interviews counted: those running now, how those begun went on, by language and by country, how long they took."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import floor

from django.db.models import Case, Count, DurationField, ExpressionWrapper, F, Max, Q, Value, When, Window
from django.db.models.functions import RowNumber

from interviewer.models import Interview
from interviewer.monitor.figures import duration, percent, permille
from interviewer.monitor.scope import Scope
from surveys.languages import country_name, name
from surveys.models import Participant, Survey

QUIET = timedelta(minutes=10)  # untouched for longer, a running interview counts as left
PATIENCE = timedelta(minutes=1)  # an interviewer who owes a turn for longer is in trouble
RATED = Q(satisfaction__isnull=False) | Q(captured__isnull=False) | Q(would_recommend__isnull=False)


class State(StrEnum):
    RUNNING = "running"
    LEFT = "left"
    COMPLETED = "completed"
    ENDED = "ended"


def state_at(now: datetime) -> Case:
    """How an interview stands: what the participant left without a word is told from what is running by its silence."""
    return Case(
        When(status=Interview.Status.COMPLETED, then=Value(State.COMPLETED.value)),
        When(status=Interview.Status.ENDED, then=Value(State.ENDED.value)),
        When(updated_at__gte=now - QUIET, then=Value(State.RUNNING.value)),
        default=Value(State.LEFT.value),
    )


@dataclass(frozen=True)
class Group:
    """Interviews that are alike in all that a fieldwork page tells apart. owed: the interviewer has owed a turn for over a minute."""

    origin: str
    version: int
    language: str
    country: str
    state: str
    awaiting: str
    owed: bool
    n: int
    rated: int
    latest: datetime

    @property
    def held_here(self) -> bool:
        return self.origin != Participant.Origin.IMPORTED


def groups(survey: Survey, now: datetime) -> list[Group]:
    """Every interview of the survey, counted in one query, so that the figures made of it agree."""
    owed = Case(When(awaiting=Interview.Awaiting.INTERVIEWER, updated_at__lt=now - PATIENCE, then=Value(True)), default=Value(False))
    alike = ("participant__origin", "guide_version__number", "language", "participant__country", "state", "awaiting", "owed")
    rows = (
        Interview.objects.filter(participant__survey=survey)
        .annotate(state=state_at(now), owed=owed)
        .values_list(*alike)
        .annotate(n=Count("pk"), rated=Count("pk", filter=RATED), latest=Max("updated_at"))
        .order_by()
    )
    return [Group(*row) for row in rows]


def count(groups: Iterable[Group], *states: State) -> int:
    """The interviews in these states; in any, where none is named."""
    return sum(group.n for group in groups if not states or group.state in states)


@dataclass(frozen=True)
class Live:
    """running = with_participant + with_interviewer; owed is part of with_interviewer. owed_before: left while a turn was owed."""

    running: int
    with_participant: int
    with_interviewer: int
    owed: int
    owed_before: int
    latest: datetime | None


def live(groups: Collection[Group]) -> Live:
    running = [group for group in groups if group.state == State.RUNNING]
    spoken_to = [group for group in running if group.awaiting == Interview.Awaiting.PARTICIPANT]
    return Live(
        running=count(running),
        with_participant=count(spoken_to),
        with_interviewer=count(running) - count(spoken_to),
        owed=sum(group.n for group in running if group.owed),
        owed_before=sum(group.n for group in groups if group.owed and group.state == State.LEFT),
        latest=max((group.latest for group in groups if group.held_here), default=None),
    )


@dataclass(frozen=True)
class Tally:
    """begun = completed + ended + left + running. width: of the bar, the longest being 1,000."""

    label: str
    begun: int
    completed: int
    ended: int
    left: int
    running: int
    share: str
    width: int


def by_language(groups: Collection[Group]) -> tuple[Tally, ...]:
    return _tallies(groups, lambda group: group.language, name)


def by_country(groups: Collection[Group]) -> tuple[Tally, ...]:
    return _tallies(groups, lambda group: group.country, lambda code: country_name(code) or "not stated")


def _tallies(groups: Collection[Group], code: Callable[[Group], str], label: Callable[[str], str]) -> tuple[Tally, ...]:
    """The largest first."""
    sorted_out: dict[str, list[Group]] = {}
    for group in groups:
        sorted_out.setdefault(code(group), []).append(group)
    most = max(map(count, sorted_out.values()), default=0)
    tallies = [
        Tally(
            label=label(each),
            begun=count(found),
            completed=count(found, State.COMPLETED),
            ended=count(found, State.ENDED),
            left=count(found, State.LEFT),
            running=count(found, State.RUNNING),
            share=percent(count(found, State.COMPLETED), count(found)),
            width=permille(count(found), most),
        )
        for each, found in sorted_out.items()
    ]
    return tuple(sorted(tallies, key=lambda tally: (-tally.begun, tally.label)))


@dataclass(frozen=True)
class Durations:
    """Quartiles of the time from beginning to end, in words."""

    n: int
    lower: str
    median: str
    upper: str


def durations(scope: Scope, n: int) -> Durations | None:
    """Of the completed interviews held here, of which there are n. Quartiles interpolate linearly (Hyndman and Fan's type 7).

    The database sorts; no more than six rows come back.
    """
    places = [(n - 1) * part for part in (0.25, 0.5, 0.75)]
    took = ExpressionWrapper(F("completed_at") - F("started_at"), output_field=DurationField())
    held = Interview.objects.filter(participant__survey=scope.survey, participant__origin__in=scope.origins - {Participant.Origin.IMPORTED})
    if scope.version is not None:
        held = held.filter(guide_version__number=scope.version)
    ranked = held.filter(status=State.COMPLETED).annotate(took=took, place=Window(RowNumber(), order_by=F("took").asc()))
    wanted = {floor(place) + more for place in places for more in (1, 2)}
    rows = dict(ranked.filter(place__in=wanted).order_by().values_list("place", "took")) if n else {}
    if not rows:
        return None
    longest = max(rows.values())

    def at(place: float) -> str:
        low, high = (rows.get(floor(place) + more, longest).total_seconds() for more in (1, 2))
        return duration(low + (high - low) * (place % 1))

    return Durations(n, *map(at, places))
