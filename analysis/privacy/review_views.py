"""The pages on which people decide which quotes may leave the system."""

from typing import cast

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from analysis import aggregates
from analysis.models import Quote
from analysis.privacy import approvals, review, suggesting
from analysis.privacy.approvals import Status
from llm import ModelError, model_for
from surveys.models import Survey

DECIDE = "analysis.add_quoteapproval"
FILTERS = ("theme", "country", "language", "state")


@require_safe
@staff_member_required
def quotes(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    wanted = review.Wanted(**{field: request.GET.get(field, "") for field in FILTERS})
    query = request.GET.copy()
    query.pop("page", None)
    view = review.read(survey, aggregates.counted_origins(survey), wanted, request.GET.get("page"))
    context = {
        "survey": survey,
        "view": view,
        "wanted": wanted,
        "states": review.STATES.items(),
        "query": query.urlencode(),
        "here": request.GET.urlencode(),
    }
    return render(request, "analysis/approvals.html", context)


@require_POST
@staff_member_required
@permission_required(DECIDE, raise_exception=True)
def decide(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    found = Quote.objects.select_related("turn__interview__participant")
    quote = get_object_or_404(found, pk=number, turn__interview__participant__survey=survey)
    act = request.POST.get("act", "")
    try:
        if act == "suggest":
            made = suggesting.suggest(quote, model_for("analyst"))
            messages.success(request, f"{made.by_name} proposes a wording. It holds once you approve it.")
        elif act in (Status.APPROVED, Status.REFUSED):
            fields = {field: request.POST.get(field, "") for field in ("wording", "reason")}
            made = approvals.decide(quote, Status(act), **fields, by=cast(User, request.user))
            messages.success(request, f"{made.get_status_display()}.")
        else:
            messages.error(request, "Choose what to do.")
    except approvals.Refused as refused:
        messages.error(request, str(refused))
    except ModelError as error:
        messages.error(request, f"No wording was made: {error}")
    return redirect(f"{reverse('analysis:review', args=[slug])}?{request.POST.get('here', '')}")
