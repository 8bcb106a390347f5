"""What people and the model said of each unit of a sample, side by side: what agreement and corrected prevalence are computed from."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.models import BY_THE_CHOSEN_MODEL, Coding
from analysis.sampling.records import CodingSample, HumanCoding

Codes = frozenset[str]


@dataclass(frozen=True)
class Label:
    """One sampled interview in one dimension.

    human: what people hold it to be, None while nobody has finished it. model: None where the model has not coded it under the sample's codebook
    version. by_coder: of each person who has finished it, by user name. adjudicated: whether `human` was decided between coders.
    """

    interview_id: int
    stratum: str
    probability: float
    human: Codes | None
    model: Codes | None
    by_coder: Mapping[str, Codes]
    adjudicated: bool

    @property
    def disputed(self) -> bool:
        """Coders differ and nobody has decided."""
        return not self.adjudicated and len(set(self.by_coder.values())) > 1


def settled(adjudicated: Codes | None, in_order: Sequence[Codes]) -> Codes | None:
    """What was decided between the coders; else what they agree on; else what the first of them finished. None: nobody has."""
    if adjudicated is not None:
        return adjudicated
    return in_order[0] if in_order else None


def labels(sample: CodingSample, dimension: str) -> tuple[Label, ...]:
    """A row for every unit of the sample but those set aside since, in the order of the interviews; four queries."""
    units = list(sample.units.filter(interview__set_aside__isnull=True).order_by("interview_id"))
    model = _model_codes(sample, dimension)
    done = HumanCoding.objects.filter(unit__sample=sample, dimension=dimension, status=HumanCoding.Status.DONE).select_related("coder")
    given = _given(sample, dimension)
    by_unit: dict[int, list[HumanCoding]] = defaultdict(list)
    for sitting in done.order_by("finished_at", "pk"):
        by_unit[sitting.unit_id].append(sitting)
    rows = []
    for unit in units:
        coders = {each.coder.get_username(): frozenset(given[each.pk]) for each in by_unit[unit.pk] if not each.adjudicates}
        decided = next((frozenset(given[each.pk]) for each in by_unit[unit.pk] if each.adjudicates), None)
        human = settled(decided, list(coders.values()))
        rows.append(Label(unit.interview_id, unit.stratum, unit.probability, human, model.get(unit.interview_id), coders, decided is not None))
    return tuple(rows)


def _model_codes(sample: CodingSample, dimension: str) -> dict[int, Codes]:
    rows = Coding.objects.filter(
        BY_THE_CHOSEN_MODEL, interview__sampled_units__sample=sample, codebook=sample.codebook_id, dimension=dimension
    ).values_list("interview_id", "code")
    found: dict[int, set[str]] = defaultdict(set)
    for interview, code in rows:
        found[interview].add(code)
    return {interview: frozenset(codes) for interview, codes in found.items()}


def _given(sample: CodingSample, dimension: str) -> dict[int, set[str]]:
    rows = Coding.objects.filter(human__unit__sample=sample, human__dimension=dimension).values_list("human_id", "code")
    found: dict[int, set[str]] = defaultdict(set)
    for human, code in rows:
        if human is not None:
            found[human].add(code)
    return found
