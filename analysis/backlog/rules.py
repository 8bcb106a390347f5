"""What follows for a run from what happened. Pure."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from llm import Batch, ModelError

MAX_ATTEMPTS = 3  # of one unit, whatever became of each
MOST_REQUESTS = 10_000  # of a batch; the server takes 100,000, but what is lost is lost together
MOST_BYTES = 64 * 2**20  # of a batch; the server takes 256 MB
MOST_DOWNLOADS = 3  # that are shorter than the batch, before what they lack counts as missing
CERTAIN = ("rejected", "rate_limited")  # codes of a server that has plainly not taken a batch


def request_id(marker: str, batch: int, unit: int, sha: str) -> str:
    return f"{marker}-{batch}-{unit}-{sha}"


def read_id(custom_id: str) -> tuple[int, str] | None:
    """(unit, hash of the prompt), or None for an id that is not one of ours."""
    parts = custom_id.split("-")
    return (int(parts[2]), parts[3]) if len(parts) == 4 and parts[2].isdigit() else None


def is_ours(custom_id: str, marker: str, batch: int) -> bool:
    return custom_id.startswith(f"{marker}-{batch}-")


def candidates(found: Iterable[Batch], *, requests: int, known: Collection[str]) -> list[Batch]:
    """Batches that may be one whose id was never stored: as many requests, and nobody's so far. Which it is their results tell."""
    return [batch for batch in found if batch.requests == requests and batch.id not in known]


def tried_again(error: ModelError, attempts: int) -> bool:
    return error.retry and attempts < MAX_ATTEMPTS


def reason_of(error: ModelError) -> str:
    return f"{error.code}: {error}"[:300].replace("\0", "")


def over_budget(*, spent: Decimal, budget: Decimal | None, survey_spent: Decimal, survey_budget: Decimal | None) -> str:
    """Why nothing more is to be submitted, or ''."""
    if budget is not None and spent >= budget:
        return f"The run's budget of ${budget} is spent."
    if survey_budget is not None and survey_spent >= survey_budget:
        return f"The survey's budget of ${survey_budget} is spent."
    return ""


def share_done(counts: Mapping[str, int]) -> float:
    """Of a run's units, those that are done or never will be."""
    total = sum(counts.values())
    return (counts.get("done", 0) + counts.get("unprocessable", 0)) / total if total else 1.0
