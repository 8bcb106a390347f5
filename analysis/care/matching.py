"""Finds answers of different people in one survey that are nearly the same, by index: no answer is compared with all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import NamedTuple

from django.db import transaction

from analysis.care.kinds import Kind
from analysis.care.likeness import ALIKE, comparable, keys, likeness
from analysis.care.records import AnswerBand, CareEvidence
from analysis.models import InterviewAnalysis
from analysis.quality.labels import Answer
from interviewer.models import Turn

MOST_COMPARED = 200  # candidates an answer, the oldest first
MOST_KEPT = 20  # pairs an answer


class Pair(NamedTuple):
    """Ids of two turns of different interviews, and how alike they are."""

    turn: int
    other: int
    likeness: float


def mark(survey_id: int, answers: Iterable[Answer]) -> list[AnswerBand]:
    """The marks of the answers that are long enough to be compared."""
    said = [each for each in answers if each.value is None and comparable(each.text, each.language)]
    return [AnswerBand(turn_id=each.turn, key=key) for each in said for key in keys(each.text, survey_id)]


def pairs(turns: Collection[int]) -> list[Pair]:
    """Each of these turns with those of other interviews that are nearly the same."""
    marks: dict[int, list[int]] = defaultdict(list)
    for turn, key in AnswerBand.objects.filter(turn__in=turns).values_list("turn_id", "key"):
        marks[key].append(turn)
    candidates: dict[int, set[int]] = defaultdict(set)
    meeting = AnswerBand.objects.filter(key__in=list(marks)).order_by("turn_id").values_list("turn_id", "key")
    for other, key in meeting[: MOST_COMPARED * len(marks)]:  # where thousands send one text, the oldest will do
        for turn in marks[key]:
            if len(candidates[turn]) < MOST_COMPARED:
                candidates[turn].add(other)
    wanted = set(candidates) | {other for group in candidates.values() for other in group}
    texts = {row[0]: row[1:] for row in Turn.objects.filter(pk__in=wanted).values_list("pk", "interview_id", "text")}
    return [pair for turn, others in candidates.items() for pair in islice(_alike(turn, sorted(others), texts), MOST_KEPT)]


def _alike(turn: int, others: Iterable[int], texts: Mapping[int, tuple[int, str]]) -> Iterable[Pair]:
    for other in others:
        if turn in texts and other in texts and texts[turn][0] != texts[other][0]:
            alike = likeness(texts[turn][1], texts[other][1])
            if alike >= ALIKE:
                yield Pair(turn, other, alike)


@transaction.atomic
def keep(survey_id: int, interview_id: int, found: Collection[Pair]) -> None:
    """Writes each pair at both ends, in the place of what was known of this interview.

    Whoever strikes words or withdraws holds the same rows first (forgetting.hold): they wait, and take the pairs along.
    """
    turns = {turn for pair in found for turn in pair[:2]}
    involved = set(Turn.objects.filter(pk__in=turns).values_list("interview_id", flat=True)) | {interview_id}
    list(InterviewAnalysis.objects.select_for_update().filter(interview__in=involved).order_by("pk").values_list("pk", flat=True))
    there = dict(Turn.objects.filter(pk__in=turns).exclude(text="").values_list("pk", "interview_id"))
    duplicates = CareEvidence.objects.filter(kind=Kind.DUPLICATE)
    duplicates.filter(interview=interview_id).delete()
    duplicates.filter(other__interview=interview_id).delete()
    CareEvidence.objects.bulk_create(
        (
            CareEvidence(
                survey_id=survey_id, interview_id=there[one], kind=Kind.DUPLICATE, turn_id=one, other_id=other, figure=pair.likeness, bound=ALIKE
            )
            for pair in found
            if pair.turn in there and pair.other in there
            for one, other in ((pair.turn, pair.other), (pair.other, pair.turn))
        ),
        ignore_conflicts=True,
    )
