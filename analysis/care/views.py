"""The researcher's pages of evidence: what was seen, and what a person decides about it."""

from typing import cast

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from analysis import aggregates
from analysis.care import deciding, page
from analysis.care.records import CareDecision
from analysis.links import turn_url
from interviewer.models import Interview
from surveys.models import Survey


@require_safe
@staff_member_required
def care(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    asked = request.GET
    view = page.read(
        survey,
        aggregates.counted_origins(survey),
        kind=asked.get("kind", ""),
        state=asked.get("state", ""),
        page=asked.get("page"),
    )
    others = asked.copy()
    others.pop("page", None)
    return render(request, "analysis/care.html", {"survey": survey, "view": view, "query": others.urlencode()})


@require_POST
@staff_member_required
@permission_required("analysis.add_caredecision", raise_exception=True)
def decide(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    interview = get_object_or_404(Interview, pk=number, participant__survey=survey)
    wanted = request.POST.get("decision", "")
    if wanted not in CareDecision.Decision.values:
        messages.error(request, "Choose what to do.")
    else:
        try:
            made = deciding.decide(interview, CareDecision.Decision(wanted), request.POST.get("reason", ""), cast(User, request.user))
            messages.success(request, f"{made.get_decision_display()}.")
        except deciding.NoReason as missing:
            messages.error(request, str(missing))
    return redirect(f"{turn_url(survey, number)}#care")
