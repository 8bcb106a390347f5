"""Plans, draws and extends samples, and shares them out to coders."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count

from analysis.models import CodebookVersion
from analysis.sampling import frame, sizes
from analysis.sampling.allocation import Stratum
from analysis.sampling.design import Design, Stratified, stratify
from analysis.sampling.draw import draw, shared_out, shuffled
from analysis.sampling.records import CodingSample, FrameMember, HumanCoding, SampledUnit
from analysis.sampling.sizes import Plan
from surveys.models import Survey

BATCH = 1000
BLOCK = 1_000_000  # positions of one dimension in a queue


class Refused(ValueError):
    """What was asked cannot be done; the text says why."""


@dataclass(frozen=True)
class Planned:
    stratified: Stratified
    plan: Plan


def plan(survey: Survey, codebook: CodebookVersion, design: Design) -> Planned:
    """Raises Refused where there is nobody to draw."""
    stratified = stratify(frame.candidates(survey, codebook, design), design)
    if not stratified.frame:
        raise Refused("There is no finished interview to draw from.")
    return Planned(stratified, _planned(stratified.strata, design))


def _planned(strata: Sequence[Stratum], design: Design, drawn: Mapping[str, int] | None = None) -> Plan:
    per_domain = len({each.domain for each in strata}) > 1
    return sizes.plan(strata, design.method, width=design.half_width, at_worst=design.at_worst, per_domain=per_domain, drawn=drawn)


@transaction.atomic
def draw_sample(survey: Survey, codebook: CodebookVersion, design: Design, *, name: str, seed: int, by: User | None) -> CodingSample:
    """The frame is kept with the sample, so that it can be drawn again and extended. Raises Refused."""
    planned = plan(survey, codebook, design)
    kept = {"asked": design.model_dump(mode="json"), "strata": {each.name: [each.domain, each.spread] for each in planned.stratified.strata}}
    sample = CodingSample.objects.create(
        survey=survey, codebook=codebook, name=name, dimensions=list(design.dimensions), seed=seed, design=kept, created_by=by
    )
    framed = (FrameMember(sample=sample, interview_id=interview, stratum=stratum) for interview, stratum in planned.stratified.frame.items())
    FrameMember.objects.bulk_create(framed, batch_size=BATCH)
    _take(sample, planned.stratified.frame, planned.plan.given)
    return sample


def _take(sample: CodingSample, strata: Mapping[int, str], given: Mapping[str, int]) -> int:
    """Draws; those drawn before stay, with the probability of the larger draw. How many are new."""
    drawn = draw(strata, given, sample.seed)
    before = set(sample.units.values_list("interview_id", flat=True))
    new = [SampledUnit(sample=sample, interview_id=each, stratum=strata[each], probability=drawn[each]) for each in drawn if each not in before]
    for stratum, probability in {strata[each]: chance for each, chance in drawn.items()}.items():
        sample.units.filter(stratum=stratum).update(probability=probability)
    SampledUnit.objects.bulk_create(new, batch_size=BATCH)
    return len(new)


def design_of(sample: CodingSample) -> Design:
    return Design.model_validate(sample.design["asked"])


def strata_of(sample: CodingSample) -> tuple[Stratum, ...]:
    """As they were when the sample was drawn, without those who have withdrawn or were set aside since."""
    known: dict[str, list[Any]] = sample.design["strata"]
    left = Counter(members(sample).values())
    return tuple(Stratum(name, left[name], spread, domain) for name, (domain, spread) in known.items() if left[name])


def members(sample: CodingSample) -> dict[int, str]:
    """The frame as it is left: interview → stratum."""
    return dict(sample.frame.filter(interview__set_aside__isnull=True).values_list("interview_id", "stratum"))


def _drawn(sample: CodingSample) -> dict[str, int]:
    return dict(sample.units.filter(interview__set_aside__isnull=True).values_list("stratum").annotate(n=Count("pk")).order_by())


def bought(sample: CodingSample) -> Plan:
    """What the units that are left buy."""
    return sizes.of(strata_of(sample), _drawn(sample), at_worst=design_of(sample).at_worst)


@transaction.atomic
def extend(sample: CodingSample, half_width: float) -> int:
    """Draws on from the same frame, for a narrower interval; how many units are new. Raises Refused where there is nothing to draw."""
    sample = CodingSample.objects.select_for_update().get(pk=sample.pk)
    left, drawn = members(sample), _drawn(sample)
    strata, design = strata_of(sample), design_of(sample).model_copy(update={"half_width": half_width})
    if len(left) == sum(drawn.values()):
        raise Refused("Every interview of the frame is in the sample already. Interviews that have ended since belong to a sample of their own.")
    new = _take(sample, left, _planned(strata, design, drawn).given)
    if not new:
        raise Refused("The sample is already large enough for that interval.")
    sample.design |= {"asked": design.model_dump(mode="json")}
    sample.save(update_fields=["design"])
    return new


@transaction.atomic
def assign(sample: CodingSample, coders: Sequence[User], *, double: float) -> int:
    """Shares the units that nobody codes yet out to the coders; how many codings that makes. double: the share of them that two people code.

    Each coder goes through one dimension after the other, the interviews of each in an order of their own. Raises Refused.
    """
    sample = CodingSample.objects.select_for_update().get(pk=sample.pk)
    free = {each.pk: each for each in sample.units.filter(human_codings=None)}
    if not free:
        raise Refused("Every interview of the sample has its coders already.")
    loads = dict(
        HumanCoding.objects.filter(unit__sample=sample, adjudicates=False).values_list("coder").annotate(n=Count("unit", distinct=True)).order_by()
    )
    shared = shared_out({pk: unit.stratum for pk, unit in free.items()}, [each.pk for each in coders], double=double, seed=sample.seed, loads=loads)
    asked = frame.reached_among([each.interview_id for each in free.values()], sample.codebook, sample.dimensions)
    rows = []
    for coder in coders:
        mine = [unit for pk, unit in free.items() if coder.pk in shared[pk]]
        for block, dimension in enumerate(sample.dimensions):
            rows += _queue(sample, coder, dimension, block, [unit for unit in mine if unit.interview_id in asked[dimension]])
    HumanCoding.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _queue(sample: CodingSample, coder: Any, dimension: str, block: int, units: Sequence[SampledUnit]) -> list[HumanCoding]:
    start = block * BLOCK + HumanCoding.objects.filter(unit__sample=sample, coder=coder, dimension=dimension, adjudicates=False).count()
    ids = shuffled([unit.pk for unit in units], sample.seed, "order", coder.pk, dimension)
    return [HumanCoding(unit_id=pk, coder=coder, dimension=dimension, position=start + at) for at, pk in enumerate(ids)]


@transaction.atomic
def hand_on(sample: CodingSample, leaver: User, other: User) -> int:
    """What one coder has not opened goes to another, save what they code already; how many codings that is."""
    opened = HumanCoding.objects.filter(unit__sample=sample, coder=leaver, adjudicates=False, started_at=None, status=HumanCoding.Status.DRAFT)
    theirs = HumanCoding.objects.filter(unit__sample=sample, coder=other, adjudicates=False).values("unit")
    return opened.exclude(unit__in=theirs).update(coder=other)


@transaction.atomic
def discard(sample: CodingSample) -> None:
    """Raises Refused once somebody has opened an answer of it: what people did is kept."""
    CodingSample.objects.select_for_update().get(pk=sample.pk)
    if HumanCoding.objects.filter(unit__sample=sample).exclude(started_at=None).exists():
        raise Refused("Somebody has begun to code it, so it stays.")
    sample.delete()
