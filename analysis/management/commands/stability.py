"""manage.py stability: does the model agree with itself? A drawn sample is coded several times; nothing that is counted changes."""

import json
from argparse import ArgumentParser
from shlex import quote
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from analysis.reliability.both_ways import codes_both_ways
from analysis.reliability.comparing import Between
from analysis.reliability.printing import as_lines, as_values, found_in
from analysis.stability import queueing, running
from analysis.stability.comparable import counted
from analysis.stability.forecast import Forecast
from analysis.stability.records import StabilityCheck
from analysis.stability.wordings import REWORDINGS, Wording
from surveys.models import Survey

WORDINGS = {each.value: each for each in (Wording.STANDARD, *REWORDINGS)}


class Command(BaseCommand):
    help = (
        "Codes a drawn sample again and again, beside what is counted, and goes on where it stopped. `agreement --between runs` prints the figures."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--survey", required=True, metavar="SLUG")
        parser.add_argument("--name", default="stability", help="of the check; one that exists is gone on with")
        parser.add_argument("--interviews", type=int, default=50, metavar="N", help="how many are drawn (default 50)")
        parser.add_argument("--runs", type=int, default=3, metavar="K", help="how often the same question is put (default 3)")
        parser.add_argument(
            "--wordings", default=Wording.STANDARD.value, metavar="A,B", help=f"one run more of each after the first: {', '.join(WORDINGS)}"
        )
        parser.add_argument("--both-ways", action="store_true", help="also from what people said and from its translation; alone with --runs 0")
        parser.add_argument("--models", default="", metavar="A,B", help="the first instead of the analysis model, then one run of each other")
        parser.add_argument("--seed", type=int, default=1, help="of the draw (default 1)")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the comparison of both ways as JSON, and nothing else")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--forecast", action="store_true", help="print what it will cost, and do nothing")
        how.add_argument("--queue", action="store_true", help="hand it to the workers")

    def handle(self, *args: Any, survey: str, name: str, **options: Any) -> None:
        row = Survey.objects.filter(slug=survey).first()
        if row is None:
            raise CommandError(f"There is no survey '{survey}'.")
        check = StabilityCheck.objects.filter(survey=row, name=name).first()
        if check is None:
            check = self._begun(row, name, **options)
        if check is None:
            return
        if options["queue"]:
            queueing.hand_over(check.pk)
            self.stdout.write(f"Check “{name}” is handed to the workers.")
            return
        left = running.missing(check)
        with tqdm(total=len(left), desc=f"Check “{name}”", unit="coding") as bar:
            running.go_on(check, portion=None, on_done=bar.update)
        self._report(check, as_json=options["as_json"])

    def _begun(self, survey: Survey, name: str, **options: Any) -> StabilityCheck | None:
        try:
            wordings = [WORDINGS[each] for each in options["wordings"].split(",")]
        except KeyError as error:
            raise CommandError(f"The wordings are {', '.join(WORDINGS)}.") from error
        runs = running.runs_of(options["models"].split(","), wordings, options["runs"], both_ways=options["both_ways"])
        interviews, _ = running.drawn(survey, options["interviews"], options["seed"])
        if options["forecast"] or not options["as_json"]:
            self.stdout.write(worded(running.planned(survey, interviews, runs)))
        if options["forecast"]:
            return None
        try:
            return running.begin(survey, name=name, size=options["interviews"], seed=options["seed"], runs=runs)
        except running.Refused as error:
            raise CommandError(str(error)) from error

    def _report(self, check: StabilityCheck, *, as_json: bool) -> None:
        check.refresh_from_db()
        left = len(running.missing(check))
        if check.status != StabilityCheck.Status.DONE:
            raise CommandError(f"{left} codings are left: {check.reason or 'another process is at it'}. Run it again to go on.")
        found = found_in(check.survey, between=Between.BOTH_WAYS, sample=check.name) if codes_both_ways(check) else {}
        if as_json:
            values = {"survey": check.survey.slug, "check": check.name, "left_out": counted(check), "dimensions": as_values(found)}
            self.stdout.write(json.dumps(values, ensure_ascii=False, indent=2, allow_nan=False))
            return
        if found:
            self.stdout.write("\n".join(as_lines(found)))
        self.stdout.write(f"Done. manage.py agreement --survey {check.survey.slug} --between runs --sample {quote(check.name)} prints the figures.")


def worded(expected: Forecast) -> str:
    if expected.cost is None:
        return f"{expected.calls} calls; the model's price is not known."
    basis = "by what such calls have cost in this survey" if expected.seen else "by the length of the prompts"
    left = "" if expected.left is None else f"; ${expected.left:.2f} of the budget are left"
    return f"{expected.calls} calls, about ${expected.cost:.2f}, {basis}{left}."
