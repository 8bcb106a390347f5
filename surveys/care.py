"""What a consent page says where the survey measures how answers are written, and the consent text as it is then read. Pure."""

from django.utils.translation import gettext_lazy as _

from surveys.guide import Guide
from surveys.sentences import speaking

MEASURED = _(
    "For each answer, this page counts how long it took, how many characters were typed or pasted, whether the page was left, and the kind of input. "
    "It records no keystrokes. The researchers see these counts beside your answers, as evidence and not as proof. Nothing is decided automatically."
)


def consent_text(guide: Guide, language: str, *, care: bool) -> str:
    """The survey's own consent text, and what is measured where something is."""
    consent = guide.texts[language].consent
    if not care:
        return consent
    with speaking(language, guide):
        return f"{consent}\n\n{MEASURED}"
