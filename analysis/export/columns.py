"""What every export table is made of: columns with a meaning, and the interviews it covers."""

from dataclasses import dataclass

from analysis.aggregates import counted_origins
from analysis.export.cells import Type
from surveys.models import Survey


class CannotExport(ValueError):
    """Raised where a format cannot say what is asked of it; the message is for people."""


@dataclass(frozen=True)
class Column:
    name: str
    type: Type
    meaning: str


@dataclass(frozen=True)
class Scope:
    """Whose interviews are exported: those the findings count, with pilot and simulated ones where asked for.

    codebook: the number of the only version whose codings are exported; None for those of all.
    public: for anyone to read: of all words, only quotes that a person has approved; no rows of people; small counts are kept back.
    Whose interviews these are is then not a choice: two files of different people could be told apart by subtraction.
    """

    survey: Survey
    origins: frozenset[str]
    codebook: int | None = None
    public: bool = False

    @classmethod
    def of(cls, survey: Survey, *, pilot: bool = False, simulated: bool = False, codebook: int | None = None) -> "Scope":
        return cls(survey, counted_origins(survey, pilot=pilot, simulated=simulated), codebook)

    @classmethod
    def for_outside(cls, survey: Survey) -> "Scope":
        return cls(survey, counted_origins(survey), public=True)
