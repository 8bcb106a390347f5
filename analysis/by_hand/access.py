"""Who may open which page: coders their own work, adjudicators the differences, whoever draws samples all of them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.template.response import SimpleTemplateResponse
from django.urls import reverse_lazy
from django.utils import translation

from analysis.by_hand.queue import WITH_UNIT
from analysis.sampling.records import HumanCoding

CODE, ADJUDICATE, DRAW = "analysis.may_code", "analysis.may_adjudicate", "analysis.add_codingsample"
LOGIN = reverse_lazy("coding:login")
View = Callable[..., Any]


def user_of(request: HttpRequest) -> User:
    return cast(User, request.user)  # the decorators below let nobody else in


def in_english(view: View) -> View:
    """Researchers' pages are not translated: neither are the words that Django has for them."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with translation.override("en"):
            response = view(request, *args, **kwargs)
            return response.render() if isinstance(response, SimpleTemplateResponse) else response

    return spoken


def for_draws(view: View) -> View:
    return login_required(permission_required(DRAW, raise_exception=True)(in_english(view)), login_url=LOGIN)


def for_adjudicators(view: View) -> View:
    return login_required(permission_required(ADJUDICATE, raise_exception=True)(in_english(view)), login_url=LOGIN)


def for_anyone_who_codes(view: View) -> View:
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user = user_of(request)
        if not user.is_staff and not any(map(user.has_perm, (CODE, ADJUDICATE, DRAW))):
            raise PermissionDenied
        return in_english(view)(request, *args, **kwargs)

    return login_required(checked, login_url=LOGIN)


def own(request: HttpRequest, slug: str, number: int) -> HumanCoding:
    """A coding of the user's own; of others' not even that they exist is told."""
    user = user_of(request)
    human = get_object_or_404(HumanCoding.objects.select_related(*WITH_UNIT), pk=number, unit__sample__survey__slug=slug, coder=user)
    if not user.has_perm(ADJUDICATE if human.adjudicates else CODE):
        raise PermissionDenied
    return human
