"""Coming in: whether a survey lets someone in now, and the record of what they answered to its consent text."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from django.core import signing
from django.db import transaction

from surveys import budget, outcomes
from surveys.care import consent_text
from surveys.models import ConsentRecord, GuideVersion, Participant, Survey, new_token
from surveys.pages import CLOSED, NOT_OPEN, PAUSED, Notice
from surveys.panels import Ids
from surveys.recruitment import Arrival, Result

_SALT = "surveys.consent"


def obstacle(survey: Survey, *, staff: bool, preview: bool = False) -> Notice | None:
    """Why nobody may begin an interview now, or None. Staff may try out a survey before it opens; only money stops a preview of its draft."""
    if preview:
        return PAUSED if budget.exhausted(survey) else None
    if survey.status == Survey.Status.PAUSED:
        return PAUSED
    if survey.status == Survey.Status.CLOSED:
        return CLOSED
    if survey.status == Survey.Status.DRAFT and not staff:
        return NOT_OPEN
    return PAUSED if budget.exhausted(survey) else None


@dataclass(frozen=True)
class ConsentForm:
    """What a landing page showed. Its token becomes the participant's: the same form sent twice is one participant."""

    token: str
    version: int
    language: str
    care: bool = False
    came_with: Sequence[str] = ()
    trial: bool = False

    @classmethod
    def new(cls, version: GuideVersion, language: str, *, care: bool = False, came_with: Ids | None = None, trial: bool = False) -> "ConsentForm":
        """came_with: the ids of the panel's link. trial: whether a researcher tries out the panel's survey without any."""
        return cls(new_token(), version.pk, language, care, astuple(came_with) if came_with else (), trial)

    @classmethod
    def read(cls, sealed: str) -> "ConsentForm | None":
        """None where the text was not made by `sealed`."""
        try:
            return cls(*signing.loads(sealed, salt=_SALT))
        except signing.BadSignature:
            return None

    @property
    def sealed(self) -> str:
        return signing.dumps([self.token, self.version, self.language, self.care, self.came_with, self.trial], salt=_SALT)

    @property
    def ids(self) -> Ids | None:
        return Ids(*self.came_with) if self.came_with else None


def version_of(form: ConsentForm, survey: Survey, *, staff: bool) -> GuideVersion | None:
    """The guide version that the form showed; that of a preview is for staff alone."""
    version = GuideVersion.every.filter(pk=form.version, survey=survey).first()
    return version if version and (staff or not version.preview) else None


@transaction.atomic
def record_consent(survey: Survey, form: ConsentForm, *, given: bool, browser_languages: str) -> Participant:
    """The participant who gave this answer. Another answer to the same form is another participant's record.

    Whoever comes with a panel's id is one participant, whatever the form: their first answer stands. Raises HasWithdrawn.
    """
    version = GuideVersion.every.get(pk=form.version, survey=survey)
    text = consent_text(version.guide, form.language, care=form.care)
    counts = survey.status == Survey.Status.OPEN and not form.trial
    origin = Participant.Origin.LIVE if counts else Participant.Origin.PILOT
    who = {
        "survey": survey,
        "language": form.language,
        "browser_languages": browser_languages[:200],
        "origin": Participant.Origin.PREVIEW if version.preview else origin,
    }
    answer = {"guide_version": version, "language": form.language, "text": text, "given": given, "care": form.care}
    if form.ids:
        return _of_panel(survey, form.ids, who | {"token": form.token}, answer)
    participant, _ = Participant.objects.get_or_create(token=form.token, defaults=who)
    consent, _ = ConsentRecord.objects.get_or_create(participant=participant, defaults=answer)
    if consent.given != given:
        participant = Participant.objects.create(**who)
        ConsentRecord.objects.create(participant=participant, **answer)
    return participant


def _of_panel(survey: Survey, ids: Ids, who: Mapping[str, Any], answer: Mapping[str, Any]) -> Participant:
    participant, _ = Participant.objects.get_or_create(survey=survey, external_id=ids.id, defaults=who)
    Arrival.objects.get_or_create(participant=participant, defaults={"session": ids.session, "study": ids.study})
    consent, _ = ConsentRecord.objects.get_or_create(participant=participant, defaults=answer)
    if not consent.given:
        outcomes.decide(participant, Result.DECLINED)
    return participant
