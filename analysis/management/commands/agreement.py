"""Prints how far coders agree, from a CSV file of their codings or from what stands in a survey."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.agreement import MINIMUM, Level, Ratings
from analysis.agreement.bootstrap import RESAMPLES, SEED
from analysis.agreement.printing import as_json, lines
from analysis.agreement.reading import Codings, Unreadable, read
from analysis.agreement.report import Report, by_group, report
from analysis.reliability.comparing import Between
from analysis.reliability.printing import as_lines, as_values, found_in
from analysis.statistics import CONFIDENCE
from surveys.models import Survey


class Command(BaseCommand):
    help = (
        "Prints percent agreement, Cohen's and Fleiss' kappa, Krippendorff's alpha and Gwet's AC1 with their 95 % intervals. "
        "Of a file with the columns unit, coder, value, which may have weight, language, country, code; or of a survey's codings."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="a CSV file in UTF-8, one coding a line; an empty value is a gap")
        parser.add_argument("--survey", default="", metavar="SLUG", help="instead of a file: what people and the model coded in a survey")
        parser.add_argument("--dimension", default="", metavar="KEY", help="of a survey: this dimension alone")
        parser.add_argument("--between", default="", choices=[str(each) for each in Between], help="of a survey: this comparison alone")
        parser.add_argument("--sample", default="", metavar="NAME", help="of a survey: this sample; default: the one with most codings")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON")
        parser.add_argument(
            "--by", action="append", default=[], metavar="COLUMN", help="also by this column; language and country are, if they are there"
        )
        parser.add_argument("--level", choices=[str(level) for level in Level], help="default: every level that the values allow")
        parser.add_argument("--order", metavar="A,B,C", help="the values from least to most, where they are not numbers")
        parser.add_argument(
            "--multiple", action="store_true", help="a coder may give a unit several values: agreement for each of them, given or not"
        )
        parser.add_argument("--minimum", type=int, default=MINIMUM, metavar="N", help=f"give no number for fewer units (default {MINIMUM})")
        parser.add_argument("--seed", type=int, default=SEED, help=f"of the resampling (default {SEED})")

    def handle(self, *args: Any, file: Path | None, survey: str, **options: Any) -> None:
        if (file is None) == (not survey):
            raise CommandError("Give a file, or --survey SLUG.")
        if file is None:
            self._of_survey(survey, **options)
        else:
            self._of_file(file, **options)

    def _of_survey(self, slug: str, *, dimension: str, between: str, sample: str, as_json: bool, **_: Any) -> None:
        survey = Survey.objects.filter(slug=slug).first()
        if survey is None:
            raise CommandError(f"There is no survey '{slug}'.")
        found = found_in(survey, dimension=dimension, between=between, sample=sample)
        if not found:
            raise CommandError("There is nothing to compare: no interview was coded twice under the codebook version in use.")
        if as_json:
            head = {"survey": slug, "confidence": CONFIDENCE, "resamples": RESAMPLES, "seed": SEED, "minimum": MINIMUM}
            self.stdout.write(json.dumps(head | {"dimensions": as_values(found)}, ensure_ascii=False, indent=2, allow_nan=False))
        else:
            self.stdout.write("\n".join(as_lines(found)).rstrip())

    def _of_file(self, file: Path, *, level: str | None, minimum: int, seed: int, **options: Any) -> None:
        if minimum < 2 or seed < 0:
            raise CommandError("--minimum is 2 or more, --seed is 0 or more.")
        try:
            codings = read(file.read_bytes(), by=options["by"], multiple=options["multiple"])
            values = options["order"].split(",") if options["order"] else codings.values
            asked = Level(level) if level else None
            tables = {code: _tables(codings, code, values, level=asked, minimum=minimum, seed=seed) for code in codings.codes}
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except Unreadable as error:
            raise CommandError(f"{file} cannot be used.\n{error}") from error
        except ValueError as error:
            raise CommandError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
        if not tables:
            raise CommandError(f"{file} holds no codings.")
        if options["as_json"]:
            head = {"file": file.name, "confidence": CONFIDENCE, "resamples": RESAMPLES, "seed": seed, "minimum": minimum}
            self.stdout.write(json.dumps(head | _json(tables), ensure_ascii=False, indent=2, allow_nan=False))
        else:
            self.stdout.write("\n".join(_text(tables)))


Tables = dict[str, dict[str, Report]]  # column ("" for all units) → group → report


def _tables(codings: Codings, code: str, values: Sequence[str] | None, **how: Any) -> Tables:
    ratings = Ratings.of(codings.of(code), values=values, weights=codings.weights)
    return {"": {"": report(ratings, **how)}} | {column: by_group(ratings, units, **how) for column, units in codings.groups.items()}


def _json(tables: dict[str, Tables]) -> dict[str, Any]:
    def one(parts: Tables) -> dict[str, Any]:
        groups = {f"by_{column}": {name: as_json(part) for name, part in members.items()} for column, members in parts.items() if column}
        return as_json(parts[""][""]) | groups

    return one(tables[""]) if set(tables) == {""} else {"codes": {code: one(parts) for code, parts in tables.items()}}


def _text(tables: dict[str, Tables]) -> list[str]:
    printed = []
    for code, parts in tables.items():
        for column, members in parts.items():
            for name, part in members.items():
                where = [f"code {code}" if code else "", f"{column} {name or '(not given)'}" if column else ""]
                title = ", ".join(filter(None, where)) or "All units"
                printed += [
                    "",
                    f"{title[:1].upper()}{title[1:]}: {part.units} units, {len(part.coders)} coders, {len(part.values)} values",
                    *lines(part),
                ]
    return printed[1:]
