"""Language by language: how many chose it, how many were found to write in it, and where what was said does not match."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from interviewer.models import Interview
from interviewer.monitor.interviews import Group
from interviewer.monitor.scope import Scope
from interviewer.spoken import FLAGS, UNKNOWN, SpokenLanguage
from interviewer.switching import LanguageChange
from surveys.languages import name


@dataclass
class Row:
    """held: interviews held in the language, of which `read` have been read by the analysis. The three flags are of those.

    written: interviews whose participant was found to write in it, whatever they chose; changed: interviews changed to it midway.
    """

    label: str
    held: int = 0
    read: int = 0
    written: int = 0
    writes_other: int = 0
    browser_other: int = 0
    interviewer_other: int = 0
    changed: int = 0


def by_language(scope: Scope, groups: Collection[Group]) -> tuple[Row, ...]:
    """The most held first."""
    rows: defaultdict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for group in groups:
        rows[group.language]["held"] += group.n
    flags = {flag: Count("pk", filter=Q(**{flag: True})) for flag in FLAGS}
    read = SpokenLanguage.objects.filter(interview__in=_interviews(scope)).values_list("interview__language", "detected")
    for held_in, written, n, *flagged in read.annotate(n=Count("pk"), **flags).order_by():
        rows[held_in]["read"] += n
        for flag, count in zip(FLAGS, flagged, strict=True):
            rows[held_in][flag] += count
        if written != UNKNOWN:
            rows[written]["written"] += n
    changes = LanguageChange.objects.filter(interview__in=_interviews(scope)).values_list("to_language")
    for code, n in changes.annotate(n=Count("interview", distinct=True)).order_by():
        rows[code]["changed"] += n
    made = [Row(name(code), **counts) for code, counts in rows.items()]
    return tuple(sorted(made, key=lambda row: (-row.held, row.label)))


def _interviews(scope: Scope) -> Any:
    found = Interview.objects.filter(participant__survey=scope.survey, participant__origin__in=scope.origins)
    return found if scope.version is None else found.filter(guide_version__number=scope.version)
