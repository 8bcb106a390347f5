"""manage.py prevalence: how many people hold each theme, as the model says and corrected by what people coded."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.prevalence.printing import as_lines, as_values, every_dimension
from analysis.statistics import CONFIDENCE
from surveys.models import Survey


class Command(BaseCommand):
    help = "Prints the raw and the corrected prevalence of a survey's themes with 95 % intervals, method, assumptions and n."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--survey", required=True, metavar="SLUG")
        parser.add_argument("--by", choices=["country"], default="", help="by country too")
        parser.add_argument("--dimension", default="", metavar="KEY", help="this dimension alone")
        parser.add_argument("--sample", default="", metavar="NAME", help="default: of each dimension the sample in which people coded most")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON")

    def handle(self, *args: Any, survey: str, by: str, dimension: str, sample: str, as_json: bool, **options: Any) -> None:
        row = Survey.objects.filter(slug=survey).first()
        if row is None:
            raise CommandError(f"There is no survey '{survey}'.")
        found = every_dimension(row, dimension=dimension, sample=sample, by_country=bool(by))
        if not found:
            raise CommandError(f"The codebook has no dimension '{dimension}'." if dimension else "The survey has no codebook yet.")
        if as_json:
            head = {"survey": survey, "confidence": CONFIDENCE, "dimensions": as_values(found)}
            self.stdout.write(json.dumps(head, ensure_ascii=False, indent=2, allow_nan=False))
        else:
            self.stdout.write("\n".join(as_lines(found)).rstrip())
