"""Units that two or more coders have coded, and the tables that agreement is computed from."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis.agreement import Level, Ratings
from analysis.codebook import Dimension, Shape
from analysis.sampling.labels import Codes, Label, labels
from analysis.sampling.records import CodingSample

YES, NO = "yes", "no"
WHERE = ("interview_id", "interview__language", "interview__participant__country")
PEOPLE, MODEL = "people", "model"  # the two coders where the model is held against people


class Between(StrEnum):
    """Whose agreement: people's with one another, the model's with people, the model's with itself, and over originals with over translations."""

    PEOPLE = "people"
    MODEL = "model"
    RUNS = "runs"
    BOTH_WAYS = "both_ways"


class By(StrEnum):
    LANGUAGE = "language"
    COUNTRY = "country"


@dataclass(frozen=True)
class Unit:
    """One interview in one dimension as each of its coders coded it. weight: how many interviews of the frame it stands for."""

    interview: int
    where: tuple[str, str]  # language and country
    weight: float
    given: Mapping[str, Codes]

    @property
    def language(self) -> str:
        return self.where[0]

    @property
    def country(self) -> str:
        return self.where[1]

    def group(self, by: By) -> str:
        return self.language if by is By.LANGUAGE else self.country

    def differs(self, code: str) -> bool:
        """On the code, or at all where none is named."""
        return len({code in codes for codes in self.given.values()} if code else set(self.given.values())) > 1


def units(sample: CodingSample, dimension: str, between: Between) -> tuple[Unit, ...]:
    """Between people: what two or more coded, each by themselves. Model and people: what was decided, else agreed, else the first coder's."""
    compared = [(label, given) for label in labels(sample, dimension) if len(given := _given(label, between)) > 1]
    frame = sample.frame.filter(interview__set_aside__isnull=True).values_list("interview_id", "stratum")
    size = Counter(stratum for _, stratum in frame)
    held = Counter(label.stratum for label, _ in compared)
    rows = sample.units.filter(interview__in=[label.interview_id for label, _ in compared])
    where = {pk: (language, country) for pk, language, country in rows.values_list(*WHERE)}
    return tuple(
        Unit(label.interview_id, where[label.interview_id], (size[label.stratum] or held[label.stratum]) / held[label.stratum], given)
        for label, given in compared
    )


def _given(label: Label, between: Between) -> dict[str, Codes]:
    if between is Between.PEOPLE:
        return dict(label.by_coder)
    return {PEOPLE: label.human, MODEL: label.model} if label.human is not None and label.model is not None else {}


def weighted(rows: Iterable[Unit]) -> bool:
    """Whether some units stand for more interviews than others, beyond what rounding makes of a proportional sample."""
    weights = [row.weight for row in rows]
    return bool(weights) and max(weights) > 1.02 * min(weights)


def ratings(rows: Sequence[Unit], dimension: Dimension, code: str) -> Ratings:
    """Of one code: given or not. Of the whole dimension: the code given, or in a dimension with several the whole set of them."""
    unequal = weighted(rows)
    weights = {str(row.interview): row.weight for row in rows} if unequal else None
    if code:
        records = [(str(row.interview), coder, YES if code in codes else NO) for row in rows for coder, codes in row.given.items()]
        return Ratings.of(records, values=(NO, YES), weights=weights)
    records = [(str(row.interview), coder, _value(codes, dimension)) for row in rows for coder, codes in row.given.items()]
    several = dimension.shape is Shape.MULTIPLE
    return Ratings.of(records, values=sorted({value for *_, value in records}) if several else dimension.code_keys, weights=weights)


def _value(codes: Codes, dimension: Dimension) -> str:
    return " + ".join(key for key in dimension.code_keys if key in codes)


def level(dimension: Dimension, code: str) -> Level:
    return Level.ORDINAL if dimension.shape is Shape.ORDINAL and not code else Level.NOMINAL
