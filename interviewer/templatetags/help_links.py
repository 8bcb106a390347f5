"""A template filter: a turn that offers help, with its addresses and numbers as links."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from interviewer.safety.links import links

register = template.Library()


@register.filter
def help_links(text: str) -> SafeString:
    parts, rest = [], text
    for link in links(text):
        before, _, rest = rest.partition(link.text)
        parts += [conditional_escape(before), format_html('<a href="{}" dir="ltr">{}</a>', link.href, link.text)]
    return mark_safe("".join([*parts, conditional_escape(rest)]))  # noqa: S308 - each part is escaped above
