"""What a survey's calls to language models have cost, held against its budget."""

from decimal import Decimal

from django.core.cache import cache
from django.db.models import Sum

from surveys.models import ModelCall, Survey

FRESH = 10  # seconds: a burst of newcomers adds up the calls once, and a few seconds of spending are not a budget
NOTHING = Decimal(0)


def spent(survey: Survey) -> Decimal:
    """US dollars, a few seconds old at most. Calls of unknown price are not in it."""
    key = f"surveys.spent.{survey.pk}"
    known: Decimal | None = cache.get(key)
    if known is None:
        known = ModelCall.objects.filter(survey=survey).aggregate(cost=Sum("cost_usd"))["cost"] or NOTHING
        cache.set(key, known, FRESH)
    return known


def exhausted(survey: Survey) -> bool:
    return survey.budget_usd is not None and spent(survey) >= survey.budget_usd
