"""The researcher's fieldwork page of a survey, and its buttons that pause and resume collection."""

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_POST, require_safe

from interviewer.monitor import collection
from interviewer.monitor.page import look
from interviewer.monitor.scope import Scope, Unknown
from surveys.models import Survey


@require_safe
@staff_member_required
def monitor(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    try:
        scope = Scope.of(survey, request.GET.get("origin", ""), request.GET.get("version", ""))
    except Unknown as unknown:
        raise Http404("There is no such origin or version.") from unknown
    context = {
        "survey": survey,
        "page": look(scope, timezone.now()),
        "may_change": request.user.has_perm("surveys.change_survey"),
        "choices": collection.choices(survey),
        "history": collection.history(survey),
    }
    with translation.override("en"):  # the page is English, so are its numbers
        response = render(request, "interviewer/monitor.html", context)
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
