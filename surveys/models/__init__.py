"""Records of what is asked and of whom: the survey's draft rows, its frozen guide versions, its participants, their consent."""

from surveys.models.choices import key_validator
from surveys.models.frozen import Frozen, NeverChanges
from surveys.models.guide import GuideVersion, Question, Section, Wording
from surveys.models.people import ConsentRecord, ModelCall, Participant, new_token
from surveys.models.survey import ProfileQuestion, Survey, SurveyText

__all__ = [
    "ConsentRecord",
    "Frozen",
    "GuideVersion",
    "ModelCall",
    "NeverChanges",
    "Participant",
    "ProfileQuestion",
    "Question",
    "Section",
    "Survey",
    "SurveyText",
    "Wording",
    "key_validator",
    "new_token",
]
