"""What a work is likely to cost, told before it begins. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from llm.base import Usage
from llm.usage import cost_usd

LETTERS = 3  # to a token; fewer in many scripts, more in English: rather too much than too little


@dataclass(frozen=True)
class Forecast:
    """usd: None where the model's price is not known. affordable: whether what is left of the budget is enough, as far as that is known."""

    interviews: int
    usd: Decimal | None
    left: Decimal | None

    @property
    def affordable(self) -> bool:
        return self.usd is None or self.left is None or self.usd <= self.left

    @property
    def sentence(self) -> str:
        cost = "The model's price is not known" if self.usd is None else f"About ${self.usd:.2f}"
        left = "" if self.left is None else f"; ${self.left:.2f} of the survey's budget are left"
        return f"{cost} for {self.interviews} interview{'' if self.interviews == 1 else 's'}{left}."


def forecast(
    model: str,
    *,
    interviews: int,
    letters: int,
    frame: int,
    out: int,
    left: Decimal | None = None,
    prices: Mapping[str, tuple[str, str]] | None = None,
) -> Forecast:
    """letters: of all transcripts together; frame: of what stands around each; out: tokens of each reply. A tenth more is for what is made of all."""
    usage = Usage(input=round((letters + frame * interviews) / LETTERS * 1.1), output=round(out * interviews * 1.1))
    return Forecast(interviews, cost_usd(model, usage, dict(prices or {})), left)
