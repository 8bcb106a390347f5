"""What a researcher decides of a sample before it is drawn, and the strata that follow from it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean
from typing import Annotated

from pydantic import Field

from analysis.sampling.allocation import Method, Stratum, collapsed
from analysis.sampling.sizes import Aim, spread, worst
from surveys.guide import Frozen

SMALLEST = 4  # interviews: smaller strata join others
SURE = (0.05, 0.95)  # a model's confidence is not believed beyond these
BANDS = ((0.5, "low"), (0.8, "middle"), (1.01, "high"))
UNCODED, UNSTATED = "uncoded", "unstated"
Share = Annotated[float, Field(ge=0, le=1)]


class By(StrEnum):
    """What strata are made by."""

    LANGUAGE = "language"
    COUNTRY = "country"
    LABEL = "label"
    BAND = "band"


class Per(StrEnum):
    """What the interval is wanted for: everyone together, or each language or country on its own."""

    EVERYONE = "everyone"
    LANGUAGE = "language"
    COUNTRY = "country"


class Design(Frozen):
    """dimensions: what is to be coded; the strata rest on the first. code: strata by whether the model gave it; '': by the code it gave.

    expected: the share, agreement or kappa expected. share: how common the code is, for kappa.
    """

    dimensions: Annotated[tuple[str, ...], Field(min_length=1)]
    code: str = ""
    by: tuple[By, ...] = (By.LANGUAGE, By.LABEL, By.BAND)
    aim: Aim = Aim.PREVALENCE
    expected: Share = 0.5
    share: Annotated[float, Field(gt=0, lt=1)] = 0.5
    half_width: Annotated[float, Field(gt=0, le=0.5)] = 0.05
    per: Per = Per.EVERYONE
    method: Method = Method.PROPORTIONAL

    @property
    def parts(self) -> tuple[By, ...]:
        """What a stratum's name is made of; the domain first."""
        domain = () if self.per is Per.EVERYONE else (By(self.per.value),)
        return domain + tuple(part for part in By if part in self.by and part not in domain)

    @property
    def at_worst(self) -> float:
        return worst(self.aim, self.share)


@dataclass(frozen=True)
class Candidate:
    """An interview that can be drawn. given: the model's codes in the first dimension, each with its confidence; empty: it has not coded it."""

    interview_id: int
    language: str
    country: str
    given: Mapping[str, float | None]


@dataclass(frozen=True)
class Stratified:
    """frame: interview → stratum."""

    frame: Mapping[int, str]
    strata: tuple[Stratum, ...]


def stratify(candidates: Sequence[Candidate], design: Design) -> Stratified:
    labelled = _labelled(candidates, design.code)
    cells = {each.interview_id: _cell(each, labelled[each.interview_id], design) for each in candidates}
    keep = 0 if design.per is Per.EVERYONE else 1
    merged = collapsed(Counter(cells.values()), SMALLEST, keep=keep)
    sure: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for each in candidates:
        sure[merged[cells[each.interview_id]]].append(_sure(labelled[each.interview_id][1], design))
    strata = tuple(Stratum(_name(cell), len(sure[cell]), _spread(sure[cell], design), cell[0] if keep else "") for cell in sorted(sure))
    return Stratified({interview: _name(merged[cell]) for interview, cell in cells.items()}, strata)


def _labelled(candidates: Sequence[Candidate], code: str) -> dict[int, tuple[str, float | None]]:
    """Interview → the model's label, and how sure it is of it. Of several codes the one that the fewest interviews have."""
    common = Counter(key for each in candidates for key in each.given)

    def label(given: Mapping[str, float | None]) -> tuple[str, float | None]:
        if not given:
            return UNCODED, None
        if code:
            return (code, given[code]) if code in given else (f"not {code}", _least(given.values()))
        rarest = min(given, key=lambda key: (common[key], key))
        return rarest, given[rarest]

    return {each.interview_id: label(each.given) for each in candidates}


def _least(confidences: Iterable[float | None]) -> float | None:
    return min((each for each in confidences if each is not None), default=None)


def _cell(candidate: Candidate, labelled: tuple[str, float | None], design: Design) -> tuple[str, ...]:
    label, confidence = labelled
    parts = {By.LANGUAGE: candidate.language, By.COUNTRY: candidate.country or "no country", By.LABEL: label, By.BAND: _band(confidence)}
    return tuple(parts[part] for part in design.parts)


def _band(confidence: float | None) -> str:
    return UNSTATED if confidence is None else next(name for below, name in BANDS if confidence < below)


def _sure(confidence: float | None, design: Design) -> float:
    return design.expected if confidence is None else min(max(confidence, SURE[0]), SURE[1])


def _spread(sure: Sequence[float], design: Design) -> float:
    """For Neyman's allocation the model's own confidence says how uncertain a stratum is; otherwise every stratum is as all are expected to be."""
    if design.method is not Method.NEYMAN:
        return spread(design.aim, design.expected, share=design.share)
    return spread(Aim.PREVALENCE, fmean(sure)) * design.at_worst / worst(Aim.PREVALENCE)


def _name(cell: tuple[str, ...]) -> str:
    return " · ".join(cell) or "all"
