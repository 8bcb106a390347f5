"""What agreement is computed from: the samples that people coded, and the checks of the model against itself."""

from dataclasses import dataclass

from analysis.codebook import Dimension
from analysis.prevalence import known
from analysis.reliability import comparing, computing
from analysis.reliability.comparing import Between, Unit
from analysis.reliability.computing import Table
from analysis.sampling.records import CodingSample
from surveys.models import Survey


@dataclass(frozen=True)
class Source:
    """A sample, with whose agreement is asked for."""

    sample: CodingSample
    between: Between

    @property
    def name(self) -> str:
        return self.sample.name

    @property
    def codebook(self) -> int:
        return self.sample.codebook.number

    def units(self, dimension: Dimension) -> tuple[Unit, ...]:
        return comparing.units(self.sample, dimension.key, self.between)

    def table(self, dimension: Dimension, code: str) -> Table:
        return computing.table(self.sample, dimension, self.between, code)


def sources(survey: Survey, dimension: Dimension, between: Between) -> list[Source]:
    """Those with most to compare first."""
    if between is Between.RUNS:
        return []
    return [Source(sample, between) for sample in known.samples(survey).get(dimension.key, [])]
