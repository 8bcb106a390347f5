"""Samples row by row, for the tests: which interviews were drawn, who coded what."""

from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User

from analysis.models import Coder, Coding
from analysis.sampling.records import CodingSample, HumanCoding, SampledUnit
from interviewer.models import Interview
from tests.analysis.results import Results

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def sample_of(
    results: Results, *interviews: Interview, name: str = "First", probability: float = 0.5, dimensions: tuple[str, ...] = ("fears",)
) -> CodingSample:
    sample = CodingSample.objects.create(survey=results.survey, codebook=results.codebook, name=name, dimensions=list(dimensions), seed=7)
    SampledUnit.objects.bulk_create(SampledUnit(sample=sample, interview=each, stratum="en", probability=probability) for each in interviews)
    return sample


def coded_by(user: User, unit: SampledUnit, dimension: str, *codes: str, adjudicates: bool = False, minutes: int = 0) -> HumanCoding:
    """A finished coding, `minutes` after the hour."""
    human = HumanCoding.objects.create(
        unit=unit, coder=user, dimension=dimension, status="done", adjudicates=adjudicates, finished_at=AT + timedelta(minutes=minutes)
    )
    coder, _ = Coder.objects.get_or_create(user=user)
    for code in codes:
        Coding.objects.create(interview=unit.interview, codebook=unit.sample.codebook, coder=coder, dimension=dimension, code=code, human=human)
    return human
