"""Who sees small cells, and what everybody else, and every public file, sees instead."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpResponseBase

from analysis import aggregates
from analysis.aggregates import Counts, PublicCounts
from analysis.codebook import NONE, Dimension, Shape
from analysis.suppression.hiding import Shown, hide
from surveys.models import Survey

SEE = "analysis.see_small_cells"
View = Callable[..., HttpResponseBase]


def may_see(user: AbstractBaseUser | AnonymousUser) -> bool:
    return bool(getattr(user, "has_perm", None) and user.has_perm(SEE))  # type: ignore[union-attr]


def of_people(view: View) -> View:
    """For those who may see small cells: the page shows rows, words or counts of people as they are."""
    return staff_member_required(permission_required(SEE, raise_exception=True)(view))


def counts(survey: Survey) -> dict[str, Counts]:
    """What anyone may see, by dimension: always of the same people and the same base, because two would be told apart by subtraction."""
    codebook = survey.codebooks.first()
    dimensions = {each.key: each for each in codebook.document.dimensions} if codebook else {}
    found = aggregates.count(survey, origins=aggregates.counted_origins(survey))
    return {key: public(dimensions[key], each, least=survey.smallest_cell) for key, each in found.items() if key in dimensions}


def public(dimension: Dimension, found: Counts, *, least: int) -> PublicCounts:
    """A code that the codebook no longer has is counted, so that rows sum, and never shown."""
    one_each = dimension.shape is not Shape.MULTIPLE
    codes = set(dimension.code_keys) | found.codes
    if not one_each and least:
        codes.discard(NONE)
    shown = _hidden(_frozen(found.people), _frozen(found.given), frozenset(codes), least, one_each)
    known = frozenset(dimension.code_keys)
    totals = {code: k for code, k in shown.totals.items() if code in known}
    return PublicCounts(shown.people, {cell: k for cell, k in shown.given.items() if cell[1] in known}, totals, known)


def _frozen(counts: Mapping[Any, int]) -> frozenset[tuple[Any, int]]:
    return frozenset(counts.items())


@lru_cache(maxsize=256)
def _hidden(
    people: Iterable[tuple[str, int]], given: Iterable[tuple[tuple[str, str], int]], codes: frozenset[str], least: int, one_each: bool
) -> Shown:
    return hide(dict(people), dict(given), codes, least=least, one_each=one_each)
