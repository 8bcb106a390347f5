"""Codings that people made elsewhere, as tags in a file: which codes the tags stand for, and a sample that holds them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from pydantic import Field

from analysis.codebook import NONE, CodebookDocument, Dimension, Shape
from analysis.models import CodebookVersion, Coder, Coding
from analysis.sampling.design import Design
from analysis.sampling.draw import draw
from analysis.sampling.frame import eligible
from analysis.sampling.records import CodingSample, FrameMember, HumanCoding, SampledUnit
from surveys.guide import Frozen
from surveys.models import Survey

ALL = "all"
BATCH = 1000


class Words(Frozen):
    """A tag that holds one of the words, whatever its case, stands for the code; because: why."""

    words: Annotated[tuple[str, ...], Field(min_length=1)]
    because: Annotated[str, Field(min_length=1)]


class TagCodes(Frozen):
    """without: which tags stand for no code, and why."""

    format: Literal["colloquy-tags/1"]
    dimension: str
    codes: dict[str, Words]
    without: str = ""

    def of(self, tags: Sequence[str]) -> frozenset[str]:
        """The codes that these tags stand for; 'none' only where there is no other."""
        given = {code for code, entry in self.codes.items() if any(word.lower() in tag.lower() for tag in tags for word in entry.words)}
        return frozenset(given - {NONE} or given)


@dataclass
class Read:
    """given: interview → codes. Left out: without a tag that stands for a code, with several where one is taken, missing here."""

    given: dict[int, frozenset[str]] = field(default_factory=dict)
    without: int = 0
    several: int = 0
    missing: int = 0


def dimension_of(mapping: TagCodes, document: CodebookDocument) -> Dimension:
    """Raises ValueError where the codebook has no such dimension or code."""
    found = next((each for each in document.dimensions if each.key == mapping.dimension), None)
    if found is None:
        raise ValueError(f"the codebook has no dimension '{mapping.dimension}'")
    if unknown := set(mapping.codes) - set(found.code_keys):
        raise ValueError(f"the dimension '{found.key}' has no code {', '.join(sorted(unknown))}")
    return found


def read(survey: Survey, mapping: TagCodes, dimension: Dimension, rows: Mapping[str, Sequence[str]]) -> Read:
    """rows: a participant's external id → their tags."""
    interviews = dict(eligible(survey).exclude(participant__external_id="").values_list("participant__external_id", "pk"))
    found = Read()
    for person, tags in rows.items():
        codes = mapping.of(tags)
        if person not in interviews:
            found.missing += 1
        elif not codes:
            found.without += 1
        elif len(codes) > 1 and dimension.shape is not Shape.MULTIPLE:
            found.several += 1
        else:
            found.given[interviews[person]] = codes
    return found


@transaction.atomic
def keep(
    survey: Survey, codebook: CodebookVersion, dimension: str, given: Mapping[int, frozenset[str]], *, name: str, coder: str, units: int, seed: int
) -> CodingSample:
    """A random sample of `units` of these interviews (0: all), coded by the one who made the tags; the others are its frame."""
    user, new = User.objects.get_or_create(username=coder, defaults={"is_active": False})
    if new:
        user.set_unusable_password()
        user.save()
    design = {"asked": Design(dimensions=(dimension,), by=()).model_dump(mode="json"), "strata": {ALL: ["", 0.5]}}
    drawn = draw(dict.fromkeys(given, ALL), {ALL: units or len(given)}, seed)
    sample = CodingSample.objects.create(survey=survey, codebook=codebook, name=name, dimensions=[dimension], seed=seed, design=design)
    FrameMember.objects.bulk_create((FrameMember(sample=sample, interview_id=pk, stratum=ALL) for pk in given), batch_size=BATCH)
    rows = [SampledUnit(sample=sample, interview_id=pk, stratum=ALL, probability=chance) for pk, chance in sorted(drawn.items())]
    SampledUnit.objects.bulk_create(rows, batch_size=BATCH)
    now, by = timezone.now(), Coder.objects.get_or_create(user=user)[0]
    done = HumanCoding.objects.bulk_create(
        (HumanCoding(unit=row, coder=user, dimension=dimension, status=HumanCoding.Status.DONE, finished_at=now) for row in rows), batch_size=BATCH
    )
    Coding.objects.bulk_create(
        (
            Coding(interview_id=row.interview_id, codebook=codebook, coder=by, dimension=dimension, code=code, human=human)
            for row, human in zip(rows, done, strict=True)
            for code in sorted(given[row.interview_id])
        ),
        batch_size=BATCH,
    )
    return sample
