"""Begins versions of answers: which interviews are read, what that is likely to cost, what has changed since a version was made."""

from collections.abc import Collection

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, Sum
from django.db.models.functions import Length

from analysis.answering import asking
from analysis.answering.records import Answer, Inquiry, Reading
from analysis.background.forecast import Forecast, forecast
from analysis.background.records import Status
from analysis.induction import drawing
from interviewer.models import Turn
from llm import model_for
from surveys import budget
from surveys.models import Survey

FRAME, OUT = 2_400, 300  # letters of the prompt around a transcript; tokens of a reply


def hypotheses_left(survey: Survey) -> list[str]:
    """Lines of the survey's hypotheses that have not been taken over."""
    taken = set(survey.inquiries.values_list("text", flat=True))
    lines = [" ".join(line.split())[:1000] for line in survey.hypotheses.splitlines()]
    return [line for line in dict.fromkeys(lines) if line and line not in taken]


def asked_of(inquiry: Inquiry) -> dict[str, object]:
    names = ("kind", "text", "questions", "dimension", "codes_for", "codes_against")
    return {name: getattr(inquiry, name) for name in names}


def interviews(survey: Survey, size: int | None, seed: int) -> tuple[int, ...]:
    """All that count, or a sample of them by country and language. Drawn alike for every question: one seed, one sample."""
    frame = drawing.eligible(survey, ())
    return tuple(sorted(frame)) if size is None else drawing.drawn(frame, size, seed)


def cost_of(survey: Survey, read: Collection[int], questions: int) -> Forecast:
    letters = Turn.objects.filter(interview__in=read).aggregate(n=Sum(Length("text")))["n"] or 0
    left = None if survey.budget_usd is None else survey.budget_usd - budget.spent(survey)
    model, prices = model_for("analyst").name, settings.LLM_PRICES
    return forecast(model, interviews=len(read) * questions, letters=letters * questions, frame=FRAME, out=OUT, left=left, prices=prices)


@transaction.atomic
def begin(inquiry: Inquiry, read: Collection[int], by: User | None, *, seed: int = 0) -> Answer:
    """The next version. Hands nothing over."""
    Inquiry.objects.select_for_update().get(pk=inquiry.pk)  # two who begin at once take turns
    number = (inquiry.answers.aggregate(newest=Max("number"))["newest"] or 0) + 1
    answer = Answer.objects.create(inquiry=inquiry, number=number, asked=asked_of(inquiry), seed=seed, created_by=by, prompt_version=asking.VERSION)
    Reading.objects.bulk_create((Reading(answer=answer, interview_id=each) for each in sorted(read)), batch_size=1000)
    return answer


def stale(survey: Survey, answer: Answer) -> tuple[str, ...]:
    """Why a finished answer is not up to date, in sentences; none where it is."""
    if answer.status != Status.DONE:
        return ()
    kept = answer.pieces.filter(interview__set_aside=None, status=Reading.Status.DONE).count()
    since = len(set(drawing.eligible(survey, ())) - set(answer.pieces.values_list("interview", flat=True))) if not answer.seed else 0
    gone = answer.interviews_read - kept
    reasons = {
        "Words it was made from have been struck, withdrawn or masked.": answer.struck,
        f"{gone} of the interviews it was made from no longer count.": gone > 0,
        f"{since} interviews count now that it was not made from.": since > 0,
        "What was asked has been changed.": answer.asked != asked_of(answer.inquiry),
        "The prompt has been changed.": answer.prompt_version != asking.VERSION,
        "Another model is set.": answer.model != model_for("analyst").name,
    }
    return tuple(reason for reason, holds in reasons.items() if holds)
