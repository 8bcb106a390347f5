"""Where a participant reports a question, and takes the report back: a page, and the same by fetch from within the interview."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from interviewer import flags
from interviewer.models import Interview
from interviewer.views import of_a_participant
from surveys.models import Participant
from surveys.pages import page


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_participant
def flag(request: HttpRequest, participant: Participant, number: int) -> HttpResponse:
    interview = Interview.objects.filter(participant=participant).first()
    turn = flags.turn_to_flag(interview, number) if interview else None
    if interview is None or turn is None:
        return redirect("interviewer:participate", token=participant.token)
    back = reverse("interviewer:record" if interview.finished else "interviewer:participate", args=[participant.token]) + f"#turn-{number}"
    if request.method != "POST":
        context = {"turn": turn, "reason": flags.flagged_in(interview).get(number), "back": back, "longest": flags.LONGEST_REASON}
        return page(request, "interviewer/flag.html", participant.language, context)
    if request.POST.get("do") == "take_back":
        flags.take_back(turn)
    else:
        flags.report(turn, request.POST.get("reason", ""))
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"flagged": flags.flagged_in(interview).get(number)})
    return redirect(back)
