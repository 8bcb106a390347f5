"""What a contact's personal link opens: the consent text, the interview as far as it has come, and the end of the e-mails."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from surveys import entry, visits
from surveys.guide import Guide
from surveys.invitations import lifecycle
from surveys.invitations.models import Contact
from surveys.invitations.optout import opt_out
from surveys.languages import accepted, best_match
from surveys.pages import DECLINED, NOT_OPEN, UNKNOWN_LINK, Notice, notice_page, page
from surveys.views import LANGUAGE_COOKIE, consent_page

REVOKED = Notice(_("This link is no longer in use"), _("If you would like to take part, please ask the people who sent it to you."), 410)
OPTED_OUT = Notice(_("You will get no more e-mails"), _("If you would still like to take part, your personal link goes on working."))
ContactView = Callable[[HttpRequest, Contact], HttpResponse]


def of_a_contact(view: ContactView) -> Callable[..., HttpResponse]:
    """Hands `view` the contact whose link it is, and answers everyone else."""

    @wraps(view)
    def opened(request: HttpRequest, slug: str, token: str) -> HttpResponse:
        contacts = Contact.objects.select_related("survey", "participant__consent")
        contact = contacts.filter(token=token, survey__slug=slug).first()
        return view(request, contact) if contact else notice_page(request, UNKNOWN_LINK, _language(request, None))

    return opened


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_contact
def personal(request: HttpRequest, contact: Contact) -> HttpResponse:
    if contact.revoked_at:
        return _notice(request, REVOKED, contact)
    if contact.takes_part and contact.participant:
        return redirect("interviewer:participate", token=contact.participant.token)
    survey, version = contact.survey, contact.survey.current_version
    if stop := entry.obstacle(survey, staff=request.user.is_staff) or (None if version else NOT_OPEN):
        return _notice(request, stop, contact)
    assert version is not None
    if request.method == "POST":
        return _answered(request, contact)
    if request.method == "GET":
        lifecycle.opened(contact)
    return consent_page(request, survey, version, _language(request, contact), answer_to=contact.path)


def _answered(request: HttpRequest, contact: Contact) -> HttpResponse:
    form, answer = entry.ConsentForm.read(request.POST.get("form", "")), request.POST.get("answer")
    if form is None or answer not in ("agree", "decline") or entry.version_of(form, contact.survey, staff=False) is None:
        return redirect(contact.path)
    wanted = ",".join(accepted(request.headers.get("Accept-Language", "")))
    participant = lifecycle.answered(contact, form, given=answer == "agree", browser_languages=wanted)
    if participant.consent.given:
        visits.remember(request, participant)
        return redirect("interviewer:participate", token=participant.token)
    visits.forget(request, contact.survey)
    return redirect(f"{reverse('surveys:personal_declined', args=[contact.survey.slug, contact.token])}?lang={form.language}")


@require_safe
@of_a_contact
def declined(request: HttpRequest, contact: Contact) -> HttpResponse:
    return _notice(request, DECLINED, contact, {"back": contact.path})


@csrf_exempt  # the one click of a mail program carries no cookie, and whoever has the link may use it
@require_http_methods(["GET", "HEAD", "POST"])
@of_a_contact
def stop(request: HttpRequest, contact: Contact) -> HttpResponse:
    if request.method == "POST":
        opt_out(contact, everywhere=request.POST.get("everywhere") == "1")
        return _notice(request, OPTED_OUT, contact)
    if contact.opted_out_at:
        return _notice(request, OPTED_OUT, contact)
    language, guide = _language(request, contact), _guide(contact)
    return page(request, "surveys/stop.html", language, {"texts": guide.texts[language] if guide else None}, guide=guide)


def _notice(request: HttpRequest, notice: Notice, contact: Contact, context: Mapping[str, Any] | None = None) -> HttpResponse:
    return notice_page(request, notice, _language(request, contact), context, guide=_guide(contact))


def _guide(contact: Contact) -> Guide | None:
    version = contact.survey.current_version
    return version.guide if version else None


def _language(request: HttpRequest, contact: Contact | None) -> str:
    """As asked for on the page, else the contact's, else as chosen before or as the browser prefers."""
    guide = _guide(contact) if contact else None
    offered = list(guide.languages) if guide else [settings.LANGUAGE_CODE, *dict(settings.LANGUAGES)]
    wanted = [request.GET.get("lang", ""), contact.language if contact else "", request.COOKIES.get(LANGUAGE_COOKIE, "")]
    return best_match([*filter(None, wanted), *accepted(request.headers.get("Accept-Language", ""))], offered)
