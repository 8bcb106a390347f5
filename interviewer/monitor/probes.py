"""The probe ledger of a survey: question by question, of how many people a follow-up could have been asked, and of how many it was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from interviewer.models import Interview, Turn
from interviewer.monitor.figures import percent
from interviewer.monitor.questions import Outline
from interviewer.monitor.scope import Scope
from interviewer.moves import PUTS_A_QUESTION, Move
from interviewer.stock import PROBES

KINDS = tuple(PROBES)
ALLOWED_TO_PROBE = Q(allowed__startswith=Move.PROBE) | Q(allowed__contains=f",{Move.PROBE}")

# What a figure counts people by: the turns that make someone one of them. `question` is the field that names the question.
COUNTED: Mapping[str, tuple[str, Q]] = {
    "asked": ("question_key", Q(role=Turn.Role.INTERVIEWER, move__in=PUTS_A_QUESTION)),
    "answered": ("question_key", Q(role=Turn.Role.PARTICIPANT, move="answer")),
    "offered": ("discussed", ALLOWED_TO_PROBE),
    "probed": ("discussed", Q(move=Move.PROBE)),
    "clarified": ("discussed", Q(move=Move.CLARIFY)),
    "returned": ("discussed", Q(move=Move.RETURN)),
    "exhausted": ("discussed", Q(move=Move.EXHAUSTED)),
    "refused": ("discussed", Q(move=Move.ACCEPT_REFUSAL)),
    "skipped": ("question_key", Q(role=Turn.Role.PARTICIPANT, move="skip")),
}


@dataclass(frozen=True)
class Row:
    """people: how many each figure counts. kinds: follow-ups put, by kind; one person may have had several."""

    key: str
    text: str
    people: Mapping[str, int]
    kinds: Sequence[int]

    @property
    def figures(self) -> list[tuple[str, int]]:
        return [(name, self.people[name]) for name in COUNTED]

    @property
    def share_probed(self) -> str:
        return percent(self.people["probed"], self.people["offered"])


def ledger(scope: Scope, outlines: Iterable[Outline]) -> tuple[Row, ...]:
    """outlines: the newest first; their questions are the rows, each once."""
    wordings: dict[str, str] = {}
    for outline in outlines:
        if scope.version in (None, outline.number):
            wordings |= {key: text for key, text in outline.questions.items() if key not in wordings}
    people = {name: _people(scope, name) for name in COUNTED}
    kinds = _kinds(scope)
    return tuple(
        Row(key, text, {name: people[name].get(key, 0) for name in COUNTED}, [kinds.get((key, kind), 0) for kind in KINDS])
        for key, text in wordings.items()
    )


def interviews(scope: Scope, name: str, question: str) -> QuerySet[Interview]:
    """Those whom the figure `name` counts for the question, the newest first. Raises KeyError for a figure there is not."""
    field, condition = COUNTED[name]
    turns = _turns(scope).filter(condition, **{field: question})
    return Interview.objects.filter(pk__in=turns.values("interview")).select_related("participant").order_by("-pk")


def _people(scope: Scope, name: str) -> dict[str, int]:
    field, condition = COUNTED[name]
    return dict(_turns(scope).filter(condition).order_by().values_list(field).annotate(people=Count("interview", distinct=True)))


def _kinds(scope: Scope) -> dict[tuple[str, str], int]:
    rows = _turns(scope).filter(move=Move.PROBE).order_by().values_list("discussed", "probe_kind").annotate(n=Count("pk"))
    return {(question, kind): n for question, kind, n in rows}


def _turns(scope: Scope) -> QuerySet[Turn]:
    turns = Turn.objects.filter(interview__participant__survey=scope.survey, interview__participant__origin__in=scope.origins, repeats=None)
    return turns if scope.version is None else turns.filter(interview__guide_version__number=scope.version)
