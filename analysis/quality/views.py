"""The researcher's pages of quality labels."""

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from analysis import aggregates
from analysis.links import UNSTATED_PARAMETER
from analysis.quality import page
from surveys.models import Survey


@require_safe
@staff_member_required
def quality(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    view = page.read(survey, aggregates.counted_origins(survey), question=request.GET.get("question", ""), by=request.GET.get("by", ""))
    return render(request, "analysis/quality.html", {"survey": survey, "view": view})


@require_safe
@staff_member_required
def answers(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    asked = request.GET
    country = asked.get("country", "")
    wanted = page.Wanted(
        question=asked.get("question", ""),
        label=asked.get("label", ""),
        country=None if not country else "" if country == UNSTATED_PARAMETER else country,
        language=asked.get("language", ""),
        overall=asked.get("overall", ""),
    )
    shown, rows = page.answers(survey, aggregates.counted_origins(survey), wanted, asked.get("page"))
    others = asked.copy()
    others.pop("page", None)
    context = {"survey": survey, "page": shown, "rows": rows, "asked": [value for value in others.values() if value], "query": others.urlencode()}
    return render(request, "analysis/quality_answers.html", context)
