"""What a question about agreement is answered with: an estimate and its interval, too few units, or a reason why it is undefined."""

from dataclasses import dataclass

from analysis.statistics import Interval

# With 10 units there are 92,378 different resamples; with fewer, the ends of a 95 % interval are decided by a handful of them.
MINIMUM = 10


@dataclass(frozen=True)
class Estimate:
    """A coefficient of at most 1, its 95 % interval, and n, the units that two or more coders coded."""

    value: float
    interval: Interval
    n: int
    method: str  # how the interval was made
    caution: str = ""

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.interval.low:.3f}, {self.interval.high:.3f}], n = {self.n}"


@dataclass(frozen=True)
class TooFew:
    """Fewer units than a number can be given for."""

    n: int
    needed: int

    def __str__(self) -> str:
        return f"too few to say: {self.n} of the {self.needed} units needed"


@dataclass(frozen=True)
class Undefined:
    """Enough units, but no coefficient: the formula would divide by nothing."""

    n: int
    reason: str

    def __str__(self) -> str:
        return f"undefined: {self.reason}"


Result = Estimate | TooFew | Undefined
