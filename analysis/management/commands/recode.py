"""Says what of a survey's results is stale and why, what coding it would cost, and does it."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from tqdm import tqdm

from analysis.forecast import Forecast, forecast
from analysis.management.commands import analyse
from analysis.models import InterviewAnalysis
from analysis.staleness import stale
from llm import model_for
from surveys.models import Survey


class Command(analyse.Command):
    help = "Says which results are out of date, by step, dimension and reason, forecasts what coding them costs, and makes them anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument("--json", action="store_true", help="print the forecast, and what became of it, as one JSON object")

    def handle(self, *args: Any, survey: str, **options: Any) -> None:
        row = Survey.objects.filter(slug=survey).first()
        if row is None:
            raise CommandError(f"There is no survey '{survey}'.")
        model = model_for("analyst").name
        ids = list(stale(row, model, failed_too=options["retry_failed"]))[: options["limit"]]
        with tqdm(total=len(ids), desc="Looking at what is stale", unit="interview") as bar:
            found = forecast(ids, model, advance=bar.update)
        as_json = options["json"]
        if not as_json:
            self.stdout.write(told(found, model))
        outcome: dict[str, Any] = {}
        if ids and not options["dry_run"]:
            quiet, self.quiet = self.quiet, as_json
            try:
                super().handle(*args, survey=survey, **options)
            finally:
                self.quiet = quiet
            done = InterviewAnalysis.objects.filter(interview__in=ids, status=InterviewAnalysis.Status.DONE).count()
            outcome = {"done": done, "not_done": len(ids) - done}
        if as_json:
            self.stdout.write(json.dumps({"survey": survey} | found.as_json(model) | outcome))


def told(found: Forecast, model: str) -> str:
    if not found.stale:
        return "Nothing is stale."
    lines = [f"{found.stale} interviews are stale for {model}."]
    lines += [f"  {name}: {_reasons(reasons)}" for name, reasons in found.steps.items()]
    if found.dimensions:
        lines.append("Dimensions:")
    for key, each in found.dimensions.items():
        counts = f"asked {each.asked}, about changed codes only {each.in_part}, carried over {each.carried}"
        lines.append(f"  {key}: {counts}{f' ({_reasons(each.reasons)})' if each.reasons else ''}")
    usd = found.usd(model)
    cost = "the model's price is not known" if usd is None else f"about {usd:.2f} US dollars"
    lines.append(f"Coding takes {found.calls} calls: {cost}, estimated from the length of the prompts.")
    return "\n".join(lines)


def _reasons(reasons: dict[str, int]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))
