"""How much a run may still hand over: its own budget and its survey's, less what is under way."""

from decimal import Decimal

from django.core.cache import cache

from analysis.backlog.records import CodingRun, RunUnit
from analysis.backlog.rules import over_budget
from surveys.budget import spent


def why_not(run: CodingRun) -> str:
    """Why nothing more is submitted, or ''."""
    run.refresh_from_db()
    survey = run.survey
    if survey.budget_usd is not None:
        cache.delete(f"surveys.spent.{survey.pk}")
    of_survey = spent(survey) if survey.budget_usd is not None else Decimal(0)
    reason = over_budget(spent=run.spent_usd, budget=run.budget_usd, survey_spent=of_survey, survey_budget=survey.budget_usd)
    return reason or ("What is left of the budget does not pay another request." if room(run) == 0 else "")


def room(run: CodingRun) -> int | None:
    """The most requests that the budgets pay for, as the forecast has their price; None where there is no limit."""
    run.refresh_from_db()
    survey = run.survey
    limits = [run.budget_usd - run.spent_usd] if run.budget_usd is not None else []
    limits += [survey.budget_usd - spent(survey)] if survey.budget_usd is not None else []
    if not limits:
        return None
    left, each = min(limits), Decimal(str(run.forecast.get("usd_per_request") or 0))
    if left <= 0:
        return 0
    if not each:
        return None
    under_way = RunUnit.objects.filter(run=run, state=RunUnit.State.SENT).count()
    return max(0, int(left / each) - under_way)
