"""A survey that a model has coded throughout and people in part, built in a few inserts however large it is."""

from datetime import UTC, datetime

import numpy as np
from django.contrib.auth.models import User

from analysis.models import Coder, Coding
from analysis.sampling.records import CodingSample, FrameMember, HumanCoding, SampledUnit
from interviewer.models import Interview
from surveys.models import Participant
from tests.analysis.results import AT, Results

WHEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def interviews(results: Results, countries: list[str], *, language: str = "en") -> list[Interview]:
    people = Participant.objects.bulk_create(
        Participant(survey=results.survey, origin="live", language=language, country=country) for country in countries
    )
    return Interview.objects.bulk_create(
        Interview(participant=person, guide_version=results.guide, language=language, status="completed", awaiting="nobody", completed_at=AT)
        for person in people
    )


def model_codes(results: Results, rows: list[Interview], given: list[tuple[str, ...]], dimension: str = "fears") -> None:
    Coding.objects.bulk_create(
        Coding(interview=row, codebook=results.codebook, coder=results.coder, dimension=dimension, code=code, confidence=0.5)
        for row, codes in zip(rows, given, strict=True)
        for code in codes
    )


def sampled(results: Results, frame: dict[Interview, str], drawn: dict[Interview, float], *, name: str = "First") -> CodingSample:
    sample = CodingSample.objects.create(survey=results.survey, codebook=results.codebook, name=name, dimensions=["fears", "hopes"], seed=7)
    FrameMember.objects.bulk_create(FrameMember(sample=sample, interview=row, stratum=stratum) for row, stratum in frame.items())
    SampledUnit.objects.bulk_create(
        SampledUnit(sample=sample, interview=row, stratum=frame[row], probability=probability) for row, probability in drawn.items()
    )
    return sample


def people_code(
    user: User, sample: CodingSample, given: dict[Interview, tuple[str, ...]], dimension: str = "fears", *, adjudicates: bool = False
) -> None:
    units = {unit.interview_id: unit for unit in sample.units.all()}
    done = HumanCoding.objects.bulk_create(
        HumanCoding(unit=units[row.pk], coder=user, dimension=dimension, status="done", finished_at=WHEN, adjudicates=adjudicates) for row in given
    )
    coder, _ = Coder.objects.get_or_create(user=user)
    Coding.objects.bulk_create(
        Coding(interview_id=row.pk, codebook_id=sample.codebook_id, coder=coder, dimension=dimension, code=code, human=human)
        for human, (row, codes) in zip(done, given.items(), strict=True)
        for code in codes
    )


def biased_survey(results: Results, user: User, n: int = 600, seed: int = 3, countries: tuple[str, ...] = ("DE", "FR")) -> np.ndarray:
    """Fears, every second interview in each country: the model gives 'jobs' to 8 in 10 who fear for them and to 2 in 10 others. Returns the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.random(n) < 0.3
    said = rng.random(n) < np.where(truth, 0.8, 0.2)
    rows = interviews(results, [countries[at % len(countries)] for at in range(n)])
    model_codes(results, rows, [("jobs",) if each else ("none",) for each in said])
    strata = {row: "jobs" if each else "not jobs" for row, each in zip(rows, said, strict=True)}
    drawn: dict[Interview, float] = {}
    for label in ("jobs", "not jobs"):
        members = [row for row in rows if strata[row] == label]
        drawn |= {row: 100 / len(members) for row in members[:100]}
    true = dict(zip(rows, truth, strict=True))
    people_code(user, sampled(results, strata, drawn), {row: ("jobs",) if true[row] else ("none",) for row in drawn})
    return truth
