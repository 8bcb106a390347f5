"""What is known in one dimension of the interviews a sample was drawn from: the model's codes of all, people's codes of those drawn."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Count, Max, Sum
from numpy.typing import NDArray

from analysis.codebook import Dimension
from analysis.estimation import Coded
from analysis.estimation.difference import Flags, Floats
from analysis.material import digest, document_of
from analysis.models import BY_THE_CHOSEN_MODEL, CodebookVersion, Coding
from analysis.sampling.labels import labels
from analysis.sampling.records import CodingSample, FrameMember, HumanCoding
from analysis.touched import dimension_sha
from surveys.models import Survey

LEAST = 2  # interviews coded by a person in a stratum: with one its variance could not be estimated
TOGETHER = "strata too little coded, together"


@dataclass(frozen=True, eq=False)
class Known:
    """The interviews of the frame that the model has coded in the dimension; every array is as long as they are many.

    model, human: by code; 1, 0, and nan where no person coded. strata: numbers of the sample's strata, those with fewer than LEAST coded interviews
    taken together. collapsed: how many were. uncoded: interviews of the frame that the model has not coded here. open: drawn, and coded by no person.
    disputed: coders differ and nobody has decided, so that the first one's codes stand.
    """

    dimension: Dimension
    countries: NDArray[Any]
    strata: NDArray[np.int64]
    model: dict[str, Floats]
    human: dict[str, Floats]
    collapsed: int
    uncoded: int
    open: int
    disputed: int

    @property
    def n(self) -> int:
        return len(self.countries)

    @property
    def checked(self) -> Flags:
        return ~np.isnan(next(iter(self.human.values())))

    def coded(self, code: str) -> Coded:
        return Coded.of(self.model[code], self.human[code], strata=self.strata)


def samples(survey: Survey) -> dict[str, list[CodingSample]]:
    """By dimension: those in which people have coded it as the codebook has it now; the one with most such interviews first."""
    current = survey.codebooks.first()
    done = HumanCoding.objects.filter(status=HumanCoding.Status.DONE, unit__sample__survey=survey)
    rows = done.order_by().values("dimension", "unit__sample").annotate(units=Count("unit", distinct=True)).order_by("-units", "-unit__sample")
    found = CodingSample.objects.select_related("codebook").in_bulk({row["unit__sample"] for row in rows})
    by_dimension: dict[str, list[CodingSample]] = defaultdict(list)
    for row in rows:
        sample = found[row["unit__sample"]]
        if current and unchanged(sample, current, row["dimension"]):
            by_dimension[row["dimension"]].append(sample)
    return by_dimension


def unchanged(sample: CodingSample, current: CodebookVersion, dimension: str) -> bool:
    """Whether the dimension is now as it was when people coded it."""
    if sample.codebook_id == current.pk:
        return True
    shas = [[dimension_sha(each) for each in document_of(pk).dimensions if each.key == dimension] for pk in (sample.codebook_id, current.pk)]
    return shas[0] == shas[1]


def fingerprint(sample: CodingSample) -> str:
    """Changes whenever anything that is computed from a sample may have changed: codings and sittings are only added, removed and chosen."""
    of_model = Coding.objects.filter(BY_THE_CHOSEN_MODEL, codebook=sample.codebook_id).aggregate(n=Count("pk"), newest=Max("pk"), sum=Sum("pk"))
    of_people = Coding.objects.filter(human__unit__sample=sample).aggregate(n=Count("pk"), newest=Max("pk"))
    sittings = HumanCoding.objects.filter(unit__sample=sample).aggregate(n=Count("pk"), saved=Max("finished_at"), newest=Max("pk"))
    frame = FrameMember.objects.filter(sample=sample, interview__set_aside__isnull=True).aggregate(n=Count("pk"), newest=Max("pk"))
    units = sample.units.filter(interview__set_aside__isnull=True).aggregate(n=Count("pk"), newest=Max("pk"))
    return digest([sample.pk, *(str(value) for part in (of_model, of_people, sittings, frame, units) for value in part.values())])


def load(sample: CodingSample, dimension: Dimension) -> Known:
    """Six queries, however many interviews there are."""
    given = _by_model(sample, dimension.key)
    frame = sample.frame.filter(interview__set_aside__isnull=True).order_by("interview_id")
    everyone = list(frame.values_list("interview_id", "stratum", "interview__participant__country"))
    rows = [row for row in everyone if row[0] in given]
    drawn = labels(sample, dimension.key)
    human = {label.interview_id: label.human for label in drawn if label.human is not None}
    strata, collapsed = _collapsed([(stratum, interview in human) for interview, stratum, _ in rows])
    ids = [interview for interview, _, _ in rows]

    def by_person(code: str) -> Floats:
        return np.array([float(code in human[pk]) if pk in human else np.nan for pk in ids])

    return Known(
        dimension=dimension,
        countries=np.array([country for _, _, country in rows], dtype=object),
        strata=np.unique(np.array(strata, dtype=object), return_inverse=True)[1] if strata else np.zeros(0, dtype=np.int64),
        model={code: np.array([float(code in given[pk]) for pk in ids]) for code in dimension.code_keys},
        human={code: by_person(code) for code in dimension.code_keys},
        collapsed=collapsed,
        uncoded=len(everyone) - len(rows),
        open=sum(label.human is None for label in drawn),
        disputed=sum(label.disputed for label in drawn),
    )


def _by_model(sample: CodingSample, dimension: str) -> dict[int, set[str]]:
    codings = Coding.objects.filter(BY_THE_CHOSEN_MODEL, codebook=sample.codebook_id, dimension=dimension)
    found: dict[int, set[str]] = defaultdict(set)
    for interview, code in codings.values_list("interview_id", "code"):
        found[interview].add(code)
    return found


def _collapsed(rows: list[tuple[str, bool]]) -> tuple[list[str], int]:
    """The stratum of each interview, and how many strata were taken together. rows: stratum, and whether a person coded the interview.

    Strata with too few coded interviews become one; where that one still has too few, the stratum with the fewest coded interviews joins it.
    """
    coded = Counter(dict.fromkeys((stratum for stratum, _ in rows), 0))
    coded.update(stratum for stratum, checked in rows if checked)
    small = {stratum for stratum, n in coded.items() if n < LEAST}
    if not small:
        return [stratum for stratum, _ in rows], 0
    rest = sorted((stratum for stratum in coded if stratum not in small), key=lambda stratum: (coded[stratum], stratum))
    if sum(coded[stratum] for stratum in small) < LEAST and rest:
        small.add(rest[0])
    return [TOGETHER if stratum in small else stratum for stratum, _ in rows], len(small)
