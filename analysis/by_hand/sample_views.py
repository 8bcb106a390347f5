"""Pages for whoever draws samples: plan one, see what it buys, share it out, extend it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analysis import publishing
from analysis.by_hand import access, queue
from analysis.by_hand.forms import BYS, AssignForm, DesignForm, ExtendForm, HandOnForm
from analysis.sampling import drawing, frame, sizes
from analysis.sampling.design import Design
from analysis.sampling.records import CodingSample
from analysis.sampling.sizes import Bought, Plan
from analysis.staleness import finished
from surveys.models import Survey


@dataclass(frozen=True)
class StratumRow:
    name: str
    size: int
    n: int
    probability: str


@dataclass(frozen=True)
class BoughtRow:
    domain: str
    size: int
    n: int
    expected: str
    worst: str


def stratum_rows(plan: Plan) -> list[StratumRow]:
    return [StratumRow(each.name, each.size, n, f"{n / each.size:.3f}") for each in plan.strata if (n := plan.given.get(each.name, 0)) or each.size]


def bought_rows(bought: Sequence[Bought]) -> list[BoughtRow]:
    return [BoughtRow(each.domain or "everyone", each.size, each.n, _points(each.expected), _points(each.worst)) for each in bought]


def _points(width: float) -> str:
    return f"± {width * 100:.1f}"


def formula(design: Design, bought: Sequence[Bought]) -> list[str]:
    """How many a simple random sample would take, for each group the interval is wanted of."""
    groups = [each for each in bought if each.domain] or list(bought)
    deviation = sizes.spread(design.aim, design.expected, share=design.share)
    endless = (sizes.Z * deviation / design.half_width) ** 2
    start = f"n₀ = ({sizes.Z:.2f} × {deviation:.3f} / {design.half_width:.3f})² = {endless:.1f}"
    return [
        f"{each.domain or 'Everyone'}: {start}; of N = {each.size}: n = n₀ / (1 + n₀ / N) → {sizes.needed(design.half_width, deviation, each.size)}"
        for each in groups
        if each.size
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_draws
def new_sample(request: HttpRequest, slug: str) -> HttpResponse:
    """Works the plan out for what the form says; drawing it is a POST."""
    survey = get_object_or_404(Survey, slug=slug)
    codebook = publishing.current(survey)
    if codebook is None:
        messages.error(request, "The survey has no codebook yet, so there is nothing to code with.")
        return redirect("coding:overview", slug)
    asked = request.POST or request.GET or None
    document = codebook.document
    form = DesignForm(asked, survey=survey, document=document) if asked else DesignForm.first(survey, document)
    context: dict[str, Any] = {"survey": survey, "form": form, "codebook": codebook, "left_out": frame.left_out(survey)}
    if form.is_valid():
        try:
            if request.method == "POST":
                return _draw(request, survey, form)
            plan = drawing.plan(survey, codebook, form.design).plan
            context |= {
                "repeated": list(_repeated(form)),
                "plan": plan,
                "strata": stratum_rows(plan),
                "bought": bought_rows(plan.bought),
                "formula": formula(form.design, plan.bought),
            }
        except drawing.Refused as refused:
            context["refused"] = str(refused)
    return render(request, "coding/draw.html", context, status=400 if request.method == "POST" else 200)


def _repeated(form: DesignForm) -> Iterator[tuple[str, Any]]:
    """What was asked for, so that what is drawn is what was worked out."""
    for field in form:
        value = field.value()
        yield from ((field.html_name, each) for each in (value if isinstance(value, list | tuple) else [value]))


@transaction.atomic
def _draw(request: HttpRequest, survey: Survey, form: DesignForm) -> HttpResponseRedirect:
    codebook = publishing.current(survey)
    assert codebook  # the caller has seen it
    given = form.cleaned_data
    sample = drawing.draw_sample(survey, codebook, form.design, name=given["name"], seed=given["seed"], by=access.user_of(request))
    messages.success(request, f"{sample.units.count()} interviews are drawn. Now choose who codes them.")
    return redirect("coding:sample", survey.slug, sample.pk)


def _sample(slug: str, number: int) -> CodingSample:
    return get_object_or_404(CodingSample.objects.select_related("survey", "codebook"), pk=number, survey__slug=slug)


@require_safe
@access.for_draws
def sample_page(request: HttpRequest, slug: str, sample: int, *, forms: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    found = _sample(slug, sample)
    plan = drawing.bought(found)
    coders = User.objects.filter(human_codings__unit__sample=found, human_codings__adjudicates=False).distinct().order_by("username")
    newcomers = finished().filter(pk__in=frame.eligible(found.survey).values("pk")).exclude(pk__in=found.frame.values("interview"))
    context = {
        "survey": found.survey,
        "sample": found,
        "current": publishing.current(found.survey),
        "design": drawing.design_of(found),
        "strata_by": [dict(BYS)[part.value] for part in drawing.design_of(found).parts],
        "titles": [found.codebook.document.dimension(key).title for key in found.dimensions],
        "strata": stratum_rows(plan),
        "bought": bought_rows(plan.bought),
        "n": plan.n,
        "coders": [(coder, queue.progress(found, coder)) for coder in coders],
        "free": found.units.filter(human_codings=None).count(),
        "disputed": len(queue.disputed(found)),
        "newcomers": newcomers.count(),
        "untouched": not found.units.filter(human_codings__started_at__isnull=False).exists(),
        "assign": AssignForm(),
        "extend": ExtendForm(),
        "hand_on": HandOnForm(sample=found.pk),
    }
    return render(request, "coding/sample.html", context | (forms or {}), status=status)


@require_POST
@access.for_draws
def assign(request: HttpRequest, slug: str, sample: int) -> HttpResponse:
    form = AssignForm(request.POST)
    if not form.is_valid():
        return _again(request, slug, sample, assign=form)
    found, given = _sample(slug, sample), form.cleaned_data
    return _told(request, found, lambda: f"{drawing.assign(found, list(given['coders']), double=given['double'] / 100)} answers are assigned.")


@require_POST
@access.for_draws
def extend(request: HttpRequest, slug: str, sample: int) -> HttpResponse:
    form = ExtendForm(request.POST)
    if not form.is_valid():
        return _again(request, slug, sample, extend=form)
    found, width = _sample(slug, sample), form.cleaned_data["half_width"] / 100
    return _told(request, found, lambda: f"{drawing.extend(found, width)} more interviews are drawn. Assign them below.")


@require_POST
@access.for_draws
def hand_on(request: HttpRequest, slug: str, sample: int) -> HttpResponse:
    form = HandOnForm(request.POST, sample=sample)
    if not form.is_valid():
        return _again(request, slug, sample, hand_on=form)
    found, given = _sample(slug, sample), form.cleaned_data
    return _told(request, found, lambda: f"{drawing.hand_on(found, given['leaver'], given['other'])} answers are handed on.")


@require_POST
@access.for_draws
def discard(request: HttpRequest, slug: str, sample: int) -> HttpResponseRedirect:
    found = _sample(slug, sample)
    try:
        drawing.discard(found)
    except drawing.Refused as refused:
        messages.error(request, str(refused))
        return redirect("coding:sample", slug, sample)
    messages.success(request, f"“{found.name}” is discarded.")
    return redirect("coding:overview", slug)


def _told(request: HttpRequest, sample: CodingSample, act: Any) -> HttpResponseRedirect:
    try:
        messages.success(request, act())
    except drawing.Refused as refused:
        messages.error(request, str(refused))
    return redirect("coding:sample", sample.survey.slug, sample.pk)


def _again(request: HttpRequest, slug: str, sample: int, **forms: Any) -> HttpResponse:
    request.method = "GET"
    response: HttpResponse = sample_page(request, slug, sample, forms=forms, status=400)
    return response
