"""What an attempt to send a mail came to: sent, to be tried again, failed for good, or nobody knows. Pure."""

import smtplib
from dataclasses import dataclass
from datetime import timedelta

from surveys.invitations.models import Mailing

Outcome = Mailing.Outcome
# The waits after the first attempts; when none is left, the last failure is final.
WAITS = [timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4), timedelta(hours=12), timedelta(hours=24)]


@dataclass(frozen=True)
class Verdict:
    """trouble: the server or our own sender, not this mail: whatever comes next would fail too."""

    outcome: str
    reason: str = ""
    address_refused: bool = False
    trouble: bool = False


SENT = Verdict(Outcome.SENT)
UNWRITABLE = Verdict(Outcome.FAILED, "cannot-be-written")


def judge(error: Exception) -> Verdict:
    """The reason is a code, never the server's words: they name addresses."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code = max(reply[0] for reply in error.recipients.values())
            return (
                Verdict(Outcome.FAILED, _smtp(code), address_refused=True)
                if code >= 500
                else Verdict(Outcome.LATER, _smtp(code), trouble=code == 421)
            )
        case smtplib.SMTPSenderRefused() | smtplib.SMTPAuthenticationError() | smtplib.SMTPConnectError() | smtplib.SMTPHeloError():
            return Verdict(Outcome.LATER, _smtp(error.smtp_code), trouble=True)
        case smtplib.SMTPResponseException():
            code = error.smtp_code
            return Verdict(Outcome.FAILED, _smtp(code)) if code >= 500 else Verdict(Outcome.LATER, _smtp(code), trouble=code == 421)
        case smtplib.SMTPNotSupportedError():
            return UNWRITABLE
        case OSError():
            # The line broke, maybe after the server had taken the mail: to send it again could be to send it twice.
            return Verdict(Outcome.UNKNOWN, "connection-lost", trouble=True)
        case _:
            return UNWRITABLE


def wait(attempts: int) -> timedelta | None:
    """How long to wait after this many attempts; None where it has been tried often enough."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None


def _smtp(code: int) -> str:
    return f"smtp-{code}"
