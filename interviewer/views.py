"""The pages of one participant's interview: about you, the conversation, the rating, the thanks."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interviewer import admission, own_record, records, switching
from interviewer.answer_care import is_measured
from interviewer.answers import LONGEST
from interviewer.flags import LONGEST_REASON, flagged_in
from interviewer.forms import RatingForm
from interviewer.models import Interview
from interviewer.settling import settle, still_has_a_place
from surveys import entry, gate, outcomes, visits
from surveys.forms_profile import ProfileForm
from surveys.languages import accepted, best_match, menu
from surveys.models import Participant
from surveys.pages import ALREADY, UNKNOWN_LINK, notice_page, page
from surveys.sentences import speaking

P = ParamSpec("P")
ParticipantView = Callable[Concatenate[HttpRequest, Participant, P], HttpResponse]


def of_a_participant(view: ParticipantView[P]) -> Callable[..., HttpResponse]:
    """Opens the link: hands `view` the participant who agreed to take part, and answers everyone else."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        participant = Participant.objects.filter(token=token).select_related("survey", "consent__guide_version").first()
        if participant is None:
            offered = [settings.LANGUAGE_CODE, *dict(settings.LANGUAGES)]
            return notice_page(request, UNKNOWN_LINK, best_match(accepted(request.headers.get("Accept-Language", "")), offered))
        if not (hasattr(participant, "consent") and participant.consent.given):
            return redirect("surveys:outcome", token=token) if outcomes.of(participant) else redirect(participant.survey)
        request.preview = participant.origin == Participant.Origin.PREVIEW  # type: ignore[attr-defined]  # for base.html
        return view(request, participant, *args, **kwargs)

    return opened


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_participant
def participate(request: HttpRequest, participant: Participant) -> HttpResponse:
    if outcomes.of(participant) in outcomes.TURNED_AWAY:
        return redirect("surveys:outcome", token=participant.token)
    interview = Interview.objects.filter(participant=participant).first()
    if interview is None:
        return _begin(request, participant)
    if request.method == "POST":  # the form about the participant, sent twice
        return redirect("interviewer:participate", token=participant.token)
    if not interview.finished:
        if not still_has_a_place(interview):
            return redirect("surveys:outcome", token=participant.token)
        return _conversation(request, participant, interview)
    settle(interview)
    if _rated(interview):
        visits.remember(request, participant, finished=True)
        if outcomes.way_back(participant):
            return redirect("interviewer:thanks", token=participant.token)
        return notice_page(request, ALREADY, participant.language, {"record": participant.token}, guide=participant.consent.guide_version.guide)
    return redirect("interviewer:rate", token=participant.token)


def _begin(request: HttpRequest, participant: Participant) -> HttpResponse:
    is_preview = participant.origin == Participant.Origin.PREVIEW
    if stop := entry.obstacle(participant.survey, staff=request.user.is_staff, preview=is_preview):
        return notice_page(request, stop, participant.language, guide=participant.consent.guide_version.guide)
    version = participant.consent.guide_version
    if (version.guide.profile or version.guide.screening) and participant.profiled_at is None:
        guide = version.guide
        with speaking(participant.language, guide):
            form = ProfileForm(guide, participant.language, request.POST if request.method == "POST" else None)
            if not form.is_valid():
                return page(request, "interviewer/profile.html", participant.language, {"form": form, "survey": participant.survey}, guide=guide)
        form.save(participant)
    if gate.turned_away(participant, version.guide):
        return redirect("surveys:outcome", token=participant.token)
    entered = admission.enter(participant, version)
    visits.remember(request, participant)
    if isinstance(entered, admission.Place) and request.method != "POST":
        place = {"place": entered.number, "wait": entered.minutes}
        return page(request, "interviewer/waiting.html", participant.language, place, guide=version.guide)
    return redirect("interviewer:participate", token=participant.token)


def _conversation(request: HttpRequest, participant: Participant, interview: Interview) -> HttpResponse:
    conversation = records.load(interview.pk)
    with speaking(interview.language, conversation.guide):
        script = {"token": participant.token, "longest": LONGEST, "care": is_measured(participant), "words": _words_for_script()}
    flagged = flagged_in(interview)
    script |= {"flag": {"address": reverse("interviewer:flag", args=[participant.token, 0]).removesuffix("0"), "flagged": flagged}}
    context = {
        "title": conversation.guide.texts[interview.language].title,
        "turns": conversation.turns,
        "struck": own_record.struck_in(interview),
        "flagged": flagged,
        "longest": LONGEST_REASON,
        "token": participant.token,
        "progress": conversation.progress,
        "offline": settings.LLM["backend"] == "offline",
        "script": script,
        "languages": menu(conversation.guide.languages),
    }
    return page(request, "interviewer/conversation.html", interview.language, context, guide=conversation.guide)


@require_POST
@of_a_participant
def change_language(request: HttpRequest, participant: Participant) -> HttpResponse:
    """To one of the guide's languages; the page that follows is in it."""
    interview = Interview.objects.filter(participant=participant).select_related("guide_version").first()
    wanted = request.POST.get("language", "")
    if interview and wanted in interview.guide_version.guide.languages:
        switching.change_language(interview.pk, wanted)
    return redirect("interviewer:participate", token=participant.token)


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_participant
def rate(request: HttpRequest, participant: Participant) -> HttpResponse:
    interview = Interview.objects.filter(participant=participant).first()
    if interview is None or not interview.finished:
        return redirect("interviewer:participate", token=participant.token)
    if _rated(interview):
        return redirect("interviewer:thanks", token=participant.token)
    if request.method == "POST":
        form = RatingForm(request.POST)
        if form.is_valid():
            form.save(interview)
            visits.remember(request, participant, finished=True)
            return redirect("interviewer:thanks", token=participant.token)
    guide = participant.consent.guide_version.guide
    return page(request, "interviewer/rate.html", participant.language, {"points": range(1, 8)}, guide=guide)


@require_safe
@of_a_participant
def thanks(request: HttpRequest, participant: Participant) -> HttpResponse:
    interview = Interview.objects.filter(participant=participant).exclude(status=Interview.Status.RUNNING).first()
    if interview is None:
        return redirect("interviewer:participate", token=participant.token)
    settle(interview)
    context = {"token": participant.token, "receipt": own_record.receipt(participant), "way_back": outcomes.way_back(participant)}
    return page(request, "interviewer/thanks.html", participant.language, context, guide=participant.consent.guide_version.guide)


def _rated(interview: Interview) -> bool:
    return any(answer is not None for answer in (interview.satisfaction, interview.captured, interview.would_recommend))


def _words_for_script() -> dict[str, Any]:
    """What the page's script says, in the active language."""
    return {
        "interviewer": gettext("Interviewer:"),
        "you": gettext("You:"),
        "skipped": gettext("Skipped"),
        "sending": gettext("Sending…"),
        "writing": gettext("The interviewer is writing."),
        "lost": gettext("Connection lost. What you wrote is kept. Trying again…"),
        "back": gettext("Connected again."),
        "progress": gettext("Question %(asked)s of %(of)s"),
        "left": gettext("Characters left: %(count)s"),
        "write": gettext("Please write an answer."),
        "choose": gettext("Please choose an answer."),
        "number": gettext("Please give a number."),
        "range": gettext("From %(minimum)s to %(maximum)s"),
        "several": gettext("You can choose more than one."),
        "send": gettext("Send"),
        "yourNumber": gettext("Your number"),
        "elsewhere": gettext("The interview is now open in another tab or on another device."),
        "here": gettext("Continue here"),
        "over": gettext("The interview is over."),
        "next": gettext("Continue"),
        "broken": gettext("Something went wrong. Please load the page again. What you said is kept."),
        "reload": gettext("Load again"),
        "report": gettext("Report this question"),
        "reported": gettext("You reported this question."),
    }
