"""The researcher's pages of induction: begin a round, watch it, decide about its candidates, make a codebook of them."""

import secrets
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from analysis import publishing
from analysis.background import handing
from analysis.drafts.drafting import Overtaken
from analysis.drafts.records import CodebookDraft
from analysis.induction import deciding, drafting, drawing, page
from analysis.induction.forms import RoundForm
from analysis.induction.records import Round
from analysis.induction.work import KIND
from llm import model_for
from surveys.models import Survey

may_begin = permission_required("analysis.add_round", raise_exception=True)


def _round(slug: str, number: int) -> Round:
    return get_object_or_404(Round.objects.select_related("survey", "codebook"), pk=number, survey__slug=slug)


@staff_member_required
def rounds(request: HttpRequest, slug: str) -> HttpResponse:
    """GET with fields shows what the round would be and cost; POST begins it."""
    survey = get_object_or_404(Survey, slug=slug)
    data = request.POST if request.method == "POST" else request.GET
    form = RoundForm(data if "size" in data else None, survey=survey)
    context: dict[str, Any] = {"survey": survey, "form": form, "rounds": [(each, page.progress(each)) for each in survey.rounds.all()]}
    context["offline"] = model_for("analyst").name == "offline"
    if form.is_bound and form.is_valid():
        asked, first = form.round_fields(), form.preferred()
        frame = drawing.eligible(survey, asked["questions"])
        asked["seed"] = form.cleaned_data["seed"] or secrets.randbelow(2**32)
        interviews = drawing.drawn(frame, form.cleaned_data["size"], asked["seed"], first)
        forecast = drawing.cost_of(survey, interviews, model_for("analyst"))
        if request.method == "POST" and interviews and forecast.affordable:
            return _begin(request, survey, asked, interviews, first)
        other = len(set(interviews) & set(first))
        context |= {"forecast": forecast, "eligible": len(frame), "other": other, "seed": asked["seed"], "dimension": asked["title"]}
    return render(request, "induction/rounds.html", context)


@may_begin
def _begin(request: HttpRequest, survey: Survey, asked: dict[str, Any], interviews: tuple[int, ...], first: set[int]) -> HttpResponse:
    round_ = drawing.begin(survey, asked, interviews, cast(User, request.user), other=first)
    handing.hand_over(KIND.name, round_)
    return redirect("induction:round", survey.slug, round_.pk)


@require_safe
@staff_member_required
def of_round(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    round_ = _round(slug, number)
    found = page.candidates(round_.survey, round_)
    context = {
        "survey": round_.survey,
        "round": round_,
        "progress": page.progress(round_),
        "progress_url": reverse("induction:progress", args=[slug, number]),
        "candidates": found,
        "targets": [each.row for each in found if each.row.status in page.TAKEN],
        "accepted": sum(each.row.status == "accepted" for each in found),
        "undecided": sum(each.row.status == "proposed" for each in found),
        "saturation": page.saturation(round_),
        "frame": (page.WIDTH, page.HEIGHT),
        "dropped": sum(round_.pieces.values_list("dropped", flat=True)),
        "offline": round_.model == "offline",
        "draft": CodebookDraft.objects.filter(survey=round_.survey_id).exists(),
    }
    return render(request, "induction/round.html", context)


@require_safe
@staff_member_required
def progress(request: HttpRequest, slug: str, number: int) -> JsonResponse:
    found = page.progress(_round(slug, number))
    return JsonResponse(
        {"going_on": found.going_on, "percent": found.percent, "said": f"{found.label}: {found.done} of {found.total} interviews read"}
    )


@require_POST
@staff_member_required
@may_begin
def steer(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    round_ = _round(slug, number)
    if request.POST.get("what") == "stop":
        handing.stop(round_)
    else:
        handing.go_on(KIND.name, round_)
    return redirect("induction:round", slug, number)


@require_POST
@staff_member_required
@may_begin
def decide(request: HttpRequest, slug: str, number: int, candidate: int) -> HttpResponse:
    round_, posted = _round(slug, number), request.POST
    into = posted.get("into", "")
    revision = posted.get("revision", "")
    try:
        deciding.decide(
            round_,
            candidate,
            posted.get("what", ""),
            cast(User, request.user),
            revision=int(revision) if revision.isdigit() else -1,
            words=posted,
            into=int(into) if into.isdigit() else None,
        )
    except deciding.NotDecided as problem:
        messages.error(request, str(problem))
    return redirect(f"{reverse('induction:round', args=[slug, number])}#code-{candidate}")


@require_POST
@staff_member_required
@permission_required("analysis.add_codebookversion", raise_exception=True)
def make_draft(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """On to the draft's own pages, where it is edited, tried on a sample and published."""
    round_ = _round(slug, number)
    try:
        drafting.make_draft(round_, cast(User, request.user))
    except (drafting.NothingAccepted, publishing.CodebookError) as problem:
        messages.error(request, str(problem))
    except Overtaken:
        messages.error(request, "Someone else has saved the draft meanwhile. Try again.")
    else:
        return redirect("admin:analysis_codebookversion_draft", round_.survey_id)
    return redirect("induction:round", slug, number)


@require_safe
@staff_member_required
def as_yaml(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    round_ = _round(slug, number)
    try:
        text = publishing.write(drafting.document_of(round_))
    except drafting.NothingAccepted as problem:
        messages.error(request, str(problem))
        return redirect("induction:round", slug, number)
    headers = {"Content-Disposition": f'attachment; filename="{slug}-codebook-draft.yaml"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)
