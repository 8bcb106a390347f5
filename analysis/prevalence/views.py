"""The researcher's page of corrected prevalence."""

from django.contrib.admin.views.decorators import staff_member_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.http import require_safe

from analysis import provenance
from analysis.aggregates import counted_origins
from analysis.estimation import MINIMUM
from analysis.findings import in_order
from analysis.prevalence import page
from surveys.models import Survey


@require_safe
@staff_member_required
def corrected(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    codebook = survey.codebooks.first()
    context: dict[str, object] = {"survey": survey, "minimum": MINIMUM, "header": provenance.header(survey, counted_origins(survey))}
    if codebook:
        dimensions = in_order(codebook.document)
        key = request.GET.get("dimension") or dimensions[0].key
        dimension = next((each for each in dimensions if each.key == key), None)
        code = request.GET.get("code") or (dimension.code_keys[0] if dimension else "")
        if dimension is None or code not in dimension.code_keys:
            raise Http404("The codebook has no such dimension or code.")
        context["view"] = page.look(page.Asked(survey, dimension, code, request.GET.get("sample", "")), dimensions)
    with translation.override("en"):  # the page is English, so are its numbers
        return render(request, "analysis/corrected.html", context)
