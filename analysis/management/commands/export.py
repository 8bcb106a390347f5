"""manage.py export: writes a survey's tables and their data dictionaries into a folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from analysis.export import files
from analysis.export.columns import Scope
from analysis.export.tables import TABLES
from analysis.privacy.records import ExportMade
from analysis.provenance import set_aside
from surveys.models import Survey


class Command(BaseCommand):
    help = "Write a survey's interviews, turns, codings and themes by country as CSV, each with its data dictionary."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the survey's address, as in /s/SLUG/")
        parser.add_argument("--format", choices=["csv"], default="csv")
        parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder for the files; made if missing")
        parser.add_argument(
            "--for", dest="readers", choices=["team", "public"], default="team", help="team: all words, masked; public: approved quotes"
        )
        parser.add_argument("--include-pilot", action="store_true", help="export pilot interviews too")
        parser.add_argument("--include-simulated", action="store_true", help="export simulated interviews too")

        parser.add_argument("--codebook", type=int, metavar="N", help="codings under this version of the codebook only; default: all")

    def handle(self, *args: Any, **options: Any) -> None:
        survey = Survey.objects.filter(slug=options["slug"]).first()
        if survey is None:
            raise CommandError(f"There is no survey '{options['slug']}'.")
        scope = Scope.of(
            survey,
            pilot=options["include_pilot"],
            simulated=options["include_simulated"],
            codebook=options["codebook"],
            public=options["readers"] == "public",
        )
        folder: Path = options["output"]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for table in TABLES.values():
                if not scope.public:
                    ExportMade.objects.create(survey=survey, table=table.name, by_name="command line")
                path = folder / f"{table.name}.csv"
                with tqdm(total=table.count(scope), desc=path.name, unit=" rows", disable=options["verbosity"] == 0) as bar:
                    files.save(path, files.table_chunks(table, scope, advance=bar.update))
                files.save(files.dictionary_path(path), files.dictionary_chunks(table))
        except OSError as trouble:
            raise CommandError(f"Cannot write to {folder}: {trouble.strerror}.") from trouble
        if left_out := set_aside(survey, scope.origins):
            self.stdout.write(f"Interviews set aside by the researcher, in none of them: {left_out}.")
        self.stdout.write(f"{len(TABLES)} tables with their data dictionaries are in {folder}.")
