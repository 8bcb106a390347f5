"""From a survey's first page to a rated interview: how many came how far."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from interviewer.admission import waiting_for
from interviewer.models import Interview, Turn
from interviewer.monitor.figures import percent, permille
from interviewer.monitor.interviews import Group, State, count
from interviewer.monitor.scope import Scope
from surveys.models import Participant
from surveys.recruitment import Outcome, Result


@dataclass(frozen=True)
class Step:
    """How many of all (`of`) came to this step. aside: a way out, or a state in between, instead of a step."""

    label: str
    n: int
    of: int
    aside: bool = False

    @property
    def share(self) -> str:
        return percent(self.n, self.of)

    @property
    def width(self) -> int:
        return permille(self.n, self.of)


@dataclass(frozen=True)
class Funnel:
    """before: of the people who answered the consent text. interview: of the interviews begun, imported ones among them."""

    before: tuple[Step, ...]
    interview: tuple[Step, ...]


def funnel(scope: Scope, groups: Collection[Group], *, asks_profile: Collection[int]) -> Funnel:
    """groups: those in the scope. asks_profile: numbers of the guide versions with questions about the participant."""
    return Funnel(_before(scope, asks_profile), _interview(scope, groups))


def _before(scope: Scope, asks_profile: Collection[int]) -> tuple[Step, ...]:
    """Everyone whose answer to the consent text is on record; imported and simulated people have none."""
    counts = _answers(scope, asks_profile)
    answered, agreed = sum(counts.values()), sum(n for (given, *_), n in counts.items() if given)
    profiled = sum(n for (given, done, _), n in counts.items() if given and done)
    begun = sum(n for (given, _, began), n in counts.items() if given and began)
    steps = [
        Step("Answered the consent text", answered, answered),
        Step("Declined", answered - agreed, answered, aside=True),
        Step("Agreed to take part", agreed, answered),
    ]
    if asks_profile:
        steps.append(Step("Through the questions about them", profiled, answered))
    turned_away = [Step(result.label, n, answered, aside=True) for result, n in _turned_away(scope).items() if n]
    waiting = waiting_for(scope.survey, scope.origins)
    in_line = [Step("Waiting in line now", waiting, answered, aside=True)] if waiting else []
    return (*steps, *turned_away, *in_line, Step("Began the interview", begun, answered))


def _turned_away(scope: Scope) -> dict[Result, int]:
    """Shown where there are any. Those timed out had begun, and their place has gone to someone else."""
    shown = (Result.SCREENED_OUT, Result.QUOTA_FULL, Result.TIMED_OUT)
    people = Outcome.objects.filter(participant__survey=scope.survey, participant__origin__in=scope.origins, result__in=shown)
    if scope.version is not None:
        people = people.filter(participant__consent__guide_version__number=scope.version)
    counted: Any = people.order_by().values_list("result").annotate(n=Count("pk"))
    by_result = {Result(result): n for result, n in counted}
    return {result: by_result.get(result, 0) for result in shown}


def _answers(scope: Scope, asks_profile: Collection[int]) -> dict[tuple[bool, bool, bool], int]:
    """People by (agreed, profile done or not asked, interview begun)."""
    people = Participant.objects.filter(survey=scope.survey, origin__in=scope.origins, consent__isnull=False)
    if scope.version is not None:
        people = people.filter(consent__guide_version__number=scope.version)
    done = Q(profiled_at__isnull=False) | ~Q(consent__guide_version__number__in=list(asks_profile))
    rows: Any = people.annotate(done=done, begun=Q(interview__isnull=False)).values_list("consent__given", "done", "begun").annotate(n=Count("pk"))
    return {(given, bool(done), bool(begun)): n for given, done, begun, n in rows.order_by()}


def _interview(scope: Scope, groups: Collection[Group]) -> tuple[Step, ...]:
    begun = count(groups)
    return (
        Step("Begun", begun, begun),
        Step("First answer given", _first_answers(scope), begun),
        Step("Completed", count(groups, State.COMPLETED), begun),
        Step("Rated", sum(group.rated for group in groups), begun),
        Step("Ended early", count(groups, State.ENDED), begun, aside=True),
        Step("Left unfinished", count(groups, State.LEFT), begun, aside=True),
        Step("Running now", count(groups, State.RUNNING), begun, aside=True),
    )


def _first_answers(scope: Scope) -> int:
    answers = Turn.objects.filter(interview=OuterRef("pk"), move="answer")
    interviews = Interview.objects.filter(participant__survey=scope.survey, participant__origin__in=scope.origins)
    if scope.version is not None:
        interviews = interviews.filter(guide_version__number=scope.version)
    return interviews.filter(Exists(answers)).count()
