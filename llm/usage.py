"""Tokens to money: what a call cost, at the prices of its model."""

from decimal import Decimal

from llm.base import Usage

# US dollars per million tokens: input, output. A model that is not listed has no known price.
# Prices change: settings.LLM_PRICES adds to this table or overrides it.
PRICES: dict[str, tuple[str, str]] = {
    "claude-haiku": ("1", "5"),
    "claude-haiku-5": ("0.10", "0.50"),  # for prompts up to 100,000 tokens
    "claude-sonnet": ("3", "15"),
    "claude-sonnet-5": ("2", "10"),
    "claude-opus": ("5", "25"),
    "claude-opus-5-5": ("4", "20"),
    "offline": ("0", "0"),
}
CACHE_READ = Decimal("0.1")  # of the input price; Opus 5.5 charges half of that
CACHE_WRITE = Decimal("1.25")  # of the input price, for the five-minute cache
CACHE_WRITE_HOUR = Decimal(2)  # likewise, for the cache of an hour
BATCH = Decimal("0.5")  # of every price
MILLION = Decimal(1_000_000)


def cost_usd(model: str, usage: Usage, prices: dict[str, tuple[str, str]] | None = None) -> Decimal | None:
    """US dollars of one call, or None where the model's price is not known. The longest matching model prefix gives the price."""
    table = PRICES | (prices or {})
    known = [prefix for prefix in table if model.startswith(prefix)]
    if not known:
        return None
    per_input, per_output = (Decimal(price) for price in table[max(known, key=len)])
    brief = usage.cache_write - usage.kept_an_hour
    full = usage.input + usage.cache_read * CACHE_READ + brief * CACHE_WRITE + usage.kept_an_hour * CACHE_WRITE_HOUR
    cost = (full * per_input + usage.output * per_output) / MILLION
    return (cost * BATCH if usage.batch else cost).quantize(Decimal("0.000001"))
