"""The words of invitations and reminders: the standard text, and what a researcher's own text must hold. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import escape, format_html, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from surveys.guide import Guide
from surveys.sentences import speaking

PLACEHOLDERS = ("name", "survey", "link", "opt_out")
IN_SUBJECTS = ("name", "survey")
NEEDED = ("link", "opt_out")
HELP = "Empty: the standard text. {link} and {opt_out} must be in it; {name} and {survey} may be."
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_NOBODY = re.compile(r"\s*\{name\}")


@dataclass(frozen=True)
class Letter:
    """A subject and a body with placeholders, or filled in."""

    subject: str
    body: str


def subject_problems(text: str) -> list[str]:
    return list(_misplaced(text, IN_SUBJECTS))


def body_problems(text: str) -> list[str]:
    """What is wrong with a researcher's text; an empty one is right, the standard text taking its place."""
    if not text.strip():
        return []
    there = set(_PLACEHOLDER.findall(text))
    missing = [f"{{{name}}} is missing: without it nobody could {_purpose(name)}." for name in NEEDED if name not in there]
    return [*_misplaced(text, PLACEHOLDERS), *missing]


def _misplaced(text: str, allowed: tuple[str, ...]) -> Iterator[str]:
    known = ", ".join(f"{{{name}}}" for name in allowed)
    for name in dict.fromkeys(_PLACEHOLDER.findall(text)):
        if name not in allowed:
            yield f"{{{name}}} has no meaning here. Use {known}."
    if set("{}") & set(_PLACEHOLDER.sub("", text)):
        yield f"A brace stands alone. Braces are for {known}."


def _purpose(name: str) -> str:
    return "begin" if name == "link" else "stop the mails"


def standard(guide: Guide, language: str, *, reminder: bool) -> Letter:
    with speaking(language, guide):
        subject = _("Reminder: %(survey)s") if reminder else _("Invitation to an interview: %(survey)s")
        first = (
            _("Some days ago we invited you to an interview: %(survey)s. You can still take part, or finish what you began.")
            if reminder
            else _("You are invited to an interview: %(survey)s. It is held in writing, whenever it suits you.")
        )
        paragraphs = [
            _("Hello %(name)s,") % {"name": "{name}"},
            first % {"survey": "{survey}"},
            _("This link is for you alone:") + "\n{link}",
            _("If you want no more e-mails about this survey:") + "\n{opt_out}",
        ]
    return Letter(subject % {"survey": "{survey}"}, "\n\n".join(paragraphs))


def fill(text: str, values: dict[str, str]) -> str:
    """Where there is no name, the blank before it goes too: “Hello {name},” becomes “Hello,”."""
    text = text.replace("\r\n", "\n")
    if not values.get("name"):
        text = _NOBODY.sub("", text)
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def as_html(text: str, values: dict[str, str]) -> SafeString:
    """Paragraphs in which only the researcher's own addresses and the two links can be followed; a name stays text."""
    if not values.get("name"):
        text = _NOBODY.sub("", text)
    paragraphs = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip())
    return mark_safe("\n".join(f"<p>{_paragraph(each, values)}</p>" for each in paragraphs))  # noqa: S308 - each part is escaped below


def _paragraph(text: str, values: dict[str, str]) -> str:
    parts = _PLACEHOLDER.split(text)
    return "".join(_placed(part, values[part]) if odd % 2 else _written(part) for odd, part in enumerate(parts))


def _written(text: str) -> str:
    return str(urlize(text, autoescape=True)).replace("\n", "<br>\n")


def _placed(name: str, value: str) -> str:
    if name in NEEDED:
        return format_html('<a href="{0}">{0}</a>', value)
    return f"<bdi>{escape(value)}</bdi>"
