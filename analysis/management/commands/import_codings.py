"""manage.py import_codings: takes tags that people gave elsewhere as a person's codings of a sample."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError
from pydantic import ValidationError

from analysis.by_hand import elsewhere
from analysis.by_hand.elsewhere import TagCodes
from analysis.sampling.records import CodingSample
from surveys.models import Survey


class Command(BaseCommand):
    help = "Takes tags from a CSV file, by a mapping to codes with reasons, as a person's codings of imported interviews: a sample to measure by."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--survey", required=True, metavar="SLUG")
        parser.add_argument("--mapping", type=Path, required=True, metavar="FILE.yaml", help="which tags stand for which code; see docs/real-data")
        parser.add_argument("--id", required=True, metavar="COLUMN", help="the participant's id, as the interviews were imported with")
        parser.add_argument("--tags", required=True, metavar="PREFIX", help="columns whose names begin so hold a tag each")
        parser.add_argument("--sample", required=True, metavar="NAME", help="what the sample will be called")
        parser.add_argument("--coder", default="tags", metavar="NAME", help="who is named as the coder (default tags)")
        parser.add_argument("--units", type=int, default=0, metavar="N", help="draw N of them at random; default: all")
        parser.add_argument("--seed", type=int, default=1, help="of the draw (default 1)")

    def handle(self, *args: Any, file: Path, survey: str, mapping: Path, sample: str, **options: Any) -> None:
        row = Survey.objects.filter(slug=survey).first()
        codebook = row.codebooks.first() if row else None
        if row is None or codebook is None:
            raise CommandError(f"There is no survey '{survey}' with a codebook.")
        if CodingSample.objects.filter(survey=row, name=sample).exists():
            raise CommandError(f"There is a sample “{sample}” already.")
        try:
            codes = TagCodes.model_validate(yaml.safe_load(mapping.read_text(encoding="utf-8")))
            dimension = elsewhere.dimension_of(codes, codebook.document)
            rows = _rows(file, options["id"], options["tags"])
        except (OSError, ValidationError, ValueError, yaml.YAMLError) as error:
            raise CommandError(f"This cannot be used: {error}") from error
        found = elsewhere.read(row, codes, dimension, rows)
        if not found.given:
            raise CommandError("No row has a tag that stands for a code and an interview that was imported.")
        how = {"coder": options["coder"], "units": options["units"], "seed": options["seed"]}
        kept = elsewhere.keep(row, codebook, dimension.key, found.given, name=sample, **how)
        several = f"{found.several} with several where the codebook takes one"
        left = f"{found.without} without a tag that stands for a code, {several}, {found.missing} missing here"
        self.stdout.write(f"{kept.units.count()} of {len(found.given)} interviews are in the sample “{sample}”. Left out: {left}.")


def _rows(file: Path, key: str, prefix: str) -> dict[str, list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as source:
        reader = csv.DictReader(source)
        columns = [name for name in reader.fieldnames or () if name.startswith(prefix)]
        if key not in (reader.fieldnames or ()) or not columns:
            raise ValueError(f"the file has no column '{key}', or none that begins with '{prefix}'")
        return {row[key].strip(): [row[column].strip() for column in columns if row[column]] for row in reader}
