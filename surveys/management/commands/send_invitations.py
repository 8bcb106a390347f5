"""`manage.py send_invitations SLUG`: lets a survey's invitations go, and sends what a minute allows of what is due."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Max
from django.utils import timezone

from surveys.invitations import due, letters, sending
from surveys.invitations.models import Contact, InvitationPlan, Mailing
from surveys.models import Survey


class Command(BaseCommand):
    help = "Sends the invitations and reminders of a survey that are due. Running it twice sends nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("survey", metavar="SLUG")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be sent, and send nothing.")

    def handle(self, *args: Any, survey: str, dry_run: bool, **options: Any) -> None:
        row, now = Survey.objects.filter(slug=survey).first(), timezone.now()
        if row is None:
            raise CommandError(f"There is no survey '{survey}'.")
        plan = due.plan_of(row)
        if why := letters.not_set_up() or due.standstill(row, plan, now):
            raise CommandError(f"Nothing is sent. {why}")
        waiting = due.not_released(row)
        if dry_run:
            self._would_send([*due.due(row, plan, now), *(due.Due(pk, 0) for pk in waiting.values_list("pk", flat=True))])
            return
        due.release(row, now, up_to=waiting.aggregate(last=Max("pk"))["last"] or 0)
        self._send(row, plan)

    def _send(self, row: Survey, plan: InvitationPlan) -> None:
        attempts = sending.send_due(row)
        for attempt in attempts:
            verdict = Mailing.Outcome(attempt.verdict.outcome).label
            self.stdout.write(f"{attempt.contact.who}: {_step(attempt.step)}: {verdict.lower()} {attempt.verdict.reason}".rstrip())
        left = len(due.due(row, plan, timezone.now()))
        later = f" {left} more are due: a worker sends them, {settings.INVITATIONS_PER_MINUTE} a minute, or this command, run again." if left else ""
        sent = sum(attempt.verdict.outcome == Mailing.Outcome.SENT for attempt in attempts)
        self.stdout.write(f"{sent} {'mail' if sent == 1 else 'mails'} sent.{later}")

    def _would_send(self, found: list[due.Due]) -> None:
        contacts = Contact.objects.in_bulk([each.contact_id for each in found])
        for each in found:
            self.stdout.write(f"{contacts[each.contact_id].who}: {_step(each.step)}")
        self.stdout.write(f"{len(found)} mails would be sent.")


def _step(step: int) -> str:
    return f"reminder {step}" if step else "invitation"
