"""Codings that still stand are carried over to the current codebook version, with who gave them and when; no model is asked."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from analysis.codebook import Dimension
from analysis.material import Material, document_of
from analysis.models import Coding, CodingResult, Quote
from analysis.touched import Former, Plan, plan

UNKNOWN = "unknown"  # the fingerprint of codings that were there before results were
Mark = Callable[[Dimension], str]


def planned(material: Material, mark: Mark) -> tuple[Plan, ...]:
    """A plan for each dimension that is coded of the interview.

    mark: what the fingerprint of a dimension's result is, were it coded now. A former result made from the same words by the same model and prompt
    has the mark of the dimension as it then was.
    """
    rows = CodingResult.objects.filter(interview=material.basis.interview_id).order_by("-codebook__number", "-pk").prefetch_related("codings")
    formers: dict[str, list[Former]] = defaultdict(list)
    for row in rows:
        then = next((each for each in document_of(row.codebook_id).dimensions if each.key == row.dimension), None)
        if then is not None and mark(then) == row.fingerprint:
            formers[row.dimension].append(Former(row.pk, then, frozenset(coding.code for coding in row.codings.all())))
    return tuple(plan(dimension, formers[dimension.key]) for dimension in material.coded_dimensions)


def adopt(interview_id: int) -> None:
    """Codings of models that are part of no result become part of one that is not counted, beside those made from now on."""
    groups: dict[tuple[int, int, str], list[int]] = defaultdict(list)
    loose = Coding.objects.filter(interview=interview_id, coder__user=None, result=None)
    for pk, codebook, coder, dimension in loose.values_list("pk", "codebook_id", "coder_id", "dimension"):
        groups[codebook, coder, dimension].append(pk)
    for (codebook, coder, dimension), codings in groups.items():
        where = {"codebook_id": codebook, "coder_id": coder, "dimension": dimension}
        result, _ = CodingResult.objects.get_or_create(interview_id=interview_id, **where, defaults={"fingerprint": UNKNOWN})
        Coding.objects.filter(pk__in=codings).update(result=result)


def carry(former: int, codes: Iterable[str], into: CodingResult) -> None:
    """Copies these of a result's codings, quotes and all."""
    rows = list(Coding.objects.filter(result=former, code__in=codes).order_by("pk").prefetch_related("quotes"))
    copies = Coding.objects.bulk_create([_copy(row, into) for row in rows])
    Quote.objects.bulk_create(
        Quote(coding=copy, turn_id=quote.turn_id, start=quote.start, end=quote.end, text=quote.text)
        for copy, row in zip(copies, rows, strict=True)
        for quote in row.quotes.all()
    )


def _copy(row: Coding, into: CodingResult) -> Coding:
    return Coding(
        interview_id=row.interview_id,
        codebook_id=into.codebook_id,
        coder_id=row.coder_id,
        dimension=row.dimension,
        code=row.code,
        confidence=row.confidence,
        stance=row.stance,
        elicited=row.elicited,
        result=into,
        carried_from_id=row.carried_from_id or row.codebook_id,
        at=row.at,
    )


def choose(interview_id: int, codebook_id: int | None, chosen: Sequence[int]) -> None:
    """These results, and no other of the version, are the model's codings that may be counted."""
    results = CodingResult.objects.filter(interview=interview_id, codebook=codebook_id)
    results.filter(chosen=True).exclude(pk__in=chosen).update(chosen=False)
    results.filter(pk__in=chosen, chosen=False).update(chosen=True)
