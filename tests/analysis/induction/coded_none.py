"""Interviews with quality labels and facts, for what feeds the next round."""

from analysis.codebook import CodebookDocument
from analysis.models import Coder, Coding, Fact
from analysis.publishing import save_version
from analysis.quality.records import AnswerQuality
from interviewer.models import Interview
from surveys.models import Survey
from tests.analysis.talk import CODEBOOK


def label_and_code(survey: Survey) -> list[int]:
    """Substantive and none; substantive and coded; minimal and none."""
    codebook = save_version(survey, CodebookDocument(title="Tea", dimensions=(CODEBOOK.dimension("worry"),)))
    coder = Coder.objects.create(model="m", prompt_version="v")
    found = list(Interview.objects.order_by("pk")[:3])
    for interview, label, code in zip(found, ("substantive", "substantive", "minimal"), ("none", "jobs", "none"), strict=True):
        place = {"survey": survey, "interview": interview, "country": "KE", "language": "en", "origin": "live"}
        AnswerQuality.objects.create(**place, coder=coder, question="worry", label=label)
        coding = Coding.objects.create(interview=interview, codebook=codebook, coder=coder, dimension="worry", code=code)
        Fact.objects.create(**place, coding=coding, dimension="worry", code=code)
    return [interview.pk for interview in found]
