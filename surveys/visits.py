"""What a browser's session remembers of its visits: which interview it began in which survey, and whether that is over."""

from dataclasses import dataclass

from django.http import HttpRequest

from surveys.models import Participant, Survey

_KEY = "visits"


@dataclass(frozen=True)
class Visit:
    token: str
    finished: bool


def remember(request: HttpRequest, participant: Participant, *, finished: bool = False) -> None:
    if participant.origin == Participant.Origin.PREVIEW:  # nobody's visit: the next preview begins anew
        return
    visits = request.session.get(_KEY, {})
    request.session[_KEY] = {**visits, str(participant.survey_id): {"token": participant.token, "finished": finished}}


def forget(request: HttpRequest, survey: Survey) -> None:
    visits = request.session.get(_KEY, {})
    if str(survey.pk) in visits:
        request.session[_KEY] = {key: visit for key, visit in visits.items() if key != str(survey.pk)}


def recall(request: HttpRequest, survey: Survey) -> Visit | None:
    visit = request.session.get(_KEY, {}).get(str(survey.pk))
    if visit is None or not Participant.objects.filter(token=visit["token"], survey=survey).exists():
        return None
    return Visit(visit["token"], visit["finished"])
