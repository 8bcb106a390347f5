"""The researcher's pages about agreement: the figures, and the units behind one."""

from collections.abc import Sequence
from typing import cast

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.http import require_safe

from analysis.agreement import MINIMUM
from analysis.codebook import Dimension
from analysis.findings import in_order
from analysis.links import UNSTATED_PARAMETER
from analysis.reliability import disagreements, page
from analysis.reliability.both_ways import BothWays
from analysis.reliability.comparing import Between, By, Unit
from analysis.reliability.computing import Table
from analysis.reliability.runs import Runs
from analysis.reliability.sources import AnySource, sources
from surveys.models import Survey


def _asked(request: HttpRequest, survey: Survey) -> tuple[page.Asked, tuple[Dimension, ...]] | None:
    """None where there is no codebook."""
    codebook = survey.codebooks.first()
    if codebook is None:
        return None
    dimensions = in_order(codebook.document)
    key = request.GET.get("dimension") or dimensions[0].key
    dimension = next((each for each in dimensions if each.key == key), None)
    code, between = request.GET.get("code", ""), request.GET.get("between") or Between.MODEL.value
    if dimension is None or code not in ("", *dimension.code_keys) or between not in set(Between):
        raise Http404("There is no such dimension, code or comparison.")
    return page.Asked(survey, dimension, code, Between(between), request.GET.get("sample", "")), dimensions


def _source(asked: page.Asked, found: Sequence[AnySource]) -> AnySource | None:
    return next((each for each in found if asked.sample in ("", each.name)), None)


@require_safe
@staff_member_required
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    context: dict[str, object] = {"survey": survey, "minimum": MINIMUM}
    if read := _asked(request, survey):
        asked, dimensions = read
        found = sources(survey, asked.dimension, asked.between)
        source = _source(asked, found)
        table: Table | None = source.table(asked.dimension, asked.code) if source else None
        choices = page.choices(asked, dimensions, [each.name for each in found], source.name if source else "")
        context |= {"asked": asked, "choices": choices, "view": page.look(asked, table), "source": source}
        if isinstance(source, Runs):
            context["flips"] = page.flip_lines(source.flips(asked.dimension, asked.code))
        if isinstance(source, BothWays):
            context |= {"shares": page.share_lines(asked, source), "left_out": source.left_out_worded}
    with translation.override("en"):  # the page is English, so are its numbers
        return render(request, "analysis/agreement.html", context)


@require_safe
@staff_member_required
def units(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    read = _asked(request, survey)
    if read is None:
        raise Http404("The survey has no codebook.")
    asked, _ = read
    source = _source(asked, sources(survey, asked.dimension, asked.between))
    mine = disagreements.open_for(cast(User, request.user).pk, asked.dimension.key)
    rows = [unit for unit in (source.units(asked.dimension) if source else ()) if unit.interview not in mine and _wanted(request, unit)]
    every = "all" in request.GET
    found = disagreements.page_of(rows, asked.code, every=every, page=request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "survey": survey,
        "asked": asked,
        "title": page.TITLES[asked.between],
        "label": asked.dimension.label(asked.code) if asked.code else "",
        "every": every,
        "hidden": len(mine),
        "page": found,
        "entries": disagreements.entries(survey, asked.dimension, list(found)),
        "query": query.urlencode(),
        "filters": [(by.value, request.GET[by.value]) for by in By if request.GET.get(by.value)],
        "back": asked.url(),
    }
    with translation.override("en"):
        return render(request, "analysis/agreement_units.html", context)


def _wanted(request: HttpRequest, unit: Unit) -> bool:
    asked = {by: request.GET.get(by.value, "") for by in By}
    return all(not value or unit.group(by) == ("" if value == UNSTATED_PARAMETER else value) for by, value in asked.items())
