"""Showing a page to a participant: in their language, out of caches and search engines; and the pages that only say something."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveys.guide import Guide
from surveys.languages import direction, numbering
from surveys.sentences import speaking


@dataclass(frozen=True)
class Notice:
    title: Promise
    text: Promise
    status: int = 200


UNKNOWN_SURVEY = Notice(_("There is no survey here"), _("Please check the address, or open the link that you were sent once more."), 404)
UNKNOWN_LINK = Notice(_("This link opens no interview"), _("Please check that you have the whole link. Every character counts."), 404)
NOT_OPEN = Notice(_("This survey is not open yet"), _("Please come back later."), 404)
PAUSED = Notice(_("This survey is paused"), _("No new interviews begin at the moment. Please come back later."))
CLOSED = Notice(_("This survey is closed"), _("It takes no new interviews. Thank you for your interest."))
DECLINED = Notice(_("You chose not to take part"), _("That is fine. There will be no interview, and nothing more is asked of you."))
NO_PLACE = Notice(_("Thank you for your interest"), _("This survey has no place for another interview like yours. There is nothing more to do."))
PLACE_GONE = Notice(
    _("Your place has gone to someone else"), _("There was no answer for a long time. Thank you for taking part; there is nothing more to do.")
)
WITHDRAWN = Notice(_("You have withdrawn"), _("Everything you said has been deleted."))
ALREADY = Notice(_("You have already taken part"), _("Thank you. Your answers have been received, and there is nothing more to do."))


def page(
    request: HttpRequest,
    template: str,
    language: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    guide: Guide | None = None,
) -> HttpResponse:
    """guide: whose sentences are said instead of the program's own, where it has any."""
    with speaking(language, guide):
        spoken = {"language": language, "direction": direction(language), "numbering": numbering(language)}
        response = render(request, template, {**spoken, **(context or {})}, status=status)
    response["Content-Language"] = language
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def notice_page(
    request: HttpRequest, notice: Notice, language: str, context: Mapping[str, Any] | None = None, *, guide: Guide | None = None
) -> HttpResponse:
    return page(request, "surveys/notice.html", language, {"notice": notice, **(context or {})}, status=notice.status, guide=guide)
