"""The researcher's page of two groups compared."""

from django.contrib.admin.views.decorators import staff_member_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.http import require_safe

from analysis.aggregates import Counts, counted_origins
from analysis.comparing.groups import VARIABLES, Group, count_by, groups
from analysis.comparing.page import FALSE_DISCOVERIES, compare
from analysis.findings import in_order
from analysis.suppression import viewing
from surveys.models import Survey


def _counted(request: HttpRequest, survey: Survey) -> dict[str, dict[str, Counts]]:
    """By variable. Whoever may not see small cells has the one table that leaves: the countries'."""
    if not viewing.may_see(request.user):
        return {"country": viewing.counts(survey)}
    origins = counted_origins(survey)
    return {variable: count_by(survey, variable, origins) for variable in VARIABLES}


def _asked(request: HttpRequest, name: str, known: list[Group]) -> Group | None:
    if not (text := request.GET.get(name, "")):
        return None
    group = Group.read(text)
    if group not in known:
        raise Http404("There is no such group.")
    return group


@require_safe
@staff_member_required
def comparison(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    codebook, counted = survey.codebooks.first(), _counted(request, survey)
    offered = [(variable, groups(variable, counts)) for variable, counts in counted.items()]
    known = [group for _, some in offered for group, _ in some]
    first, second = _asked(request, "a", known), _asked(request, "b", known)
    context = {"survey": survey, "offered": [each for each in offered if len(each[1]) > 1], "first": first, "second": second}
    context |= {"false_discoveries": f"{FALSE_DISCOVERIES:.0%}", "public": not viewing.may_see(request.user), "least": survey.smallest_cell}
    context["overlapping"] = bool(first and second and first.variable != second.variable)
    context["simulated"] = survey.show_simulated
    if codebook and first and second and first.variable == second.variable and first != second:
        context["compared"] = compare(in_order(codebook.document), counted[first.variable], counted[second.variable], first, second)
    with translation.override("en"):
        return render(request, "analysis/compare.html", context)
