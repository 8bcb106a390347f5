"""A sample shared out among coders, for the tests of the pages."""

import json
from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import Client

from analysis import publishing
from analysis.models import Coder, Coding
from analysis.sampling import drawing
from analysis.sampling.design import Design
from analysis.sampling.records import CodingSample, HumanCoding
from surveys.models import Survey
from tests.analysis.talk import WISHES, held, survey_with_codebook


def person(name: str, *permissions: str, staff: bool = False) -> User:
    user = User.objects.create_user(name, is_staff=staff)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def survey_of(n: int) -> Survey:
    """n interviews; of each the model said that it worries about jobs."""
    survey = survey_with_codebook()
    codebook = publishing.current(survey)
    model, _ = Coder.objects.get_or_create(model="secret-model", prompt_version="1")
    for _ in range(n):
        interview = held(survey, *WISHES)
        Coding.objects.create(interview=interview, codebook=codebook, coder=model, dimension="worry", code="jobs", confidence=0.9)
    return survey


def sample_for(survey: Survey, *coders: User, double: float = 1.0) -> CodingSample:
    codebook = publishing.current(survey)
    assert codebook
    design = Design(dimensions=("worry",), half_width=0.0001)
    sample = drawing.draw_sample(survey, codebook, design, name="First", seed=3, by=None)
    drawing.assign(sample, coders, double=double)
    return sample


def codes(client: Client, human: HumanCoding, *given: str, act: str = "finish", revision: int | None = None, **more: Any) -> Any:
    now = HumanCoding.objects.get(pk=human.pk).revision if revision is None else revision
    body = json.dumps({"codes": given, "quotes": [], "note": "", "revision": now} | more)
    return client.post(f"/coding/tea/answers/{human.pk}/{act}", body, content_type="application/json")
