"""Whose codes the findings count: the model's, or people's where the survey prefers them."""

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User

from analysis import pipeline
from analysis.models import Coder, Coding, Fact, InterviewAnalysis
from analysis.sampling.records import HumanCoding
from analysis.steps.publish import prevailing
from tests.analysis.talk import WISHES, ScriptedModel, held, survey_with_codebook

MODELS = {("wish", "time"), ("worry", "jobs"), ("worry", "lies"), ("mood", "4")}
PEOPLES = {("wish", "time"), ("worry", "none"), ("mood", "4")}


@pytest.mark.django_db
@pytest.mark.parametrize(("prefer", "counted"), [(False, MODELS), (True, PEOPLES)])
def test_a_persons_coding_counts_where_the_survey_prefers_it_and_is_never_touched(prefer: bool, counted: set[tuple[str, str]]) -> None:
    survey = survey_with_codebook()
    interview = held(survey, *WISHES)
    async_to_sync(pipeline.analyse)(interview.pk, ScriptedModel())
    person = Coder.objects.create(user=User.objects.create_user("ana"))
    coding = Coding.objects.create(interview=interview, codebook=survey.codebooks.get(), coder=person, dimension="worry", code="none")
    survey.prefer_people = prefer
    survey.save()
    assert InterviewAnalysis.objects.get().status == ("waiting" if prefer else "done")
    outcome = async_to_sync(pipeline.analyse)(interview.pk, ScriptedModel())
    assert outcome.steps == ("publish",)
    assert set(Fact.objects.values_list("dimension", "code")) == counted
    async_to_sync(pipeline.analyse)(interview.pk, ScriptedModel(name="another model"))
    assert Coding.objects.filter(pk=coding.pk).exists()
    assert set(Fact.objects.values_list("dimension", "code")) == counted


JOBS, LIES, BOTH, NOTHING = "jobs", "lies", "jobs lies", ""


@pytest.mark.parametrize(
    ("model", "coders", "decided", "prefer", "counted"),
    [
        (JOBS, [LIES], NOTHING, True, LIES),
        (JOBS, [LIES], NOTHING, False, JOBS),
        (NOTHING, [LIES], NOTHING, False, LIES),
        (NOTHING, [NOTHING], NOTHING, True, NOTHING),
        (JOBS, [BOTH, BOTH], NOTHING, True, BOTH),
        (JOBS, [BOTH, LIES], NOTHING, True, JOBS),  # until somebody decides
        (NOTHING, [BOTH, LIES], NOTHING, True, NOTHING),
        (JOBS, [BOTH, LIES], BOTH, True, BOTH),
        (JOBS, [LIES, LIES], BOTH, True, BOTH),
        (JOBS, [BOTH, LIES], BOTH, False, JOBS),
    ],
)
def test_whose_codes_count(model: str, coders: list[str], decided: str, prefer: bool, counted: str) -> None:
    def given(codes: str, coder: Coder, human: HumanCoding | None = None) -> list[Coding]:
        return [Coding(coder=coder, dimension="worry", code=code, human=human) for code in codes.split()]

    rows = given(model, Coder(pk=1, model="m"))
    for at, codes in enumerate(coders, start=2):
        rows += given(codes, Coder(pk=at, user_id=at), HumanCoding(pk=at))
    rows += given(decided, Coder(pk=2, user_id=2), HumanCoding(pk=9, adjudicates=True))
    assert " ".join(row.code for row in prevailing(rows, prefer_people=prefer)) == counted
