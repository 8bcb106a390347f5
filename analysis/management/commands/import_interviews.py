"""Brings interviews held elsewhere into a survey, and hands them to the analysis."""

import csv
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from analysis import publishing as codebooks
from analysis import queueing
from interviewer import importing, imports
from interviewer.importing import Stored, Target
from interviewer.imports import Problem, Record
from surveys import guide_yaml
from surveys import publishing as guides
from surveys.models import Survey

DEMO_GUIDE = Path(guides.__file__).parent / "demo" / "guide.yaml"
SHOWN = 50


class Command(BaseCommand):
    help = (
        "Imports interviews from CSV: transcripts (columns transcript_id, text; turns begin with AI:, Assistant: or User:), "
        "or one answer a row (--text COLUMN). Rows that cannot be read are reported by line; the rest is imported once, however often it is run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--survey", required=True, metavar="SLUG")
        parser.add_argument("--create", action="store_true", help="make the survey, from the demonstration guide and codebook, if it does not exist")
        parser.add_argument("--text", default="", metavar="COLUMN", help="one answer a row: the column that holds it")
        parser.add_argument("--id", default="", metavar="COLUMN", help="the column that tells participants apart")
        parser.add_argument("--question", default="", metavar="KEY", help="one answer a row: the guide question that was answered")
        parser.add_argument("--country", default="", metavar="COLUMN", help="two-letter codes or English names")
        parser.add_argument("--language", default="", metavar="COLUMN", help="language codes")
        parser.add_argument("--language-code", default="", metavar="CODE", help="the language of rows that name none; default: the survey's first")
        parser.add_argument("--limit", type=int, metavar="N", help="at most N rows")
        parser.add_argument("--errors", type=Path, metavar="FILE.csv", help="write the rows that could not be read, and why, to a file")

    def handle(self, *args: Any, file: Path, survey: str, create: bool, limit: int | None, errors: Path | None, **options: Any) -> None:
        target = _target(survey, create, options["language_code"], options["question"])
        total = Stored()
        try:
            with _opened(file) as source, tqdm(total=file.stat().st_size, desc=f"Importing {file.name}", unit="B", unit_scale=True) as bar:
                for part in _import(source, target, limit, options):
                    total.imported += part.imported
                    total.already += part.already
                    total.problems += part.problems
                    bar.update(source.buffer.tell() - bar.n)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except imports.WrongColumns as error:
            raise CommandError(str(error)) from error
        self._report(total, errors, survey)

    def _report(self, total: Stored, errors: Path | None, survey: str) -> None:
        problems = sorted(total.problems, key=lambda problem: problem.line)
        for problem in problems[:SHOWN]:
            self.stderr.write(f"Line {problem.line}: {problem.why}.")
        if len(problems) > SHOWN:
            self.stderr.write(f"… and {len(problems) - SHOWN} more; --errors FILE.csv writes all of them.")
        if errors:
            with errors.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([("line", "problem"), *((problem.line, problem.why) for problem in problems)])
        self.stdout.write(f"{total.imported} imported, {total.already} imported before, {len(problems)} not read.")
        if total.imported:
            self.stdout.write(f"The workers analyse them; without workers: manage.py analyse --survey {survey}")


def _target(slug: str, create: bool, language: str, question: str) -> Target:
    survey = Survey.objects.filter(slug=slug).first()
    if survey is None and not create:
        raise CommandError(f"There is no survey '{slug}'. Make it in the admin, or add --create for one like the demonstration.")
    survey = survey or _demonstration(slug)
    version = survey.current_version
    if version is None:
        raise CommandError(f"The guide of '{slug}' is not published yet. Publish it in the admin: interviews point to the guide they followed.")
    guide = version.guide
    if question and question not in (keys := [each.key for each in guide.questions]):
        raise CommandError(f"The guide has no question '{question}'. It has: {', '.join(keys)}.")
    try:
        declared = imports.language_code(language) if language else guide.languages[0]
    except imports.Unreadable as error:
        raise CommandError(f"--language-code: {error}.") from error
    return Target(survey, version, guide, declared)


def _demonstration(slug: str) -> Survey:
    survey = guides.load(guide_yaml.read(DEMO_GUIDE.read_bytes()), slug=slug)
    guides.publish(survey)
    codebooks.save_version(survey, codebooks.read(codebooks.HOPES_AND_FEARS.read_bytes()))
    return survey


def _opened(file: Path) -> TextIO:
    # Bytes that are not UTF-8 come through as lone surrogates, so that only their row is refused.
    return file.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def _import(source: TextIO, target: Target, limit: int | None, options: dict[str, Any]) -> Iterator[Stored]:
    """Stores a chunk of rows at a time, and hands those to the analysis."""
    rows = imports.rows(source)
    _, header = next(rows, (1, []))
    wanted = {name: options[name] for name in ("text", "id", "question", "country", "language")}
    read = islice(imports.records(rows, header, imports.columns(header, **wanted)), limit)
    while chunk := list(islice(read, importing.CHUNK)):
        stored = importing.store([each for each in chunk if isinstance(each, Record)], target)
        stored.problems += [each for each in chunk if isinstance(each, Problem)]
        queueing.hand_over(stored.changed)
        yield stored
