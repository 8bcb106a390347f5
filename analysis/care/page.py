"""The page of evidence: how many interviews have each kind, and those of one kind with what was seen in them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.urls import reverse

from analysis import wording
from analysis.care.kinds import MEANINGS, Kind, explain
from analysis.care.records import CareDecision, CareEvidence, SetAside
from analysis.links import turn_url
from analysis.privacy.masked import shown_of
from analysis.privacy.masking import Shown as Words
from interviewer.answer_care import AnswerCare
from interviewer.models import Interview
from surveys.languages import name
from surveys.models import Survey

PER_PAGE = 25
STATES = {"": "all", "undecided": "not decided", "kept": "kept", "set_aside": "set aside"}


@dataclass(frozen=True)
class KindRow:
    key: str
    label: str
    meaning: str
    interviews: int
    url: str
    chosen: bool


@dataclass(frozen=True)
class Shown:
    """One piece of evidence. text and other_text: the answers side by side, where two are alike."""

    label: str
    meaning: str
    sentence: str
    url: str
    turn: int
    other: int | None = None
    other_interview: int | None = None
    other_url: str = ""
    text: str = ""
    other_text: str = ""


@dataclass(frozen=True)
class InterviewRow:
    number: int
    url: str
    about: str
    evidence: tuple[Shown, ...]
    decision: CareDecision | None


@dataclass(frozen=True)
class CarePage:
    kinds: tuple[KindRow, ...]
    states: tuple[tuple[str, str], ...]
    kind: str
    state: str
    page: "Page[int]"
    rows: tuple[InterviewRow, ...]
    measured: int
    analysed: int
    set_aside: int


def read(survey: Survey, origins: Collection[str], *, kind: str, state: str, page: str | None) -> CarePage:
    """An unknown kind or state is none: all are shown."""
    found = CareEvidence.objects.filter(survey=survey, interview__participant__origin__in=origins)
    counted: dict[str, int] = dict(found.order_by().values_list("kind").annotate(n=Count("interview", distinct=True)))
    kind = kind if kind in Kind.values else ""
    state = state if state in STATES else ""
    listed = _in_state(found.filter(kind=kind) if kind else found, state).order_by("interview").values_list("interview", flat=True).distinct()
    shown = Paginator(listed, PER_PAGE).get_page(page)
    finished = Interview.objects.filter(participant__survey=survey, participant__origin__in=origins).exclude(status=Interview.Status.RUNNING)
    return CarePage(
        kinds=tuple(_kind_row(survey, each, counted.get(each.value, 0), kind, state) for each in Kind),
        states=tuple(STATES.items()),
        kind=kind,
        state=state,
        page=shown,
        rows=_rows(survey, list(shown.object_list), kind),
        measured=AnswerCare.objects.filter(turn__interview__in=finished).count(),
        analysed=finished.filter(step_results__step="care").count(),
        set_aside=SetAside.objects.filter(interview__in=finished).count(),
    )


def _kind_row(survey: Survey, kind: Kind, interviews: int, chosen: str, state: str) -> KindRow:
    url = f"{reverse('analysis:care', args=[survey.slug])}?{urlencode({'kind': kind.value, 'state': state})}"
    return KindRow(kind.value, kind.label, MEANINGS[kind], interviews, url, kind.value == chosen)


def _in_state(found: QuerySet[CareEvidence], state: str) -> QuerySet[CareEvidence]:
    if not state:
        return found
    newest = CareDecision.objects.filter(interview=OuterRef("interview")).order_by("-id").values("decision")[:1]
    decided = found.annotate(decided=Subquery(newest))
    if state == "undecided":
        return decided.exclude(decided__in=("kept", "set_aside")) | decided.filter(decided=None)
    return decided.filter(decided=state)


def _rows(survey: Survey, interviews: list[int], kind: str) -> tuple[InterviewRow, ...]:
    about = Interview.objects.filter(pk__in=interviews).select_related("participant").in_bulk()
    shown = of_interviews(survey, interviews, kind)
    decisions = decided(interviews)
    return tuple(
        InterviewRow(
            number=number,
            url=f"{turn_url(survey, number)}#care",
            about=f"{wording.country(about[number].participant.country)} · {name(about[number].language)}",
            evidence=shown[number],
            decision=decisions.get(number),
        )
        for number in interviews
    )


def of_interviews(survey: Survey, interviews: Iterable[int], kind: str = "") -> dict[int, tuple[Shown, ...]]:
    """What was seen in each of them, of one kind or of all."""
    found = CareEvidence.objects.filter(interview__in=list(interviews)).select_related("turn", "other").order_by("turn__number", "kind", "pk")
    rows: dict[int, list[Shown]] = defaultdict(list)
    evidence = list(found.filter(kind=kind) if kind else found)
    words = shown_of({turn for each in evidence if each.other for turn in (each.turn, each.other)})
    for each in evidence:
        rows[each.interview_id].append(_shown(survey, each, words))
    return defaultdict(tuple, {number: tuple(group) for number, group in rows.items()})


def _shown(survey: Survey, evidence: CareEvidence, words: dict[int, Words]) -> Shown:
    kind, turn, other = Kind(evidence.kind), evidence.turn, evidence.other
    shown = Shown(
        label=kind.label,
        meaning=MEANINGS[kind],
        sentence=explain(kind, evidence.figure, evidence.bound),
        url=turn_url(survey, evidence.interview_id, turn.number),
        turn=turn.number,
    )
    if other is None:
        return shown
    return replace(
        shown,
        other=other.number,
        other_interview=other.interview_id if other.interview_id != evidence.interview_id else None,
        other_url=turn_url(survey, other.interview_id, other.number),
        text=words[turn.pk].text,
        other_text=words[other.pk].text,
    )


def decided(interviews: Iterable[int]) -> dict[int, CareDecision]:
    """The decision that holds, by interview; none where it was taken back."""
    newest: dict[int, CareDecision] = {}
    for each in CareDecision.objects.filter(interview__in=list(interviews)).order_by("id"):
        newest[each.interview_id] = each
    return {number: each for number, each in newest.items() if each.decision != CareDecision.Decision.TAKEN_BACK}


@dataclass(frozen=True)
class CareOfOne:
    """measured: (number of the turn, its counts in words)."""

    evidence: tuple[Shown, ...]
    measured: tuple[tuple[int, str], ...]
    decision: CareDecision | None
    history: tuple[CareDecision, ...]


def of_interview(survey: Survey, number: int) -> CareOfOne:
    measured = AnswerCare.objects.filter(turn__interview=number).select_related("turn").order_by("turn__number")
    return CareOfOne(
        evidence=of_interviews(survey, [number])[number],
        measured=tuple((row.turn.number, _counts(row)) for row in measured),
        decision=decided([number]).get(number),
        history=tuple(CareDecision.objects.filter(interview=number)),
    )


def _counts(row: AnswerCare) -> str:
    left = ", page left meanwhile" if row.hidden else ""
    return f"{row.visible_ms / 1000:.1f} s in view, {row.typed} characters typed, {row.pasted} pasted in {row.pastes} goes, input {row.input}{left}"
