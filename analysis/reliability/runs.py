"""The runs of a stability check as coders, who are compared with one another."""

from dataclasses import dataclass

from analysis.codebook import CodebookDocument, Dimension
from analysis.reliability import computing, flipping
from analysis.reliability.comparing import Unit
from analysis.reliability.computing import Table
from analysis.reliability.flipping import FlipRow
from analysis.stability.records import StabilityCheck


@dataclass(frozen=True)
class OfACheck:
    """What agreement is computed from where a check of the model against itself gives it."""

    check: StabilityCheck

    @property
    def name(self) -> str:
        return self.check.name

    @property
    def codebook(self) -> int:
        return self.check.codebook.number

    @property
    def document(self) -> CodebookDocument:
        return self.check.codebook.document


class Runs(OfACheck):
    """Its coders are the runs."""

    def units(self, dimension: Dimension) -> tuple[Unit, ...]:
        return flipping.units(self.check, dimension.key)

    def table(self, dimension: Dimension, code: str) -> Table:
        key = f"{flipping.fingerprint(self.check)} {dimension.key}"
        return computing.kept(f"{key} {code}", lambda: computing.computed(key, self.units(dimension), dimension, code, None))

    def flips(self, dimension: Dimension, code: str) -> tuple[FlipRow, ...]:
        key = f"{flipping.fingerprint(self.check)} {dimension.key} {code} flips"
        return computing.kept(key, lambda: flipping.flip_rows(self.check, dimension, code))
