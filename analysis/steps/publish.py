"""The facts that pages, exports and statistics count: for each dimension a person's coding if there is one, else the model's."""

from collections.abc import Iterable

from asgiref.sync import sync_to_async

from analysis.care.records import SetAside
from analysis.material import Basis, Material, digest
from analysis.models import Coding, Fact
from analysis.quality.records import place
from analysis.step import Step, recording
from analysis.steps import code
from llm import Model

NAME = "publish"


def fingerprint(basis: Basis, model: str) -> str:
    return digest([NAME, code.fingerprint(basis, model), basis.people_hash, basis.country, basis.language, basis.origin])


async def run(material: Material, model: Model) -> None:
    await sync_to_async(_store)(material, fingerprint(material.basis, model.name))


def _store(material: Material, mark: str) -> None:
    basis = material.basis
    with recording(NAME, material, mark) as record:
        place(basis)
        record.made_from |= {"codebook": basis.codebook_sha, "facts": write_facts(basis)}


def write_facts(basis: Basis) -> int:
    """How many there are now: none of an interview that a person has set aside. To be called while it is held."""
    codings = Coding.objects.filter(interview=basis.interview_id, codebook=basis.codebook_id).select_related("coder").order_by("pk")
    Fact.objects.filter(interview=basis.interview_id).delete()
    if SetAside.objects.filter(interview=basis.interview_id).exists():
        return 0
    return len(Fact.objects.bulk_create([_fact(basis, coding) for coding in prevailing(codings)]))


def prevailing(codings: Iterable[Coding]) -> list[Coding]:
    """Of each dimension, one coder's codings: the person who coded last, else the model that did. `codings` in the order they were made."""
    by_dimension: dict[str, list[Coding]] = {}
    for coding in codings:
        by_dimension.setdefault(coding.dimension, []).append(coding)
    kept: list[Coding] = []
    for rows in by_dimension.values():
        last = max(rows, key=lambda row: (row.coder.user_id is not None, row.pk))
        kept += [row for row in rows if row.coder_id == last.coder_id]
    return kept


def _fact(basis: Basis, coding: Coding) -> Fact:
    return Fact(
        survey_id=basis.survey_id,
        interview_id=basis.interview_id,
        coding=coding,
        dimension=coding.dimension,
        code=coding.code,
        country=basis.country,
        language=basis.language,
        origin=basis.origin,
    )


STEP = Step(NAME, fingerprint, run)
