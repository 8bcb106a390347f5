"""One contact's mail: subject, text and HTML in their language, with the headers that let them end it at one click."""

from email.utils import formataddr, make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from surveys.guide import Guide
from surveys.invitations import wording
from surveys.invitations.models import Contact, InvitationPlan, InvitationText
from surveys.languages import best_match, direction


def not_set_up() -> str:
    """What the operator has not set, without which no e-mail can be sent; "" where all is there."""
    missing = [name for name in ("EMAIL_URL", "PUBLIC_URL") if not getattr(settings, name)]
    return f"This program is not set up for e-mail: {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set." if missing else ""


def language_of(contact: Contact, guide: Guide) -> str:
    return best_match([contact.language] if contact.language else [], list(guide.languages))


def own_words(plan: InvitationPlan, guide: Guide, language: str, *, reminder: bool) -> wording.Letter:
    """The researcher's text in this language, and the standard text for what they have left empty."""
    standard = wording.standard(guide, language, reminder=reminder)
    text = InvitationText.objects.filter(plan=plan, language=language).first() if plan.pk else None
    if text is None:
        return standard
    subject, body = (text.reminder_subject, text.reminder_body) if reminder else (text.subject, text.body)
    return wording.Letter(subject.strip() or standard.subject, body.strip() or standard.body)


def values(contact: Contact, guide: Guide) -> dict[str, str]:
    link = f"{settings.PUBLIC_URL}{contact.path}"
    stop = f"{settings.PUBLIC_URL}{reverse('surveys:stop', args=[contact.survey.slug, contact.token])}"
    return {"name": contact.name, "survey": guide.texts[language_of(contact, guide)].title, "link": link, "opt_out": stop}


def compose(contact: Contact, plan: InvitationPlan, guide: Guide, *, reminder: bool) -> EmailMultiAlternatives:
    language = language_of(contact, guide)
    letter, filled = own_words(plan, guide, language, reminder=reminder), values(contact, guide)
    html = wording.as_html(letter.body, filled)
    mail = EmailMultiAlternatives(
        subject=" ".join(wording.fill(letter.subject, filled).split()),
        body=wording.fill(letter.body, filled) + "\n",
        to=[formataddr((contact.name, contact.email))],
        reply_to=[plan.reply_to] if plan.reply_to else None,
        headers={
            "Message-ID": make_msgid(domain=urlsplit(settings.PUBLIC_URL).hostname or "localhost"),
            "Content-Language": language,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{filled['opt_out']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    page = {"language": language, "direction": direction(language), "subject": mail.subject, "html": html}
    mail.attach_alternative(render_to_string("surveys/mail.html", page), "text/html")
    return mail
