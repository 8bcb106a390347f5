"""How often the model changes its mind: the runs of a check as coders, compared all together and by what differs between them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max

from analysis.agreement import Flips, flips
from analysis.codebook import Dimension
from analysis.material import digest
from analysis.reliability.comparing import Unit, ratings
from analysis.sampling.labels import Codes
from analysis.stability.records import RunCoding, StabilityCheck, StabilityRun
from analysis.stability.wordings import Wording

WORDED = {
    Wording.STANDARD: "the standard prompt",
    Wording.REVERSED: "codes in reverse order",
    Wording.REWORDED: "the prompt reworded",
    Wording.ORIGINAL: "from the original",
    Wording.TRANSLATION: "from the translation",
}
WHERE = ("interview_id", "interview__language", "interview__participant__country", "run_id", "codes")


@dataclass(frozen=True)
class FlipRow:
    name: str
    runs: int
    flips: Flips


def fingerprint(check: StabilityCheck) -> str:
    codings = RunCoding.objects.filter(run__stability_check=check, interview__set_aside__isnull=True).aggregate(n=Count("pk"), newest=Max("pk"))
    return digest([check.pk, codings["n"], codings["newest"]])


def units(check: StabilityCheck, dimension: str, runs: Sequence[StabilityRun] | None = None) -> tuple[Unit, ...]:
    """Interviews that two or more of the runs coded in the dimension. Each had the same chance of being drawn."""
    names = {run.pk: name_of(run) for run in (check.runs.all() if runs is None else runs)}
    given: dict[tuple[int, tuple[str, str]], dict[str, Codes]] = defaultdict(dict)
    codings = RunCoding.objects.filter(run__in=names, interview__set_aside__isnull=True, error="").order_by("interview_id", "run__number")
    for interview, language, country, run, codes in codings.values_list(*WHERE):
        if dimension in codes:
            given[interview, (language, country)][names[run]] = frozenset(codes[dimension])
    return tuple(Unit(interview, where, 1.0, coders) for (interview, where), coders in given.items() if len(coders) > 1)


def name_of(run: StabilityRun) -> str:
    return f"run {run.number}: {WORDED[Wording(run.wording)]}{f', {run.model}' if run.model else ''}"


def compared(check: StabilityCheck) -> dict[str, list[StabilityRun]]:
    """What is compared: the first run with its repetitions, with each other wording, with each other model."""
    runs = list(check.runs.all())
    first = runs[0]
    found: dict[str, list[StabilityRun]] = {}
    for run in runs:
        if (run.model, run.wording) == (first.model, first.wording):
            found.setdefault("the same question again", []).append(run)
        elif run.model == first.model:
            found[f"{WORDED[Wording(first.wording)]} × {WORDED[Wording(run.wording)]}"] = [first, run]
        else:
            found[f"{first.model or 'the analysis model'} × {run.model}"] = [first, run]
    return {name: members for name, members in found.items() if len(members) > 1}


def flip_rows(check: StabilityCheck, dimension: Dimension, code: str) -> tuple[FlipRow, ...]:
    return tuple(_row(name, units(check, dimension.key, runs), len(runs), dimension, code) for name, runs in compared(check).items())


def _row(name: str, rows: Sequence[Unit], runs: int, dimension: Dimension, code: str) -> FlipRow:
    return FlipRow(name, runs, flips(ratings(rows, dimension, code)))
