"""What a check will cost before it is begun, and whether the survey's budget has room for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Avg

from analysis.material import load
from analysis.stability.wordings import Wording, prompt
from llm import model_for
from llm.base import Usage
from llm.usage import cost_usd
from surveys import budget
from surveys.models import ModelCall, Survey

PURPOSE = "stability"
LETTERS = 3  # of a prompt to a token, rather too few than too many
ANSWER = 800  # tokens, where no answer has been seen yet
LOOKED_AT = 20


@dataclass(frozen=True)
class Forecast:
    """cost: US dollars, None where a model's price is not known. seen: whether it rests on calls that were made, or on the prompts' length."""

    calls: int
    cost: Decimal | None
    seen: bool
    left: Decimal | None

    @property
    def too_much(self) -> bool:
        return self.left is not None and self.cost is not None and self.cost > self.left


def forecast(survey: Survey, interviews: Sequence[int], calls: Mapping[str, int]) -> Forecast:
    """calls: model ('' the one set for the analysis) → how often it is asked."""
    left = None if survey.budget_usd is None else max(budget.NOTHING, survey.budget_usd - budget.spent(survey))
    costs: list[Decimal | None] = []
    seen = True
    for name, count in calls.items():
        model = model_for("analyst", name).name
        known = _seen(survey, model)
        seen = seen and known is not None
        each = known if known is not None else _guessed(interviews, model)
        costs.append(None if each is None else each * count)
    total = None if None in costs else sum((cost for cost in costs if cost is not None), budget.NOTHING)
    return Forecast(sum(calls.values()), total, seen, left)


def _seen(survey: Survey, model: str) -> Decimal | None:
    calls = ModelCall.objects.filter(survey=survey, purpose__in=("code", PURPOSE), model__startswith=model, outcome="ok", cost_usd__isnull=False)
    found: Decimal | None = calls.aggregate(cost=Avg("cost_usd"))["cost"]
    return found


def _guessed(interviews: Sequence[int], model: str) -> Decimal | None:
    looked = interviews[:LOOKED_AT]
    prompts = [prompt(load(interview).as_coded, Wording.STANDARD) for interview in looked]
    letters = sum(len(each.system) + sum(len(message.text) for message in each.messages) for each in prompts)
    tokens = round(letters / max(1, len(prompts)) / LETTERS)
    return cost_usd(model, Usage(input=tokens, output=ANSWER), getattr(settings, "LLM_PRICES", None))
