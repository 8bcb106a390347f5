"""The pages on which participants see to their own record: read it, take it away, strike words, correct, withdraw."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from interviewer import own_record
from interviewer.amendments import Correction
from interviewer.forms import CorrectionForm
from interviewer.models import Interview
from interviewer.striking import strike as strike_turn
from interviewer.views import of_a_participant
from interviewer.withdrawing import withdraw as withdraw_participant
from interviewer.withdrawing import withdrawn_page
from surveys import outcomes, visits
from surveys.guide import Guide
from surveys.languages import accepted, best_match
from surveys.models import Participant
from surveys.pages import WITHDRAWN, notice_page, page
from surveys.recruitment import Result
from surveys.withdrawal import by_receipt

WAY_BACK = "way_back"  # to the panel, kept in the session: once someone has withdrawn, no record leads there


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_participant
def record(request: HttpRequest, participant: Participant) -> HttpResponse:
    mine = own_record.read(participant)
    form = CorrectionForm(request.POST or None)
    if mine.interview and form.is_valid():
        Correction.objects.create(interview=mine.interview, text=form.cleaned_data["text"])
        return _back_to_record(participant, "#corrections")
    return page(request, "interviewer/record.html", participant.language, {"record": mine, "form": form}, guide=_guide(participant))


@require_safe
@of_a_participant
def record_as_text(request: HttpRequest, participant: Participant) -> HttpResponse:
    response = page(request, "interviewer/record.txt", participant.language, {"record": own_record.read(participant)}, guide=_guide(participant))
    response["Content-Type"] = "text/plain; charset=utf-8"
    return _to_keep(response, "record.txt")


@require_safe
@of_a_participant
def record_as_json(request: HttpRequest, participant: Participant) -> HttpResponse:
    response = JsonResponse(own_record.read(participant).as_json(), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Cache-Control"] = "no-store"
    return _to_keep(response, "record.json")


def _to_keep(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_participant
def strike(request: HttpRequest, participant: Participant, number: int) -> HttpResponse:
    interview = Interview.objects.filter(participant=participant).first()
    turn = own_record.turn_to_strike(interview, number) if interview else None
    if turn is None:
        return _back_to_record(participant, f"#turn-{number}")
    if request.method == "POST":
        strike_turn(turn)
        return _back_to_record(participant, f"#turn-{number}")
    return page(request, "interviewer/strike.html", participant.language, {"turn": turn, "token": participant.token}, guide=_guide(participant))


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_participant
def withdraw(request: HttpRequest, participant: Participant) -> HttpResponse:
    if request.method == "POST":
        return _withdrawn(request, participant, participant.language)
    return page(request, "interviewer/withdraw.html", participant.language, {"token": participant.token}, guide=_guide(participant))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_by_receipt(request: HttpRequest) -> HttpResponse:
    language, typed = _language(request), request.POST.get("code", "")[:100]
    if request.method == "POST" and (participant := by_receipt(typed)):
        return _withdrawn(request, participant, language)
    context = {"typed": typed, "unknown": request.method == "POST", "address": request.get_full_path()}
    return page(request, "interviewer/withdraw_by_receipt.html", language, context)


def _withdrawn(request: HttpRequest, participant: Participant, language: str) -> HttpResponse:
    way_back = outcomes.way_back(participant, outcomes.decide(participant, Result.WITHDRAWN))
    withdraw_participant(participant)
    visits.forget(request, participant.survey)
    request.session[WAY_BACK] = way_back
    return redirect(withdrawn_page(language))


@require_safe
def withdrawn(request: HttpRequest) -> HttpResponse:
    return notice_page(request, WITHDRAWN, _language(request), {"way_back": request.session.get(WAY_BACK, "")})


def _guide(participant: Participant) -> Guide:
    return participant.consent.guide_version.guide


def _back_to_record(participant: Participant, place: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("interviewer:record", args=[participant.token]) + place)


def _language(request: HttpRequest) -> str:
    """The language of a page whose reader is not known: as asked for, else as the browser prefers."""
    wanted = [request.GET.get("lang", ""), *accepted(request.headers.get("Accept-Language", ""))]
    return best_match([code for code in wanted if code], [settings.LANGUAGE_CODE, *dict(settings.LANGUAGES)])
