"""How often the guard kept words from a participant, and why."""

from collections import Counter
from typing import NamedTuple

from interviewer.models import Interview, Turn
from surveys.models import Survey


class Interventions(NamedTuple):
    """reasons: reason → replies refused for it; a reply refused for two counts under both. refused: replies. turns: interviewer's turns."""

    reasons: Counter[str]
    refused: int
    turns: int


def interventions(of: Survey | Interview) -> Interventions:
    among = {"interview__participant__survey": of} if isinstance(of, Survey) else {"interview": of}
    turns = Turn.objects.filter(role=Turn.Role.INTERVIEWER, **among)
    replies = [reasons for refused in turns.exclude(refused=[]).values_list("refused", flat=True).iterator() for reasons in refused]
    return Interventions(Counter(reason for reasons in replies for reason in reasons), len(replies), turns.count())
