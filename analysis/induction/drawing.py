"""The interviews of a round: drawn by country and language with a seed; where asked for, those first in which no code was found."""

from collections import Counter
from collections.abc import Collection, Mapping

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Length

from analysis import publishing
from analysis.aggregates import counted_origins
from analysis.background.forecast import Forecast, forecast
from analysis.codebook import NONE
from analysis.induction import asking
from analysis.induction.records import Round, RoundInterview
from analysis.models import Fact
from analysis.quality.labels import Label
from analysis.quality.records import AnswerQuality
from analysis.sampling.allocation import Method, Stratum, allocate
from analysis.sampling.draw import draw
from analysis.staleness import finished
from interviewer.models import Interview, Turn
from llm import Model
from surveys import budget
from surveys.models import Survey

FRAME, OUT = 2_200, 500  # letters of the prompt around a transcript; tokens of a reply


def eligible(survey: Survey, questions: Collection[str]) -> dict[int, str]:
    """Interview → its stratum, country and language: of those that count and, where questions are named, in which one of them was answered."""
    interviews = finished().filter(participant__survey=survey, participant__origin__in=counted_origins(survey), set_aside__isnull=True)
    if questions:
        keyed = Turn.objects.exclude(question_key="").filter(interview__participant__survey=survey)
        answered = keyed.filter(role=Turn.Role.PARTICIPANT, question_key__in=questions).exclude(text="")
        without = set(interviews.values_list("pk", flat=True)) - set(keyed.values_list("interview_id", flat=True).distinct())
        interviews = interviews.filter(pk__in={*answered.values_list("interview_id", flat=True).distinct(), *without})
    rows = interviews.order_by().values_list("pk", "participant__country", "language")
    return {pk: f"{country or '–'} · {language}" for pk, country, language in rows}


def uncovered(survey: Survey, dimension: str, questions: Collection[str]) -> set[int]:
    """Those coded 'none' in the dimension although they said something substantive: to its questions, or to any where it names none."""
    said = AnswerQuality.objects.filter(survey=survey, label=Label.SUBSTANTIVE)
    if questions:
        said = said.filter(question__in=questions)
    nothing = Fact.objects.filter(survey=survey, dimension=dimension, code=NONE, interview__in=said.values("interview"))
    return set(nothing.values_list("interview_id", flat=True))


def drawn(frame: Mapping[int, str], size: int, seed: int, first: Collection[int] = ()) -> tuple[int, ...]:
    """As many interviews as are wanted, or all; of each stratum in proportion, two at least where they can be. `first` are drawn before others."""
    preferred = {interview: stratum for interview, stratum in frame.items() if interview in first}
    chosen = _of(preferred, size, seed)
    rest = {interview: stratum for interview, stratum in frame.items() if interview not in preferred}
    return (*chosen, *_of(rest, size - len(chosen), seed))


def _of(frame: Mapping[int, str], size: int, seed: int) -> tuple[int, ...]:
    if size <= 0 or not frame:
        return ()
    strata = [Stratum(name, n, 1.0) for name, n in sorted(Counter(frame.values()).items())]
    given = allocate(min(size, len(frame)), strata, Method.PROPORTIONAL)
    over = sum(given.values()) - size  # two of every stratum may be more than was wanted
    for name in sorted(given, key=lambda name: (-given[name], name)) * 2:
        if over > 0 and given[name]:
            given[name], over = given[name] - 1, over - 1
    return tuple(sorted(draw(frame, given, seed)))


def cost_of(survey: Survey, interviews: Collection[int], model: Model) -> Forecast:
    letters = Turn.objects.filter(interview__in=interviews).aggregate(n=Sum(Length("text")))["n"] or 0
    left = None if survey.budget_usd is None else survey.budget_usd - budget.spent(survey)
    return forecast(model.name, interviews=len(interviews), letters=letters, frame=FRAME, out=OUT, left=left, prices=settings.LLM_PRICES)


@transaction.atomic
def begin(survey: Survey, asked: Mapping[str, object], interviews: Collection[int], by: User | None, *, other: Collection[int] = ()) -> Round:
    """asked: the fields of the round. Hands nothing over."""
    round_ = Round.objects.create(survey=survey, codebook=publishing.current(survey), created_by=by, prompt_version=asking.VERSION, **asked)
    pieces = (
        RoundInterview(round=round_, interview=each, other=each.pk in other) for each in Interview.objects.filter(pk__in=interviews).order_by("pk")
    )
    RoundInterview.objects.bulk_create(pieces)
    return round_
