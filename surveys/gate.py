"""Whether someone who agreed to take part, and has told what is asked of them, may have an interview."""

from surveys import outcomes, quotas, screening
from surveys.guide import Guide
from surveys.models import Participant
from surveys.recruitment import Result


def turned_away(participant: Participant, guide: Guide) -> bool:
    """Screens, then takes a place in the quotas. Who is turned away has their outcome, for good."""
    if not screening.passes(guide, participant):
        outcomes.decide(participant, Result.SCREENED_OUT)
    elif not quotas.enter(participant):
        outcomes.decide(participant, Result.QUOTA_FULL)
    else:
        return False
    return True
