"""The researcher's page of checks of the model against itself: what one would cost, beginning it, going on with it."""

from collections import Counter
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from analysis.stability import comparable, queueing, running
from analysis.stability.records import RunCoding, StabilityCheck
from analysis.stability.wordings import BOTH_WAYS, REWORDINGS, Wording
from surveys.models import Survey


class CheckForm(forms.Form):
    name = forms.CharField(max_length=100, initial="Check 1")
    interviews = forms.IntegerField(min_value=1, max_value=1000, initial=50)
    runs = forms.IntegerField(label="times the same question", min_value=0, max_value=10, initial=3)
    wordings = forms.MultipleChoiceField(label="once more with", choices=[(each.value, each.value) for each in REWORDINGS], required=False)
    both_ways = forms.BooleanField(label="from the original and from its translation", required=False)
    other_model = forms.CharField(label="once more by another model", max_length=100, required=False)
    seed = forms.IntegerField(min_value=0, initial=1)

    def plan(self) -> list[tuple[str, Wording]]:
        given = self.cleaned_data
        others = [given["other_model"]] if given["other_model"] else []
        wordings = [Wording.STANDARD, *map(Wording, given["wordings"])]
        return running.runs_of(["", *others], wordings, given["runs"], both_ways=given["both_ways"])


@require_safe
@staff_member_required
def stability(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    form = CheckForm(request.GET or None)
    context = {"survey": survey, "form": form, "checks": [_line(check) for check in StabilityCheck.objects.filter(survey=survey)]}
    if form.is_valid():
        interviews, _ = running.drawn(survey, form.cleaned_data["interviews"], form.cleaned_data["seed"])
        context["forecast"] = running.planned(survey, interviews, form.plan())
        if form.cleaned_data["both_ways"]:
            context["left_out"] = comparable.worded(Counter(comparable.left_out(survey, interviews).values()))
    with translation.override("en"):
        return render(request, "analysis/stability.html", context)


def _line(check: StabilityCheck) -> dict[str, object]:
    done = RunCoding.objects.filter(run__stability_check=check)
    return {
        "check": check,
        "interviews": check.units.count(),
        "runs": check.runs.count(),
        "done": done.filter(error="").count(),
        "failed": done.exclude(error__in=("", *comparable.REASONS)).count(),
        "both_ways": check.runs.filter(wording__in=BOTH_WAYS).count() == len(BOTH_WAYS),
        "left_out": comparable.worded(comparable.counted(check)),
        "left": len(running.missing(check)),
    }


@require_POST
@staff_member_required
@permission_required("analysis.add_stabilitycheck", raise_exception=True)
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Begins a check, or goes on with one that stopped."""
    survey = get_object_or_404(Survey, slug=slug)
    if "go_on" in request.POST:
        queueing.hand_over(get_object_or_404(StabilityCheck, survey=survey, name=request.POST["go_on"]).pk)
        return redirect("analysis:stability", slug)
    form = CheckForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                by = cast(User, request.user)
                check = running.begin(survey, name=given["name"], size=given["interviews"], seed=given["seed"], runs=form.plan(), by=by)
                queueing.hand_over(check.pk)
        except running.Refused as refused:
            messages.error(request, str(refused))
        except IntegrityError:
            messages.error(request, "There is a check of that name already.")
    return redirect("analysis:stability", slug)
