"""Which interviews stand behind the findings, and who coded them."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from analysis.care.records import SetAside
from analysis.models import Fact, InterviewAnalysis
from interviewer.models import Interview
from surveys.models import Participant, Survey
from surveys.withdrawal import Withdrawal


@dataclass(frozen=True)
class Coding:
    """Who coded under which codebook version, and how many interviews."""

    coder: str
    is_person: bool
    codebook: int
    interviews: int


@dataclass(frozen=True)
class Header:
    survey: Survey
    finished: int
    running: int
    waiting: int
    failed: int
    withdrawn: int
    set_aside: int
    origins: tuple[tuple[str, int], ...]
    guides: tuple[int, ...]
    codings: tuple[Coding, ...]
    counts_simulated: bool


def header(survey: Survey, origins: Collection[str]) -> Header:
    interviews = Interview.objects.filter(participant__survey=survey, participant__origin__in=origins, set_aside=None)
    groups = interviews.values_list("participant__origin", "guide_version__number", "status", "analysis__status").annotate(n=Count("id")).order_by()
    by_origin: Counter[str] = Counter()
    analysis: Counter[str | None] = Counter()
    running, guides = 0, set()
    for origin, guide, status, analysed, n in groups:
        guides.add(guide)
        if status == Interview.Status.RUNNING:
            running += n
            continue
        by_origin[origin] += n
        analysis[analysed] += n
    finished = by_origin.total()
    failed, done = analysis[InterviewAnalysis.Status.FAILED], analysis[InterviewAnalysis.Status.DONE]
    return Header(
        survey=survey,
        finished=finished,
        running=running,
        waiting=finished - failed - done,
        failed=failed,
        withdrawn=withdrawn(survey, origins),
        set_aside=set_aside(survey, origins),
        origins=tuple((Participant.Origin(origin).label.lower(), n) for origin, n in sorted(by_origin.items())),
        guides=tuple(sorted(guides)),
        codings=_codings(survey, origins),
        counts_simulated=by_origin[Participant.Origin.SIMULATED] > 0,
    )


def withdrawn(survey: Survey, origins: Collection[str]) -> int:
    """How many people took part, or had agreed to, and withdrew. Nothing else is known of them."""
    return Withdrawal.objects.filter(survey=survey, origin__in=origins).count()


def set_aside(survey: Survey, origins: Collection[str]) -> int:
    """How many interviews people have set aside: nothing counts them."""
    return SetAside.objects.filter(interview__participant__survey=survey, interview__participant__origin__in=origins).count()


def _codings(survey: Survey, origins: Collection[str]) -> tuple[Coding, ...]:
    groups = (
        Fact.objects.filter(survey=survey, origin__in=origins)
        .values_list("coding__coder__model", "coding__coder__prompt_version", "coding__coder__user__username", "coding__codebook__number")
        .annotate(n=Count("interview", distinct=True))
        .order_by()
    )
    codings = [Coding(person or f"{model} · {prompt}", bool(person), number, n) for model, prompt, person, number, n in groups]
    return tuple(sorted(codings, key=lambda coding: (-coding.interviews, coding.coder, coding.codebook)))
