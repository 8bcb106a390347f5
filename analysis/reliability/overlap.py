"""Whether coders who give the same code mark the same words for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.functions import Length

from analysis.agreement import MarkedText, Result, span_alpha, span_f1
from analysis.agreement.spans import Span
from analysis.models import BY_THE_CHOSEN_MODEL, Coding, Quote
from analysis.reliability.comparing import MODEL, PEOPLE, Between, Unit
from analysis.sampling.records import CodingSample, HumanCoding
from interviewer.models import Turn

Marks = Mapping[tuple[int, str], Sequence[tuple[int, int, int]]]  # interview and coder → turn, start, end


@dataclass(frozen=True)
class Overlap:
    """Of the answers in which both marked words: F1 and alpha over their characters."""

    n: int
    f1: Result
    alpha: Result


def of(sample: CodingSample, rows: Sequence[Unit], dimension: str, between: Between, code: str) -> Overlap | None:
    """Of one code, or of all codes of the dimension together. Between people: the first two of each unit. None where nobody could mark the same."""
    marks = _marks(sample, dimension, code)
    pairs = [(row.interview, *_two(row, between, marks)) for row in rows]
    both = [(interview, first, second) for interview, first, second in pairs if first and second]
    if not both:
        return None
    places = _places([interview for interview, _, _ in both])
    texts = [
        MarkedText(sum(length for _, length in places[interview].values()), _spans(first, places[interview]), _spans(second, places[interview]))
        for interview, first, second in both
    ]
    return Overlap(len(texts), span_f1(texts), span_alpha(texts))


def _two(row: Unit, between: Between, marks: Marks) -> tuple[Sequence[tuple[int, int, int]], Sequence[tuple[int, int, int]]]:
    names = (PEOPLE, MODEL) if between is Between.MODEL else tuple(row.given)[:2]
    first, second = (marks.get((row.interview, f"{'' if between is Between.MODEL else 'by '}{name}"), ()) for name in names)
    return first, second


def _marks(sample: CodingSample, dimension: str, code: str) -> Marks:
    """What the model marked, what each person did ('by NAME'), and what stands for people: what was decided, else the first coder's."""
    found: dict[tuple[int, str], list[tuple[int, int, int]]] = defaultdict(list)
    quotes = Quote.objects.filter(coding__dimension=dimension, **({"coding__code": code} if code else {}))
    by_model = quotes.filter(coding__in=_chosen(sample, dimension)).values_list("coding__interview_id", "turn_id", "start", "end")
    for interview, *mark in by_model:
        found[interview, MODEL].append((mark[0], mark[1], mark[2]))
    sittings = HumanCoding.objects.filter(unit__sample=sample, dimension=dimension, status=HumanCoding.Status.DONE)
    stands: dict[int, int] = {}
    for pk, interview in sittings.order_by("-adjudicates", "finished_at", "pk").values_list("pk", "unit__interview_id"):
        stands.setdefault(interview, pk)
    by_people = quotes.filter(coding__human__in=sittings).select_related("coding__human__coder")
    for quote in by_people:
        human, interview = quote.coding.human, quote.coding.interview_id
        assert human is not None
        span = (quote.turn_id, quote.start, quote.end)
        if stands[interview] == human.pk:
            found[interview, PEOPLE].append(span)
        if not human.adjudicates:
            found[interview, f"by {human.coder.get_username()}"].append(span)
    return found


def _chosen(sample: CodingSample, dimension: str) -> QuerySet[Coding]:
    return Coding.objects.filter(BY_THE_CHOSEN_MODEL, interview__sampled_units__sample=sample, codebook=sample.codebook_id, dimension=dimension)


def _places(interviews: Iterable[int]) -> dict[int, dict[int, tuple[int, int]]]:
    """Interview → the participant's turns, each with where it begins in all their words and how long it is."""
    turns = Turn.objects.filter(interview__in=list(interviews), role=Turn.Role.PARTICIPANT).order_by("interview_id", "number")
    found: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    ends: dict[int, int] = defaultdict(int)
    for interview, turn, length in turns.annotate(length=Length("text")).values_list("interview_id", "pk", "length"):
        found[interview][turn] = ends[interview], length
        ends[interview] += length
    return found


def _spans(marks: Iterable[tuple[int, int, int]], places: Mapping[int, tuple[int, int]]) -> list[Span]:
    return [(places[turn][0] + start, places[turn][0] + end) for turn, start, end in marks if turn in places]
