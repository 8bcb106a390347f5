"""The pages before an interview: home, a survey's first page, the answer to its consent text."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET, require_POST, require_safe

from surveys import arrivals, entry, visits, withdrawal
from surveys.care import consent_text
from surveys.languages import accepted, best_match, menu
from surveys.models import GuideVersion, Survey
from surveys.pages import ALREADY, CLOSED, DECLINED, NOT_OPEN, UNKNOWN_LINK, UNKNOWN_SURVEY, WITHDRAWN, Notice, notice_page, page
from surveys.panels import BadLink, Ids
from surveys.recruitment import Panel, Result

LANGUAGE_COOKIE = "participant_language"
A_YEAR = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return page(request, "surveys/home.html", translation.get_language() or settings.LANGUAGE_CODE)


@require_safe
def landing(request: HttpRequest, slug: str) -> HttpResponse:
    survey = Survey.objects.filter(slug=slug).first()
    if survey is None:
        return notice_page(request, UNKNOWN_SURVEY, _language(request, None))
    version = survey.current_version
    language = _language(request, version)
    visit = visits.recall(request, survey)
    try:
        came_with = arrivals.ids(request, survey)
    except BadLink:
        return _welcome_back(request, survey, visit, language) if visit else notice_page(request, UNKNOWN_LINK, language)
    if came_with and (stop_here := _been_here(request, survey, came_with, language)):
        return stop_here
    if visit and (came_with is None or survey.one_entry == Survey.OneEntry.BROWSER):
        return _welcome_back(request, survey, visit, language)
    if stop := entry.obstacle(survey, staff=request.user.is_staff) or (None if version else NOT_OPEN):
        return notice_page(request, stop, language, _way_back_from(stop, survey, came_with), guide=version.guide if version else None)
    assert version is not None
    return consent_page(request, survey, version, language, came_with)


def _way_back_from(stop: Notice, survey: Survey, came_with: Ids | None) -> dict[str, str]:
    """A closed survey stays closed: to the panel that is a full quota. A paused one asks people to come back instead."""
    panel = Panel.objects.filter(survey=survey).first() if came_with and stop is CLOSED else None
    return {"way_back": panel.way_back(Result.QUOTA_FULL, came_with)} if panel and came_with else {}


def _been_here(request: HttpRequest, survey: Survey, came_with: Ids, language: str) -> HttpResponse | None:
    """Where someone goes whose id is known: into the same interview, to the same outcome. None for a new one."""
    if participant := arrivals.known(survey, came_with):
        visits.remember(request, participant)
        return redirect("surveys:outcome", token=participant.token)
    if result := withdrawal.result_of(survey.pk, came_with.id):
        panel = Panel.objects.get(survey=survey)
        return notice_page(request, WITHDRAWN, language, {"way_back": panel.way_back(result, came_with)})
    return None


@require_safe
def preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    version = GuideVersion.every.filter(pk=pk, survey__slug=slug, preview=True).select_related("survey").first()
    if version is None or not request.user.is_staff:
        return notice_page(request, UNKNOWN_SURVEY, _language(request, None))
    return consent_page(request, version.survey, version, _language(request, version))


def consent_page(
    request: HttpRequest, survey: Survey, version: GuideVersion, language: str, came_with: Ids | None = None, *, answer_to: str = ""
) -> HttpResponse:
    """answer_to: where the answer goes, if not to the survey's own address."""
    guide = version.guide
    trial = not version.preview and arrivals.looks_around(request, survey, came_with)
    context = {
        "survey": survey,
        "texts": guide.texts[language],
        "answer_to": answer_to or reverse("surveys:consent", args=[survey.slug]),
        "consent": consent_text(guide, language, care=survey.keep_care),
        "form_id": entry.ConsentForm.new(version, language, care=survey.keep_care, came_with=came_with, trial=trial).sealed,
        "languages": menu(guide.languages),
        "preview": version.preview or survey.status == Survey.Status.DRAFT,
        "trial": trial,
    }
    response = page(request, "surveys/landing.html", language, context, guide=guide)
    if request.GET.get("lang") == language:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=A_YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
    return response


def _welcome_back(request: HttpRequest, survey: Survey, visit: visits.Visit, language: str) -> HttpResponse:
    version = survey.current_version
    guide = version.guide if version else None
    if visit.finished:
        return notice_page(request, ALREADY, language, {"record": visit.token}, guide=guide)
    return page(request, "surveys/welcome_back.html", language, {"survey": survey, "token": visit.token}, guide=guide)


@require_POST
def consent(request: HttpRequest, slug: str) -> HttpResponse:
    survey = Survey.objects.filter(slug=slug).first()
    if survey is None:
        return notice_page(request, UNKNOWN_SURVEY, _language(request, None))
    form = entry.ConsentForm.read(request.POST.get("form", ""))
    answer = request.POST.get("answer")
    version = entry.version_of(form, survey, staff=request.user.is_staff) if form else None
    if form is None or version is None or answer not in ("agree", "decline"):
        return redirect("surveys:landing", slug=slug)
    if entry.obstacle(survey, staff=request.user.is_staff, preview=version.preview):
        return redirect("surveys:landing", slug=slug)
    if form.ids is None and not request.user.is_staff and arrivals.needs_an_id(survey):
        return redirect(survey)
    if survey.one_entry == Survey.OneEntry.BROWSER and (visit := visits.recall(request, survey)) and visit.token != form.token:
        return redirect(survey)
    given = answer == "agree"
    wanted = ",".join(accepted(request.headers.get("Accept-Language", "")))
    try:
        participant = entry.record_consent(survey, form, given=given, browser_languages=wanted)
    except withdrawal.HasWithdrawn:
        return notice_page(request, WITHDRAWN, form.language)
    if form.ids:
        visits.remember(request, participant)
        return redirect("surveys:outcome", token=participant.token)
    if given:
        visits.remember(request, participant)
        return redirect("interviewer:participate", token=participant.token)
    visits.forget(request, survey)
    return redirect(f"{reverse('surveys:declined', args=[slug])}?lang={form.language}")


@require_GET
def declined(request: HttpRequest, slug: str) -> HttpResponse:
    survey = Survey.objects.filter(slug=slug).first()
    if survey is None:
        return notice_page(request, UNKNOWN_SURVEY, _language(request, None))
    version = survey.current_version
    back = {"back": survey.get_absolute_url()}
    return notice_page(request, DECLINED, _language(request, version), back, guide=version.guide if version else None)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return page(request, "surveys/accessibility.html", _language(request, None))


def _language(request: HttpRequest, version: GuideVersion | None) -> str:
    """The language of a page whose reader is not known yet: as asked for, as chosen before, as the browser prefers."""
    offered = list(version.guide.languages) if version else [settings.LANGUAGE_CODE, *dict(settings.LANGUAGES)]
    chosen = [request.GET.get("lang", ""), request.COOKIES.get(LANGUAGE_COOKIE, "")]
    return best_match([*filter(None, chosen), *accepted(request.headers.get("Accept-Language", ""))], offered)
