"""manage.py scorecard: how well the interviewer interviewed, over a survey, and by arm, model, prompt version, language or guide version."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.aggregates import counted_origins
from analysis.scorecard.figures import By
from analysis.scorecard.filling import fill
from analysis.scorecard.printing import as_lines, as_values
from surveys.models import Participant, Survey


class Command(BaseCommand):
    help = "Prints a survey's scorecard of the interviewer with intervals. Interviews of people are scored in their analysis, simulated ones now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--by", choices=[by.value for by in By if by], default="", help="compare them by this")
        parser.add_argument("--reference", default="", metavar="GROUP", help="compare with this group (default: the largest)")
        parser.add_argument("--simulated", action="store_true", help="simulated interviews, and no others")
        parser.add_argument("--include-pilot", action="store_true", help="pilot interviews too")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON")

    def handle(self, *args: Any, slug: str, by: str, reference: str, simulated: bool, as_json: bool, **options: Any) -> None:
        survey = Survey.objects.filter(slug=slug).first()
        if survey is None:
            raise CommandError(f"There is no survey '{slug}'.")
        fill(survey)
        origins = frozenset({Participant.Origin.SIMULATED.value}) if simulated else counted_origins(survey, pilot=options["include_pilot"])
        if as_json:
            self.stdout.write(json.dumps(as_values(survey, origins, By(by), reference), ensure_ascii=False, indent=1))
            return
        for line in as_lines(survey, origins, By(by), reference):
            self.stdout.write(line)
