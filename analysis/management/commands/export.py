"""manage.py export: writes a survey into a file, or its tables into a folder, each as the page of exports gives it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from analysis.export import archive, files, formats, manifest
from analysis.export.columns import CannotExport, Scope
from analysis.export.formats import ELSEWHERE, FORMATS
from analysis.export.tables import tables_for
from analysis.privacy.records import ExportMade
from analysis.provenance import set_aside
from surveys.models import Survey

CSV = "csv"
COMMAND_LINE = "command line"


class Command(BaseCommand):
    help = "Write a survey's interviews, turns and codings: as CSV tables into a folder, or as one file of another format with its manifest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the survey's address, as in /s/SLUG/")
        parser.add_argument("--format", default=CSV, help=f"one of: {', '.join([CSV, *FORMATS])}; default: {CSV}")
        parser.add_argument("--output", type=Path, required=True, metavar="PATH", help="the file; for csv the folder for the files, made if missing")
        parser.add_argument(
            "--for",
            dest="readers",
            choices=["team", "public"],
            default="team",
            help="team: all words, masked; public: aggregates with small counts kept back, and approved quotes",
        )
        parser.add_argument("--include-pilot", action="store_true", help="export pilot interviews too")
        parser.add_argument("--include-simulated", action="store_true", help="export simulated interviews too")
        parser.add_argument("--codebook", type=int, metavar="N", help="codings under this version of the codebook only; default: all")

    def handle(self, *args: Any, **options: Any) -> None:
        survey = Survey.objects.filter(slug=options["slug"]).first()
        if survey is None:
            raise CommandError(f"There is no survey '{options['slug']}'.")
        if options["format"] not in (CSV, *FORMATS):
            raise CommandError(
                ELSEWHERE.get(options["format"], f"There is no format '{options['format']}'. There are: {', '.join([CSV, *FORMATS])}.")
            )
        scope = _scope(survey, options)
        quiet = options["verbosity"] == 0
        try:
            said = _folder(scope, options["output"], quiet) if options["format"] == CSV else _file(scope, options["output"], options["format"], quiet)
        except CannotExport as trouble:
            raise CommandError(str(trouble)) from trouble
        except OSError as trouble:
            raise CommandError(f"Cannot write to {options['output']}: {trouble.strerror}.") from trouble
        if not scope.public and (left_out := set_aside(survey, scope.origins)):
            self.stdout.write(f"Interviews set aside by the researcher, in none of them: {left_out}.")
        self.stdout.write(said)


def _scope(survey: Survey, options: dict[str, Any]) -> Scope:
    pilot, simulated, codebook = options["include_pilot"], options["include_simulated"], options["codebook"]
    if options["readers"] == "team":
        return Scope.of(survey, pilot=pilot, simulated=simulated, codebook=codebook)
    if pilot or simulated or codebook:
        raise CommandError("Files for the public are always of the same interviews: two of different ones could be told apart by subtraction.")
    return Scope.for_outside(survey)


def _folder(scope: Scope, folder: Path, quiet: bool) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    for table in () if scope.public else tables_for(scope):
        ExportMade.objects.create(survey=scope.survey, table=table.name, by_name=COMMAND_LINE)
    with tqdm(total=archive.bundle_rows(scope), unit=" rows", disable=quiet) as bar:
        for name, pieces in archive.entries(scope, bar.update):
            bar.set_description(name)
            files.save(folder / name, pieces)
    return f"{len(tables_for(scope))} tables with their data dictionaries are in {folder}."


def _file(scope: Scope, path: Path, name: str, quiet: bool) -> str:
    if path.is_dir():
        raise CommandError(f"{path} is a folder: name a file in it, as {path / f'{scope.survey.slug}.{name}'}.")
    path.parent.mkdir(parents=True, exist_ok=True)
    form = FORMATS[name]
    if not scope.public:
        ExportMade.objects.create(survey=scope.survey, table=name, by_name=COMMAND_LINE)
    with tqdm(total=form.total(scope), desc=path.name, unit=" rows", disable=quiet) as bar:
        made = formats.make(form, scope, path, advance=bar.update)
    files.save(path.with_name(f"{path.name}.manifest.json"), (piece for piece in [manifest.written(made)]))
    return f"{path} holds {form.title}; its manifest is beside it."
