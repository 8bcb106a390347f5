"""The beginning of an interview: its arm and the order of its questions, assigned once and kept."""

from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from interviewer.models import Interview
from surveys import routing
from surveys.guide import Guide
from surveys.models import GuideVersion, Participant, Survey


class Assigned(NamedTuple):
    """What an interview keeps of its route. arm: empty where the guide has none. order: empty where it is the guide's own."""

    arm: str
    order: list[str]


def assigned(guide: Guide, *, seed: str, number: int) -> Assigned:
    """The route of the `number`-th interview (from 0) under this seed. Pure."""
    arm = routing.arm(guide, seed=seed, number=number)
    order = routing.order(guide, arm, seed=seed, number=number)
    written = tuple(question.key for question in guide.questions)
    return Assigned(arm.key if arm else "", [] if order == written else list(order))


def seed_of(survey: Survey, version: GuideVersion) -> str:
    return f"{survey.slug}:{version.sha256}"


def begin(participant: Participant, version: GuideVersion) -> Interview:
    """The participant's interview, begun now if it was not. Interviews of a survey are numbered by the database, so arms stay balanced in a rush."""
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=participant.survey_id)
        if interview := Interview.objects.filter(participant=participant).first():
            return interview
        number = survey.interviews_begun
        if version.preview:
            number = version.interviews.count()  # previews see the arms by turns and leave the balance alone
        else:
            Survey.objects.filter(pk=survey.pk).update(interviews_begun=F("interviews_begun") + 1)
        route = assigned(version.guide, seed=seed_of(survey, version), number=number)
        return Interview.objects.create(
            participant=participant,
            guide_version=version,
            language=participant.language,
            arm=route.arm,
            order=route.order,
        )
