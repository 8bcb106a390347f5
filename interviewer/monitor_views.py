"""The researcher's fieldwork pages of a survey: where it stands, its probe ledger, and the buttons that pause and resume collection."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_POST, require_safe

from interviewer.monitor import collection, probes
from interviewer.monitor.page import look
from interviewer.monitor.questions import outlines
from interviewer.monitor.scope import Scope, Unknown
from surveys.models import Survey

A_PAGE = 100


@require_safe
@staff_member_required
def monitor(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    context = {
        "survey": survey,
        "page": look(_scope(request, survey), timezone.now()),
        "may_change": request.user.has_perm("surveys.change_survey"),
        "choices": collection.choices(survey),
        "history": collection.history(survey),
    }
    return _page(request, "interviewer/monitor.html", context)


@require_safe
@staff_member_required
def probe_ledger(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    rows = probes.ledger(_scope(request, survey), outlines(survey.pk))
    context = {"survey": survey, "rows": rows, "columns": list(probes.COUNTED), "kinds": probes.KINDS, "query": request.GET.urlencode()}
    return _page(request, "interviewer/probes.html", context)


@require_safe
@staff_member_required
def counted_in_the_ledger(request: HttpRequest, slug: str, question: str, figure: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    if figure not in probes.COUNTED:
        raise Http404("There is no such figure.")
    counted = probes.interviews(_scope(request, survey), figure, question)
    shown = Paginator(counted, A_PAGE).get_page(request.GET.get("page"))
    others = request.GET.copy()
    others.pop("page", None)
    context = {"survey": survey, "question": question, "figure": figure, "shown": shown, "query": others.urlencode()}
    return _page(request, "interviewer/probes_counted.html", context)


def _scope(request: HttpRequest, survey: Survey) -> Scope:
    try:
        return Scope.of(survey, request.GET.get("origin", ""), request.GET.get("version", ""))
    except Unknown as unknown:
        raise Http404("There is no such origin or version.") from unknown


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    with translation.override("en"):  # the pages are English, so are their numbers
        response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@staff_member_required
@permission_required("surveys.change_survey", raise_exception=True)
def change_collection(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    assert isinstance(request.user, User)  # the decorators let in nobody else
    try:
        messages.success(request, collection.change(survey, request.POST.get("status", ""), request.user))
    except collection.NotPossible as reason:
        messages.error(request, str(reason))
    return redirect("interviewer:monitor", slug=slug)
