"""Writes a survey's codebook as YAML, CSV or REFI-QDA."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.exchange import formats
from analysis.models import CodebookVersion


class Command(BaseCommand):
    help = "Writes a survey's codebook as YAML, CSV or REFI-QDA (.qdc), to a file or to the screen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--survey", required=True, metavar="SLUG")
        parser.add_argument("--version-number", type=int, metavar="N", help="default: the newest")
        parser.add_argument("--format", choices=list(formats.CONTENT_TYPES), help="default: what the name of the output ends in, else yaml")
        parser.add_argument("--output", type=Path, metavar="FILE")

    def handle(self, *args: Any, survey: str, version_number: int | None, output: Path | None, **options: Any) -> None:
        versions = CodebookVersion.objects.filter(survey__slug=survey)
        version = (versions.filter(number=version_number) if version_number else versions).order_by("-number").first()
        if version is None:
            raise CommandError(f"There is no such codebook of a survey '{survey}'.")
        ends_in = output.suffix.removeprefix(".").lower() if output else ""
        form = options["format"] or (ends_in if ends_in in formats.CONTENT_TYPES else "yaml")
        text = formats.write(form, version.document, of=survey)
        if output is None:
            self.stdout.write(text, ending="")
        else:
            output.write_text(text, encoding="utf-8", newline="")
