"""What of a survey's fieldwork wants a person's eye: safety alerts that nobody has seen, questions that participants reported."""

from dataclasses import dataclass

from django.db.models import Count

from interviewer.flags import Flag
from interviewer.monitor.scope import Scope
from interviewer.safety.models import SafetyAlert


@dataclass(frozen=True)
class Safety:
    """open, alerts: of all origins, since people in need are never left out. flagged: (question, reports), the most reported first."""

    open: int
    alerts: int
    flags: int
    flagged: tuple[tuple[str, int], ...]


def safety(scope: Scope) -> Safety:
    alerts = SafetyAlert.objects.filter(interview__participant__survey=scope.survey)
    flags = Flag.objects.filter(turn__interview__participant__survey=scope.survey, turn__interview__participant__origin__in=scope.origins)
    if scope.version is not None:
        flags = flags.filter(turn__interview__guide_version__number=scope.version)
    grouped = flags.order_by().values_list("turn__discussed", "turn__question_key").annotate(n=Count("pk"))
    counts: dict[str, int] = {}
    for discussed, put, n in grouped:
        counts[put or discussed] = counts.get(put or discussed, 0) + n
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    found = alerts.aggregate(every=Count("pk"), seen=Count("seen_at"))
    return Safety(open=found["every"] - found["seen"], alerts=found["every"], flags=sum(counts.values()), flagged=tuple(ordered))
