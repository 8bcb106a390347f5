"""The facts that pages, exports and statistics count: of each dimension the model's codes, or people's where the survey prefers them."""

from collections.abc import Iterable

from asgiref.sync import sync_to_async
from django.db.models import Q

from analysis.care.records import SetAside
from analysis.material import Basis, Material, digest, document_of
from analysis.models import BY_THE_CHOSEN_MODEL, CodebookVersion, Coding, Fact
from analysis.quality.records import place
from analysis.step import Step, recording
from analysis.steps import code
from analysis.touched import dimension_sha
from llm import Model

NAME = "publish"


def fingerprint(basis: Basis, model: str) -> str:
    people = [basis.people_hash, "preferred"] if basis.people_hash and basis.prefer_people else [basis.people_hash]
    return digest([NAME, code.fingerprint(basis, model), *people, basis.country, basis.language, basis.origin])


async def run(material: Material, model: Model) -> None:
    await sync_to_async(_store)(material, fingerprint(material.basis, model.name))


def _store(material: Material, mark: str) -> None:
    basis = material.basis
    with recording(NAME, material, mark) as record:
        place(basis)
        record.made_from |= {"codebook": basis.codebook_sha, "facts": write_facts(basis)}


def write_facts(basis: Basis) -> int:
    """How many there are now: none of an interview that a person has set aside. To be called while it is held."""
    of_interview = Coding.objects.filter(interview=basis.interview_id).select_related("coder", "human").order_by("pk")
    codings = of_interview.filter(Q(BY_THE_CHOSEN_MODEL, codebook=basis.codebook_id) | _by_people(basis))
    Fact.objects.filter(interview=basis.interview_id).delete()
    if SetAside.objects.filter(interview=basis.interview_id).exists():
        return 0
    return len(Fact.objects.bulk_create([_fact(basis, coding) for coding in prevailing(codings, prefer_people=basis.prefer_people)]))


def _by_people(basis: Basis) -> Q:
    """What people gave under the current codebook version, and under earlier ones in dimensions that have not changed since."""
    if basis.codebook_id is None or not basis.people_hash:
        return Q(coder__user__isnull=False, codebook=basis.codebook_id)
    now = {dimension.key: dimension_sha(dimension) for dimension in document_of(basis.codebook_id).dimensions}
    found = Q(coder__user__isnull=False, codebook=basis.codebook_id)
    for version in CodebookVersion.objects.filter(survey=basis.survey_id).exclude(pk=basis.codebook_id).values_list("pk", flat=True):
        same = [each.key for each in document_of(version).dimensions if now.get(each.key) == dimension_sha(each)]
        found |= Q(coder__user__isnull=False, codebook=version, dimension__in=same)
    return found


def prevailing(codings: Iterable[Coding], *, prefer_people: bool) -> list[Coding]:
    """Of each dimension one coder's codings: the model's or people's, as preferred; the other's where there are none."""
    by_dimension: dict[str, list[Coding]] = {}
    for coding in codings:
        by_dimension.setdefault(coding.dimension, []).append(coding)
    kept: list[Coding] = []
    for rows in by_dimension.values():
        models = [row for row in rows if row.coder.user_id is None]
        people = _of_people([row for row in rows if row.coder.user_id is not None])
        kept += (people or models) if prefer_people else (models or people)
    return kept


def _of_people(rows: list[Coding]) -> list[Coding]:
    """What was decided between coders, else what they agree on. Where they differ and nobody has decided, nothing."""
    sittings: dict[object, list[Coding]] = {}
    for row in rows:
        sittings.setdefault(row.human_id or ("coder", row.coder_id), []).append(row)
    decided = [sitting for sitting in sittings.values() if sitting[0].human and sitting[0].human.adjudicates]
    of = decided[-1:] or list(sittings.values())
    return of[0] if len({frozenset(row.code for row in sitting) for sitting in of}) == 1 else []


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


STEP = Step(NAME, fingerprint, run, lambda basis: ("code",))
