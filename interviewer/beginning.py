"""The beginning of an interview: its arm and the order of its questions, assigned once and kept."""

from django.db import transaction
from django.db.models import F

from interviewer.models import Interview
from surveys import routing
from surveys.models import GuideVersion, Participant, Survey


def begin(participant: Participant, version: GuideVersion) -> Interview:
    """The participant's interview, begun now if it was not. Interviews of a survey are numbered by the database, so arms stay balanced in a rush."""
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=participant.survey_id)
        if interview := Interview.objects.filter(participant=participant).first():
            return interview
        Survey.objects.filter(pk=survey.pk).update(interviews_begun=F("interviews_begun") + 1)
        guide, seed, number = version.guide, f"{survey.slug}:{version.sha256}", survey.interviews_begun
        arm = routing.arm(guide, seed=seed, number=number)
        order = routing.order(guide, arm, seed=seed, number=number)
        written = tuple(question.key for question in guide.questions)
        return Interview.objects.create(
            participant=participant,
            guide_version=version,
            language=participant.language,
            arm=arm.key if arm else "",
            order=[] if order == written else list(order),
        )
