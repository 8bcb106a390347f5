"""Reads a codebook from a file into a survey."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis import publishing
from analysis.exchange import formats
from surveys.models import Survey


class Command(BaseCommand):
    help = "Makes the codebook in a YAML, CSV or REFI-QDA (.qdc) file the survey's next codebook version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="its name ends in .yaml, .csv or .qdc; analysis/codebooks/hopes-and-fears.yaml is one")
        parser.add_argument("--survey", required=True, metavar="SLUG")

    def handle(self, *args: Any, file: Path, survey: str, **options: Any) -> None:
        row = Survey.objects.filter(slug=survey).first()
        if row is None:
            raise CommandError(f"There is no survey '{survey}'.")
        try:
            version = publishing.save_version(row, formats.read(file.name, file.read_bytes()))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except publishing.CodebookError as error:
            raise CommandError(f"{file} is no codebook.\n{error}") from error
        self.stdout.write(f"{version} is in use. `manage.py analyse --survey {survey}` codes the interviews with it.")
