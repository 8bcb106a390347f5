"""`manage.py import_guide FILE --survey SLUG`: creates a survey from a guide in YAML, or replaces the draft of one."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from surveys import guide_yaml, publishing
from surveys.guide import Guide
from surveys.models import Survey


class Command(BaseCommand):
    help = "Creates a survey from a guide in YAML, or replaces the draft of the survey that has the slug. Published versions stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="The guide; - reads standard input.")
        parser.add_argument("--survey", required=True, metavar="SLUG", help="The survey's slug.")
        parser.add_argument("--publish", action="store_true", help="Publish the draft as the next version.")
        parser.add_argument("--status", choices=Survey.Status.values, help="Set the survey's status.")

    def handle(self, *args: Any, **options: Any) -> None:
        guide, slug = self._read(options["file"]), options["survey"]
        try:
            with transaction.atomic():
                survey = publishing.load(guide, slug=slug)
                done = [f"The draft of {slug} holds {len(guide.questions)} questions in {len(guide.languages)} languages."]
                if options["publish"]:
                    done.append(f"Version {publishing.publish(survey).number} is published.")
                if options["status"]:
                    self._set_status(survey, options["status"])
                    done.append(f"The survey is {survey.get_status_display().lower()}.")
        except publishing.DraftProblems as error:
            raise CommandError("\n".join(["Nothing was imported.", *error.problems])) from error
        self.stdout.write("\n".join(done))

    def _read(self, file: str) -> Guide:
        try:
            return guide_yaml.read(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except guide_yaml.GuideError as error:
            raise CommandError("\n".join([f"{file} holds no guide. Nothing was imported.", *error.problems])) from error

    def _set_status(self, survey: Survey, status: str) -> None:
        if problem := publishing.status_problem(survey, status):
            raise publishing.DraftProblems([problem])
        survey.status = status
        survey.save(update_fields=["status"])
