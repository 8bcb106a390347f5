"""The page where an interview does not begin or go on, and the way back to the panel."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from surveys import outcomes, receipts
from surveys.models import Participant
from surveys.pages import DECLINED, NO_PLACE, PLACE_GONE, notice_page
from surveys.recruitment import Result

NOTICES = {
    Result.SCREENED_OUT: NO_PLACE,
    Result.QUOTA_FULL: NO_PLACE,
    Result.TIMED_OUT: PLACE_GONE,
    Result.DECLINED: DECLINED,
}


@require_safe
def outcome(request: HttpRequest, token: str) -> HttpResponse:
    """How it ended, said kindly and without the reason; whoever took the interview goes to its last page."""
    participant = get_object_or_404(Participant.objects.select_related("consent__guide_version"), token=token)
    result = outcomes.of(participant)
    if result not in NOTICES:
        return redirect("interviewer:thanks" if result else "interviewer:participate", token=token)
    consented = hasattr(participant, "consent") and bool(participant.consent.receipt)
    context = {
        "receipt": receipts.code(token) if consented else "",
        "record": token if consented else "",
        "way_back": reverse("surveys:back", args=[token]) if outcomes.way_back(participant) else "",
    }
    guide = participant.consent.guide_version.guide if hasattr(participant, "consent") else None
    return notice_page(request, NOTICES[Result(result)], participant.language, context, guide=guide)


@require_safe
def back(request: HttpRequest, token: str) -> HttpResponse:
    """To the panel, always to the same address: whoever loads it again, comes back to it or opens it twice."""
    participant = get_object_or_404(Participant, token=token)
    address = outcomes.way_back(participant)
    response = HttpResponseRedirect(address) if address else redirect("surveys:outcome", token=token)
    response["Cache-Control"] = "no-store"
    return response
