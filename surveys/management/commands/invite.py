"""`manage.py invite SLUG FILE.csv`: takes contacts in from a file. Sends nothing."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveys.invitations import files, storing
from surveys.models import Survey


class Command(BaseCommand):
    help = "Adds the contacts of a CSV file (email,name,language,external_id) to a survey. Sends nothing: send_invitations does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("survey", metavar="SLUG")
        parser.add_argument("file", metavar="FILE", help="The contacts; - reads standard input.")
        parser.add_argument("--source", default="", help="A note on where they are from.")

    def handle(self, *args: Any, survey: str, file: str, source: str, **options: Any) -> None:
        row = Survey.objects.filter(slug=survey).first()
        if row is None:
            raise CommandError(f"There is no survey '{survey}'.")
        try:
            rows = files.read(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except files.NotContacts as why:
            raise CommandError(f"Nobody was added. {why}") from why
        stored = storing.store(row, rows, source=source[:200])
        for problem in stored.problems:
            self.stderr.write(str(problem))
        self.stdout.write(f"{stored} Nobody has been written to: manage.py send_invitations {survey}")
