"""A person decides about an interview: keep it, set it aside, or take the decision back. Nothing else ever does."""

from dataclasses import replace

from django.contrib.auth.models import User
from django.db import transaction

from analysis import forgetting
from analysis.care.records import CareDecision, SetAside
from analysis.material import load
from analysis.models import Coding
from analysis.steps import publish
from interviewer.models import Interview

Decision = CareDecision.Decision


class NoReason(ValueError):
    """A decision without a reason is none."""


@transaction.atomic
def decide(interview: Interview, decision: Decision, reason: str, by: User) -> CareDecision:
    """Takes effect at once in all that is counted. Raises NoReason."""
    if not reason.strip():
        raise NoReason("Say why: whoever reads the results will want to know.")
    forgetting.hold(interview.pk)  # a step that is writing what is counted ends first
    made = CareDecision.objects.create(interview=interview, decision=decision, reason=reason.strip()[:500], by=by, by_name=by.get_username())
    SetAside.objects.filter(interview=interview).delete()
    if decision == Decision.SET_ASIDE:
        SetAside.objects.create(interview=interview, decision=made)
    basis = load(interview.pk).basis
    coded_with = Coding.objects.filter(interview=interview).order_by("-codebook__number").values_list("codebook", flat=True).first()
    publish.write_facts(replace(basis, codebook_id=coded_with))
    return made
