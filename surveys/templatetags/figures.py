"""Numbers on participants' pages, in the digits of the page's language."""

from django import template
from django.conf import settings
from django.utils.translation import get_language

from surveys import languages

register = template.Library()


@register.filter
def digits(value: object) -> str:
    return languages.digits(str(value), get_language() or settings.LANGUAGE_CODE)
