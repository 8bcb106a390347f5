"""manage.py simulate: invented people with a known truth take a survey, and a report says how much of that truth the findings hold."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from analysis.scorecard import printing
from analysis.scorecard.filling import fill
from analysis.simulated import report, survey
from analysis.simulated.coder import TruthCoder, uncoded
from analysis.simulated.recovery import recovery
from interviewer.simulation.run import simulate
from llm import Model, model_for
from llm.choose import offline_model
from surveys.models import Participant, Survey

SIMULATED = frozenset({Participant.Origin.SIMULATED.value})


class Command(BaseCommand):
    help = "Has simulated participants take a survey. Results leave them out unless asked to count them. May be run again: who is there stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--survey", required=True, metavar="SLUG")
        parser.add_argument("--interviews", type=int, default=0, metavar="N", help="simulated participants 1 to N of the seed are there in the end")
        parser.add_argument("--languages", default="", metavar="en,ar,…", help="only these of the languages that the survey offers")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="another seed makes other people (default: %(default)s)")
        parser.add_argument("--new-survey", action="store_true", help="make the survey, for simulated participants alone, if there is none")
        parser.add_argument("--processes", type=int, default=1, metavar="P", help="hold the interviews in P processes (not with --model)")
        parser.add_argument("--model", action="store_true", help="have language models ask and answer, which costs what they cost")
        parser.add_argument("--coded", action="store_true", help="code those without an analysis from their hidden truth, with errors, in its place")
        parser.add_argument(
            "--report", action="store_true", help="print how much of the hidden truth the findings hold, and the interviewer's scorecard"
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON, by theme and language")

    def handle(self, *args: Any, interviews: int, languages: str, seed: int, coded: bool, **options: Any) -> None:
        row = self._survey(options["survey"], new=options["new_survey"])
        try:
            coder = TruthCoder.of(row) if coded else None
            made = self._simulate(row, interviews, languages, seed, coder, options)
        except ValueError as problem:
            raise CommandError(str(problem)) from problem
        if coder:
            for chunk in uncoded(row):
                coder.code(chunk)
        if coded or options["report"] or options["json"]:
            fill(row)
        if options["json"]:
            values = report.as_values(recovery(row)) | {"interviewer": printing.as_values(row, SIMULATED)}
            self.stdout.write(json.dumps(values, ensure_ascii=False, indent=1))
            return
        if interviews:
            others = f" {interviews - made:,} were there before or could not be held." if made < interviews else ""
            self.stdout.write(f"{made:,} made.{others} {_counted(row)}")
        if options["report"] or coded:
            for line in (*report.as_lines(recovery(row)), "", *printing.as_lines(row, SIMULATED)):
                self.stdout.write(line)

    def _survey(self, slug: str, *, new: bool) -> Survey:
        row = Survey.objects.filter(slug=slug).first()
        if row is None and not new:
            raise CommandError(f"There is no survey '{slug}'. --new-survey makes one for simulated participants alone.")
        return row or survey.make(slug)

    def _simulate(self, row: Survey, count: int, languages: str, seed: int, coder: TruthCoder | None, options: dict[str, Any]) -> int:
        by_model: bool = options["model"]
        with tqdm(total=count, desc="Simulated interviews", unit="", disable=not count or options["verbosity"] == 0) as bar:
            return simulate(
                row,
                count=count,
                seed=seed,
                languages=[code.strip() for code in languages.split(",") if code.strip()],
                model=model_for("interviewer") if by_model else offline_model(),
                participant=_participant() if by_model else None,
                processes=options["processes"],
                then=coder.code if coder else lambda stored: None,
                on_done=bar.update,
            )


def _participant() -> Model:
    model = model_for("analyst")
    if model.name == "offline":
        raise CommandError("--model needs a language model: set ANTHROPIC_API_KEY. Without --model, people answer from a library of sentences.")
    return model


def _counted(row: Survey) -> str:
    if row.show_simulated:
        return "This survey's results count them, and say so."
    return "Results leave them out; the survey's setting “count simulated interviews” changes that."
