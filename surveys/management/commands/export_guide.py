"""`manage.py export_guide SLUG`: writes a guide as YAML, the published one or the draft."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveys import guide_yaml, publishing
from surveys.guide import Guide
from surveys.models import Survey


class Command(BaseCommand):
    help = "Writes a survey's guide as YAML: its current version, the version with a number, or the draft."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Every Django command has a --version of its own, Django's; here it means the guide's.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("survey", metavar="SLUG")
        parser.add_argument("--version", dest="number", metavar="N|draft", help="Default: the current version.")
        parser.add_argument("--output", metavar="FILE", help="Default: standard output.")

    def handle(self, *args: Any, **options: Any) -> None:
        survey = Survey.objects.filter(slug=options["survey"]).first()
        if survey is None:
            raise CommandError(f"There is no survey '{options['survey']}'.")
        text = guide_yaml.write(self._guide(survey, options["number"]))
        if options["output"]:
            Path(options["output"]).write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text, ending="")

    def _guide(self, survey: Survey, wanted: str | None) -> Guide:
        if wanted == "draft":
            try:
                return publishing.draft(survey)
            except publishing.DraftProblems as error:
                raise CommandError("\n".join(["The draft is no whole guide yet.", *error.problems])) from error
        if wanted is not None and not wanted.isdecimal():
            raise CommandError("--version takes a number, or the word draft.")
        version = survey.versions.filter(number=int(wanted)).first() if wanted else survey.current_version
        if version is None:
            raise CommandError(
                f"{survey.slug} has no version {wanted}." if wanted else f"{survey.slug} is not published; --version draft writes the draft."
            )
        return version.guide
