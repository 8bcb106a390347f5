"""Who stands at a survey's door: with which panel's id, as a researcher looking around, or with a link that opens nothing."""

from django.http import HttpRequest

from surveys import panels
from surveys.models import Participant, Survey
from surveys.panels import BadLink, Ids
from surveys.recruitment import Panel


def ids(request: HttpRequest, survey: Survey) -> Ids | None:
    """The panel's ids in the link; None where the survey has no panel, or a researcher looks around. Raises BadLink."""
    panel = Panel.objects.filter(survey=survey).first()
    looking_around = request.user.is_staff
    if panel is None:
        if survey.one_entry == Survey.OneEntry.EXTERNAL_ID and not looking_around:
            raise BadLink("id")
        return None
    try:
        return panels.read(panel.parameters, dict(request.GET.lists()))
    except panels.Unexpanded as unexpanded:
        if looking_around:
            return None
        raise BadLink(str(unexpanded)) from unexpanded
    except BadLink:
        if looking_around and panel.parameters.id not in request.GET:
            return None
        raise


def needs_an_id(survey: Survey) -> bool:
    return survey.one_entry == Survey.OneEntry.EXTERNAL_ID or Panel.objects.filter(survey=survey).exists()


def looks_around(request: HttpRequest, survey: Survey, came_with: Ids | None) -> bool:
    """Whether a researcher tries out a survey that only a panel's people may enter: such an interview is a pilot."""
    return came_with is None and request.user.is_staff and Panel.objects.filter(survey=survey).exists()


def known(survey: Survey, came_with: Ids) -> Participant | None:
    """Who came with this id before and answered the consent text."""
    return Participant.objects.filter(survey=survey, external_id=came_with.id, consent__isnull=False).first()
