"""The tables of how answers were given and written: quality labels, what the browser counted, what is worth a look."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from analysis.care.kinds import Kind, explain
from analysis.care.records import CareEvidence
from analysis.export import masking
from analysis.export.cells import Type
from analysis.export.columns import Column, Scope
from analysis.quality.labels import Label
from analysis.quality.records import AnswerQuality
from interviewer.answer_care import AnswerCare

CHUNK = 2000
INTERVIEW = Column("interview_id", Type.INTEGER, "The interview; joins to interviews.csv.")
LABELS = (
    INTERVIEW,
    Column(
        "interview_label", Type.TEXT, "The interview as a whole: 'complete', 'thin', 'dropped_out' (early, after a substantive answer) or 'minimal'."
    ),
    Column("question", Type.TEXT, "The guide question, by its key."),
    Column("label", Type.TEXT, f"How it was answered: {', '.join(repr(label.value) for label in Label)}. Provisional: made by a machine."),
    Column("reason", Type.TEXT, "Why, in a sentence."),
    Column("turn", Type.INTEGER, "The turn that the label rests on; joins to turns.csv with interview_id. Empty where it rests on no words."),
    Column("start", Type.INTEGER, "Where the words begin in it, in Unicode code points from 0."),
    Column("end", Type.INTEGER, "Where they end: the first code point after them."),
    Column("quote", Type.TEXT, "The words."),
    Column("coder", Type.TEXT, "The language model, or 'rules'."),
    Column("prompt_version", Type.TEXT, "The version of its prompt, or of the rules."),
)
CARE = (
    INTERVIEW,
    Column("turn", Type.INTEGER, "The participant's turn; joins to turns.csv with interview_id."),
    Column("visible_ms", Type.INTEGER, "Milliseconds from the question's first words to sending, while the page was in view."),
    Column("typed", Type.INTEGER, "Characters typed."),
    Column("pasted", Type.INTEGER, "Characters pasted."),
    Column("pastes", Type.INTEGER, "How often something was pasted."),
    Column("hidden", Type.BOOLEAN, "Whether the page was out of view meanwhile."),
    Column(
        "input",
        Type.TEXT,
        "How the words came in: 'touch', 'keyboard', 'ime' (composition), or 'unknown': dictated, filled in, or by assistive technology.",
    ),
)
EVIDENCE = (
    INTERVIEW,
    Column("turn", Type.INTEGER, "The participant's turn; joins to turns.csv with interview_id."),
    Column("kind", Type.TEXT, f"What was seen, as evidence and not as proof: {', '.join(repr(kind) for kind in Kind.values)}."),
    Column("figure", Type.NUMBER, "Its figure; the sentence says of what."),
    Column("bound", Type.NUMBER, "The bound that the figure passed."),
    Column("sentence", Type.TEXT, "Both, as words."),
    Column("other_interview_id", Type.INTEGER, "The interview with the answer that is alike, where one is."),
    Column("other_turn", Type.INTEGER, "The turn with it."),
)


def labels(scope: Scope) -> QuerySet[AnswerQuality]:
    return AnswerQuality.objects.filter(survey=scope.survey, origin__in=scope.origins, interview__set_aside=None)


def label_rows(scope: Scope) -> Iterator[Sequence[Any]]:
    fields = ("interview", "interview__quality__label", "question", "label", "reason", "turn__number", "start", "end", "quote")
    about = ("coder__model", "coder__prompt_version", "turn_id", "turn__text")
    found = labels(scope).order_by("interview", "pk").values_list(*fields, *about)
    for *row, start, end, quote, model, prompt in masking.quotes(found.iterator(chunk_size=CHUNK), interview=0, start=6):
        yield *row, *((start, end) if quote else (None, None)), quote, model, prompt


def care(scope: Scope) -> QuerySet[AnswerCare]:
    people = {"turn__interview__participant__survey": scope.survey, "turn__interview__participant__origin__in": scope.origins}
    return AnswerCare.objects.filter(**people, turn__interview__set_aside=None)


def care_rows(scope: Scope) -> Iterator[Sequence[Any]]:
    fields = ("turn__interview", "turn__number", "visible_ms", "typed", "pasted", "pastes", "hidden", "input")
    return care(scope).order_by("turn__interview", "turn__number").values_list(*fields).iterator(chunk_size=CHUNK)


def evidence(scope: Scope) -> QuerySet[CareEvidence]:
    return CareEvidence.objects.filter(survey=scope.survey, interview__participant__origin__in=scope.origins, interview__set_aside=None)


def evidence_rows(scope: Scope) -> Iterator[Sequence[Any]]:
    fields = ("interview", "turn__number", "kind", "figure", "bound", "other__interview", "other__number")
    found = evidence(scope).order_by("interview", "turn__number", "kind", "other").values_list(*fields)
    for interview, turn, kind, figure, bound, other_interview, other in found.iterator(chunk_size=CHUNK):
        yield interview, turn, kind, figure, bound, explain(kind, figure, bound), other_interview, other
