"""Raw and corrected prevalence of each code, over all interviews of a sample's frame and by country."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from django.core.cache import cache

from analysis import aggregates
from analysis.aggregates import Share
from analysis.codebook import Dimension
from analysis.estimation import MINIMUM, CannotCorrect, Checked, Coded, Prevalence, corrected, raw, rogan_gladen
from analysis.estimation.difference import Flags
from analysis.prevalence import known
from analysis.prevalence.known import Known
from analysis.sampling.records import CodingSample
from surveys.models import Survey

ALL, COUNTRY, OTHERS = "all", "country", "other countries"
KEPT = 24 * 3600  # seconds; what a result is made from is part of its key
FEWEST_RATES = 10  # interviews, in effect, that sensitivity or specificity must rest on
NO_SAMPLE = "people have coded no sample of this dimension"
COLLAPSED = "strata in which people coded fewer than two interviews are alike enough to be taken together"
RESPONSE = "the drawn interviews that nobody has coded yet are like the coded ones of their stratum"


@dataclass(frozen=True)
class Row:
    """One code among all interviews of the frame, in one country, or in the countries with too few coded interviews together."""

    dimension: str
    code: str
    scope: str
    country: str
    countries: int
    raw: Prevalence | CannotCorrect
    corrected: Prevalence | CannotCorrect


@dataclass(frozen=True)
class Result:
    """One dimension of one sample: the rows of all codes, and what is to be said of all of them."""

    sample: int
    sample_name: str
    codebook: int
    n: int
    checked: int
    uncoded: int
    open: int
    disputed: int
    collapsed: int
    rows: tuple[Row, ...]

    @cached_property
    def overall(self) -> dict[str, Row]:
        return {row.code: row for row in self.rows if row.scope == ALL}

    def of(self, code: str) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.code == code)


def result(sample: CodingSample, dimension: Dimension, *, code: str = "", by_country: bool = False) -> Result:
    """Kept until anything it rests on changes. by_country: of the code, or of every code where none is named."""
    key = f"analysis.prevalence.{known.fingerprint(sample)}.{dimension.key}.{code}.{by_country}"
    found: Result | None = cache.get(key)
    if found is None:
        found = _computed(sample, known.load(sample, dimension), code, by_country)
        cache.set(key, found, KEPT)
    return found


def uncorrected(survey: Survey, dimension: Dimension, *, by_country: bool = False) -> Result:
    """The raw shares of a dimension in which people have coded no sample: what the findings count, each with why it cannot be corrected."""
    counts = aggregates.count(survey, origins=aggregates.counted_origins(survey), dimension=dimension.key).get(dimension.key)
    codebook = survey.codebooks.first()
    places: list[str | None] = [None, *(counts.countries if by_country and counts else ())]
    rows = [_raw_only(dimension, counts.share(code, place)) for code in dimension.code_keys for place in places] if counts else []
    return Result(0, "", codebook.number if codebook else 0, counts.n if counts else 0, 0, 0, 0, 0, 0, tuple(rows))


def _raw_only(dimension: Dimension, share: Share) -> Row:
    scope = ALL if share.country is None else COUNTRY
    shown, reason = raw(share.k, share.n), CannotCorrect(NO_SAMPLE, share.n, 0)
    return Row(dimension.key, share.code, scope, share.country or "", int(scope == COUNTRY), shown, reason)


def _computed(sample: CodingSample, data: Known, code: str, by_country: bool) -> Result:
    rows: list[Row] = []
    for each in data.dimension.code_keys:
        rows.append(of_all(data, each))
        if by_country and code in ("", each):
            rows += of_countries(data, each)
    return Result(
        sample=sample.pk,
        sample_name=sample.name,
        codebook=sample.codebook.number,
        n=data.n,
        checked=int(data.checked.sum()) if data.n else 0,
        uncoded=data.uncoded,
        open=data.open,
        disputed=data.disputed,
        collapsed=data.collapsed,
        rows=tuple(rows),
    )


def of_all(data: Known, code: str) -> Row:
    coded, everyone = data.coded(code), np.ones(data.n, dtype=bool)
    return Row(data.dimension.key, code, ALL, "", 0, _raw(coded, everyone), _noted(data, corrected(coded)))


def of_countries(data: Known, code: str) -> list[Row]:
    """Most interviews first. Countries in which people coded too few come once each with pooled error rates, and then together with their own."""
    coded, pooled = data.coded(code), error_rates(data.coded(code))
    rows, few = [], list[str]()
    for country, n in sorted(Counter(data.countries.tolist()).items(), key=lambda item: (-item[1], item[0])):
        inside = data.countries == country
        own = corrected(coded, inside)
        if isinstance(own, CannotCorrect):
            few += [country] if own.checked < MINIMUM else []
            own = _by_pooled_rates(coded, inside, n, pooled) or own
        rows.append(Row(data.dimension.key, code, COUNTRY, country, 1, _raw(coded, inside), _noted(data, own)))
    if len(few) > 1:
        inside = np.isin(data.countries, few)
        rows.append(Row(data.dimension.key, code, OTHERS, "", len(few), _raw(coded, inside), _noted(data, corrected(coded, inside))))
    return rows


def _raw(coded: Coded, inside: Flags) -> Prevalence | CannotCorrect:
    return raw(int(coded.model[inside].sum()), int(inside.sum()))


def error_rates(coded: Coded) -> tuple[Checked, Checked] | None:
    """Sensitivity and specificity over the whole sample, each weighted by 1 / probability and worth as many interviews as its weights leave of it.

    L. Kish (1965), Survey Sampling, 11.7: n in effect is (sum w)² / sum w². None where either would rest on too few.
    """
    sampled = ~np.isnan(coded.human)
    weight = 1 / coded.probability[sampled]
    said, person = coded.model[sampled], coded.human[sampled]
    rates = []
    for truth in (1.0, 0.0):
        own = weight * (person == truth)
        if not own.any():
            return None
        n = float(own.sum() ** 2 / (own**2).sum())
        if n < FEWEST_RATES:
            return None
        rates.append(Checked(n * float(own @ (said == truth)) / float(own.sum()), n))
    return rates[0], rates[1]


def _by_pooled_rates(coded: Coded, inside: Flags, n: int, rates: tuple[Checked, Checked] | None) -> Prevalence | None:
    """None where the country or the sample is too small for it, or the model does no better than chance."""
    if rates is None or n < MINIMUM:
        return None
    found = rogan_gladen(int(coded.model[inside].sum()), n, *rates)
    if isinstance(found, CannotCorrect):
        return None
    return replace(found, checked=int((inside & ~np.isnan(coded.human)).sum()))


def _noted(data: Known, found: Prevalence | CannotCorrect) -> Prevalence | CannotCorrect:
    """With what is assumed of this sample besides."""
    if isinstance(found, CannotCorrect):
        return found
    more = (RESPONSE,) * bool(data.open) + (COLLAPSED,) * bool(data.collapsed)
    return replace(found, assumes=(*found.assumes, *more))
