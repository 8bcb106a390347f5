"""Outcomes: decided once, and the way back to the panel that follows from them."""

from surveys.models import Participant
from surveys.panels import Ids
from surveys.recruitment import Arrival, Outcome, Panel, Result

TURNED_AWAY = (Result.SCREENED_OUT, Result.QUOTA_FULL, Result.TIMED_OUT, Result.DECLINED)


def decide(participant: Participant, result: str) -> str:
    """The participant's outcome: `result`, or what was decided before. Of several who decide at once, the database takes one."""
    Outcome.objects.bulk_create([Outcome(participant_id=participant.pk, result=result)], ignore_conflicts=True)
    return Outcome.objects.values_list("result", flat=True).get(participant=participant.pk)


def of(participant: Participant) -> str | None:
    return Outcome.objects.filter(participant=participant.pk).values_list("result", flat=True).first()


def way_back(participant: Participant, result: str | None = None) -> str:
    """The panel's address for the participant's outcome (or for `result`); "" where there is no panel, outcome or address."""
    result = result or of(participant)
    arrival = Arrival.objects.filter(participant=participant.pk).first()
    panel = Panel.objects.filter(survey=participant.survey_id).first() if arrival and result else None
    if not (panel and arrival and result):
        return ""
    return panel.way_back(result, Ids(participant.external_id, arrival.session, arrival.study))
