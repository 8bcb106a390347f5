"""The interviews that a sample can be drawn from, and why others are left out."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from analysis.codebook import Dimension
from analysis.models import BY_THE_CHOSEN_MODEL, CodebookVersion, Coding
from analysis.sampling.design import Candidate, Design
from analysis.staleness import finished
from interviewer.models import Interview, Turn
from surveys.models import Participant, Survey

Origin = Participant.Origin
DRAWN_FROM = (Origin.LIVE, Origin.IMPORTED)


def eligible(survey: Survey) -> QuerySet[Interview]:
    """Finished interviews of people who took part in earnest. Whoever has withdrawn has left nothing."""
    return finished().filter(participant__survey=survey, participant__origin__in=DRAWN_FROM, set_aside__isnull=True)


def left_out(survey: Survey) -> dict[str, int]:
    """Reason → how many of the survey's interviews are no part of any frame for it."""
    interviews = Interview.objects.filter(participant__survey=survey)
    rows = interviews.values_list("participant__origin", "status", "set_aside__pk")
    reasons = Counter(_reason(*row) for row in rows)
    reasons["nothing said"] = reasons.pop("", 0) - eligible(survey).count()
    return {reason: n for reason, n in sorted(reasons.items()) if n}


def _reason(origin: str, status: str, set_aside: int | None) -> str:
    if origin not in DRAWN_FROM:
        return Origin(origin).label.lower()
    if status == Interview.Status.RUNNING:
        return "still running"
    return "set aside" if set_aside else ""


def candidates(survey: Survey, codebook: CodebookVersion, design: Design) -> list[Candidate]:
    """Every eligible interview that was asked about at least one of the dimensions, with the model's codes in the first."""
    rows = list(eligible(survey).values_list("pk", "language", "participant__country").order_by("pk"))
    document = codebook.document
    of_dimensions = [reached(eligible(survey), codebook, document.dimension(key)) for key in design.dimensions]
    wanted: set[int] = set().union(*of_dimensions)
    given = _given(survey, codebook, design.dimensions[0])
    return [Candidate(pk, language, country, given.get(pk, {})) for pk, language, country in rows if pk in wanted]


def reached(interviews: QuerySet[Interview], codebook: CodebookVersion, dimension: Dimension) -> set[int]:
    """Those that the dimension can be coded in: its questions were answered, or it has none, or the model did code it."""
    if not dimension.questions:
        return set(interviews.values_list("pk", flat=True))
    turns = Turn.objects.filter(interview__in=interviews.order_by().values("pk"))
    answered = turns.filter(role=Turn.Role.PARTICIPANT, question_key__in=dimension.questions).exclude(text="")
    covered = turns.exclude(covered=[]).values_list("interview_id", "covered")
    keyed = set(turns.exclude(question_key="").order_by().values_list("interview_id", flat=True).distinct())
    return (
        set(answered.order_by().values_list("interview_id", flat=True).distinct())
        | {interview for interview, keys in covered if set(keys) & set(dimension.questions)}
        | set(_by_model(codebook, dimension.key, interview__in=interviews.order_by().values("pk")).values_list("interview_id", flat=True))
        | set(interviews.values_list("pk", flat=True)) - keyed
    )


def reached_among(interview_ids: Collection[int], codebook: CodebookVersion, keys: Iterable[str]) -> dict[str, set[int]]:
    """Dimension → those of these interviews that it can be coded in."""
    document, interviews = codebook.document, Interview.objects.filter(pk__in=interview_ids)
    return {key: reached(interviews, codebook, document.dimension(key)) for key in keys}


def _by_model(codebook: CodebookVersion, dimension: str, **which: object) -> QuerySet[Coding]:
    return Coding.objects.filter(BY_THE_CHOSEN_MODEL, Q(**which), codebook=codebook, dimension=dimension)


def _given(survey: Survey, codebook: CodebookVersion, dimension: str) -> dict[int, dict[str, float | None]]:
    found: dict[int, dict[str, float | None]] = defaultdict(dict)
    rows = _by_model(codebook, dimension, interview__participant__survey=survey).values_list("interview_id", "code", "confidence")
    for interview, code, confidence in rows:
        found[interview][code] = confidence
    return found
