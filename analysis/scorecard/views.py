"""The researcher's pages about the interviewer: a survey's scorecard, and the interviews behind a figure."""

from django.contrib.admin.views.decorators import staff_member_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.http import require_safe

from analysis.aggregates import counted_origins
from analysis.scorecard import page
from analysis.scorecard.figures import By
from analysis.scorecard.measures import BY_KEY, FEWEST, MEASURES
from surveys.models import Participant, Survey


def _chosen(request: HttpRequest, slug: str) -> page.Chosen:
    survey = get_object_or_404(Survey, slug=slug)
    try:
        by = By(request.GET.get("by", ""))
    except ValueError as unknown:
        raise Http404("Interviews are not compared by this.") from unknown
    query = {key: "on" for key in ("pilot", "simulated") if key in request.GET}
    origins = counted_origins(survey, pilot="pilot" in query, simulated="simulated" in query)
    return page.Chosen(survey, origins, query, by, request.GET.get("reference", ""))


def _context(chosen: page.Chosen) -> dict[str, object]:
    simulated = Participant.Origin.SIMULATED in chosen.origins
    return {"survey": chosen.survey, "pilot": "pilot" in chosen.query, "simulated": simulated, "by": chosen.by.value}


@require_safe
@staff_member_required
def interviewer(request: HttpRequest, slug: str) -> HttpResponse:
    chosen = _chosen(request, slug)
    context = _context(chosen) | {"view": page.look(chosen), "measures": MEASURES, "fewest": FEWEST}
    with translation.override("en"):  # the page is English, so are its numbers
        return render(request, "analysis/interviewer.html", context)


@require_safe
@staff_member_required
def worst(request: HttpRequest, slug: str) -> HttpResponse:
    chosen = _chosen(request, slug)
    measure = BY_KEY.get(request.GET.get("measure", ""))
    group = request.GET.get("group") if chosen.by else None
    if measure is None or (chosen.by is By.GUIDE and not (group or "").isdecimal()):
        raise Http404("There is no such measure or group.")
    found = page.worst(chosen, measure, group, request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = _context(chosen) | {
        "measure": measure,
        "group": page.label(chosen.by, group) if group is not None else "",
        "title": page.TITLES.get(chosen.by, ""),
        "page": found,
        "interviews": [(card.interview, page.worded_score(measure, card.scores[measure.key]), card.scores[measure.key]) for card in found],
        "query": query.urlencode(),
        "back": chosen.url(by=chosen.by.value) if chosen.by else chosen.url(),
    }
    with translation.override("en"):
        return render(request, "analysis/interviewer_worst.html", context)
