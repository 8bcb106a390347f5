"""What agreement is computed from: the samples that people coded, and the checks of the model against itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.codebook import Dimension
from analysis.prevalence import known
from analysis.reliability import comparing, computing
from analysis.reliability.both_ways import BothWays, codes_both_ways
from analysis.reliability.comparing import Between, Unit
from analysis.reliability.computing import Table
from analysis.reliability.runs import Runs
from analysis.sampling.records import CodingSample
from analysis.stability.records import RunCoding, StabilityCheck
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


AnySource = Source | Runs | BothWays


def sources(survey: Survey, dimension: Dimension, between: Between) -> Sequence[AnySource]:
    """Those with most to compare first; of checks the newest."""
    if between in (Between.RUNS, Between.BOTH_WAYS):
        begun = RunCoding.objects.values("run__stability_check")
        checks = StabilityCheck.objects.filter(survey=survey, pk__in=begun).select_related("codebook", "survey").prefetch_related("runs")
        return [BothWays(check) for check in checks if codes_both_ways(check)] if between is Between.BOTH_WAYS else list(map(Runs, checks))
    return [Source(sample, between) for sample in known.samples(survey).get(dimension.key, [])]
