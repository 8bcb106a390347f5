"""What researchers do about masks on a transcript: add, lift, and look at the original words."""

from typing import cast

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from analysis import views
from analysis.links import turn_url
from analysis.privacy import deciding
from analysis.privacy.masking import Kind
from interviewer.models import Interview, Turn
from surveys.models import Survey

CHANGE, SEE = "analysis.change_mask", "analysis.see_original"


def _interview(slug: str, number: int) -> tuple[Survey, Interview]:
    survey = get_object_or_404(Survey, slug=slug)
    return survey, get_object_or_404(Interview, pk=number, participant__survey=survey)


@require_POST
@staff_member_required
@permission_required(CHANGE, raise_exception=True)
def add(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    survey, interview = _interview(slug, number)
    kind = request.POST.get("kind", "")
    try:
        count = deciding.add(interview, request.POST.get("words", ""), Kind(kind) if kind in list(Kind) else Kind.OTHER, cast(User, request.user))
        messages.success(request, f"Masked in {count} place{'' if count == 1 else 's'}. What was made of the words is made again.")
    except deciding.Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{turn_url(survey, number)}#masks")


@require_POST
@staff_member_required
@permission_required((CHANGE, SEE), raise_exception=True)
def lift(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Whoever lifts a mask has everyone read what it hid, so they need to be allowed to see it."""
    survey, interview = _interview(slug, number)
    try:
        turn, start, end = (int(request.POST[field]) for field in ("turn", "start", "end"))
    except (KeyError, ValueError) as missing:
        raise Http404("There is no such mask.") from missing
    try:
        deciding.lift(get_object_or_404(Turn, interview=interview, number=turn), start, end, cast(User, request.user))
        messages.success(request, "The mask is lifted.")
    except deciding.Refused as refused:
        messages.error(request, str(refused))
    return redirect(turn_url(survey, number, turn))


@require_POST
@never_cache
@staff_member_required
@permission_required(SEE, raise_exception=True)
def original(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Shown in answer to the form alone: it has no address that could be opened again."""
    survey, interview = _interview(slug, number)
    try:
        deciding.see_original(survey, interview, request.POST.get("reason", ""), cast(User, request.user))
    except deciding.Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{turn_url(survey, number)}#masks")
    return views.show_interview(request, survey, number, original=True)
