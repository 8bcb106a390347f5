"""The coder's pages: what there is to do, one answer at a time, and what the page's script sends."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from pydantic import Field, ValidationError

from analysis.by_hand import access, queue, reading, saving
from analysis.by_hand.rules import Draft, Wrong
from analysis.sampling.records import CodingSample, HumanCoding
from surveys.models import Survey


class Sent(Draft):
    revision: int = Field(ge=0)

    @property
    def draft(self) -> Draft:
        return Draft(codes=self.codes, quotes=self.quotes, note=self.note)


def unit_url(human: HumanCoding, view: str = "unit") -> str:
    return reverse(f"coding:{view}", args=[human.unit.sample.survey.slug, human.pk])


@require_safe
@access.for_anyone_who_codes
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "coding/index.html", {"work": queue.work_of(access.user_of(request))})


@require_safe
@access.for_anyone_who_codes
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    user = access.user_of(request)
    samples = list(survey.coding_samples.all()) if user.has_perm(access.DRAW) or user.has_perm(access.ADJUDICATE) else []
    context = {
        "survey": survey,
        "work": queue.work_of(user, survey),
        "samples": [(sample, len(queue.disputed(sample))) for sample in samples],
        "may_draw": user.has_perm(access.DRAW),
        "may_adjudicate": user.has_perm(access.ADJUDICATE),
    }
    return render(request, "coding/overview.html", context)


@require_safe
@access.for_anyone_who_codes
def go_on(request: HttpRequest, slug: str, sample: int) -> HttpResponseRedirect:
    found = queue.following(get_object_or_404(CodingSample, pk=sample, survey__slug=slug), access.user_of(request))
    if found is None:
        messages.success(request, "That was the last one: everything assigned to you in this sample is coded or skipped.")
    return redirect(unit_url(found) if found else reverse("coding:overview", args=[slug]))


@require_POST
@access.for_adjudicators
def decide(request: HttpRequest, slug: str, sample: int) -> HttpResponseRedirect:
    found = queue.claim(get_object_or_404(CodingSample, pk=sample, survey__slug=slug), access.user_of(request))
    if found is None:
        messages.success(request, "There is no difference left to decide.")
    return redirect(unit_url(found) if found else reverse("coding:overview", args=[slug]))


@require_safe
@access.for_anyone_who_codes
def unit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    human = access.own(request, slug, number)
    saving.opened(human)
    view = reading.read(human)
    before, after = queue.neighbours(human)
    sides = queue.sides(human) if human.adjudicates else ()
    addresses = {action: unit_url(human, action) for action in ("save", "finish", "skip", "undo")}
    addresses |= {name: reverse("coding:unit", args=[slug, pk]) if pk else "" for name, pk in (("previous", before), ("next", after))}
    context = {
        "survey": human.unit.sample.survey,
        "sample": human.unit.sample,
        "view": view,
        "human": human,
        "done": human.status == HumanCoding.Status.DONE,
        "stays": saving.why_it_stays(human) if human.status == HumanCoding.Status.DONE else "",
        "progress": queue.progress(human.unit.sample, human.coder, adjudicates=human.adjudicates),
        "sides": sides,
        "model": queue.of_model(human) if human.compared_at else None,
        "addresses": addresses,
        "state": reading.as_state(view) | {"sides": [side.state for side in sides], "urls": addresses},
    }
    return render(request, "coding/unit.html", context)


def _sent(act: Callable[[HumanCoding, Sent], None]) -> Callable[..., HttpResponse]:
    """A view that takes the page's draft and answers with what is stored now, and where to go."""

    @require_POST
    @access.for_anyone_who_codes
    def view(request: HttpRequest, slug: str, number: int) -> HttpResponse:
        human = access.own(request, slug, number)
        try:
            act(human, Sent.model_validate_json(request.body))
        except saving.Outdated:
            return JsonResponse(_stored(human), status=409)
        except Wrong as wrong:
            return JsonResponse({"problem": str(wrong)}, status=422)
        except ValidationError:
            return JsonResponse({"problem": "That could not be read."}, status=400)
        return JsonResponse(_stored(human))

    return view


def _stored(human: HumanCoding) -> dict[str, Any]:
    human = HumanCoding.objects.select_related(*queue.WITH_UNIT).get(pk=human.pk)
    stored = {"revision": human.revision, "status": human.status, **reading.as_shown(human, saving.draft_of(human)).model_dump(mode="json")}
    return stored | ({} if human.status == HumanCoding.Status.DRAFT else {"next": _next(human)})


def _next(human: HumanCoding) -> str:
    sample = human.unit.sample
    found = queue.claim(sample, human.coder) if human.adjudicates else queue.following(sample, human.coder, human)
    if found:
        return unit_url(found)
    at_last = reverse("coding:overview", args=[sample.survey.slug])
    return at_last if human.adjudicates else reverse("coding:go_on", args=[sample.survey.slug, sample.pk])


save = _sent(lambda human, sent: saving.save(human, reading.in_original(human, sent.draft), revision=sent.revision))
finish = _sent(lambda human, sent: saving.finish(human, reading.in_original(human, sent.draft), revision=sent.revision))
skip = _sent(lambda human, sent: saving.skip(human, reading.in_original(human, sent.draft), revision=sent.revision))


@require_POST
@access.for_anyone_who_codes
def undo(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Takes back what its coder saved last, be it this one or another of the sample."""
    human = access.own(request, slug, number)
    try:
        last = saving.undo_last(human.unit.sample_id, human.coder, adjudicates=human.adjudicates)
    except Wrong as wrong:
        return JsonResponse({"problem": str(wrong)}, status=422)
    return JsonResponse({"next": unit_url(last)})


@require_POST
@access.for_anyone_who_codes
def change(request: HttpRequest, slug: str, number: int) -> HttpResponseRedirect:
    """Opens a finished coding again, or shows the model's codes beside it, as the button says."""
    human = access.own(request, slug, number)
    try:
        saving.compare(human) if "compare" in request.POST else saving.reopen(human)
    except Wrong as wrong:
        messages.error(request, str(wrong))
    return redirect(unit_url(human))
