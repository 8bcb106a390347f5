"""The researcher's page of runs: what one would cost, how far one has come, what cannot be processed and why."""

from collections import Counter
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from analysis.backlog import planning
from analysis.backlog.forecast import forecast, in_words
from analysis.backlog.records import OPEN_RUNS, CodingRun, RunUnit
from analysis.backlog.rules import share_done
from llm import ModelError, batches_for, model_for
from surveys.models import Survey

SHOWN = 200  # unprocessable units on the page; the export has them all
MOVES = {"start": planning.start, "resume": planning.start, "pause": planning.pause, "stop": planning.stop}
REFRESH = 10  # seconds


class PlanForm(forms.Form):
    mode = forms.ChoiceField(choices=CodingRun.Mode)
    budget = forms.DecimalField(required=False, min_value=Decimal("0.01"), max_digits=10, decimal_places=2)


@require_safe
@staff_member_required
def runs(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    shown = [_shown(run) for run in CodingRun.objects.filter(survey=survey).select_related("created_by")[:20]]
    never = RunUnit.objects.filter(run__survey=survey, state=RunUnit.State.UNPROCESSABLE).order_by("-run", "interview", "pk")
    context = {
        "survey": survey,
        "runs": shown,
        "under_way": any(run["run"].status in OPEN_RUNS for run in shown),
        "unprocessable": never[:SHOWN],
        "unprocessable_count": never.count(),
        "refresh": REFRESH if any(run["run"].ended_at is None and run["run"].status != CodingRun.Status.PLANNED for run in shown) else 0,
    }
    return render(request, "analysis/runs.html", context)


def _shown(run: CodingRun) -> dict[str, Any]:
    counts = Counter(RunUnit.objects.filter(run=run).values_list("state", flat=True))
    return {
        "run": run,
        "forecast": in_words(run.forecast, run.mode) if run.forecast else "",
        "percent": round(100 * share_done(counts)),
        "counts": [(RunUnit.State(state).label.lower(), counts[state]) for state in RunUnit.State.values if counts[state]],
        "moves": {
            CodingRun.Status.PLANNED: ("start", "stop"),
            CodingRun.Status.RUNNING: ("pause", "stop"),
            CodingRun.Status.PAUSED: ("resume", "stop"),
        }.get(CodingRun.Status(run.status), ()),
    }


@require_POST
@staff_member_required
@permission_required("analysis.add_codingrun", raise_exception=True)
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Nothing is asked and nothing paid before somebody has read the forecast and started it; counting tokens is free."""
    survey, form = get_object_or_404(Survey, slug=slug), PlanForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Give a budget in dollars, or none.")
        return redirect("analysis:runs", slug)
    asked = form.cleaned_data
    try:
        model = batches_for("analyst") if asked["mode"] == CodingRun.Mode.BATCH else model_for("analyst")
        run = planning.plan(survey, model.name, asked["mode"], budget=asked["budget"], by=request.user)  # type: ignore[arg-type]  # staff only
        forecast(run, model)
    except (planning.CannotRun, ModelError) as problem:
        messages.error(request, str(problem))
    return redirect("analysis:runs", slug)


@require_POST
@staff_member_required
@permission_required("analysis.change_codingrun", raise_exception=True)
def move(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    run = get_object_or_404(CodingRun, pk=number, survey__slug=slug)
    if (asked := MOVES.get(request.POST.get("move", ""))) and asked(run):
        planning.end_if_over(run)
    return redirect("analysis:runs", slug)
