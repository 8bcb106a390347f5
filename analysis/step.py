"""What a step of the analysis is, and how its output and the record of what it was made from are written as one."""

from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.db import transaction
from pydantic import BaseModel

from analysis.lease import LeaseLost
from analysis.material import Basis, Material
from analysis.models import InterviewAnalysis, StepResult
from interviewer.amendments import Strike
from llm import Completion, Model, ModelError, Prompt
from surveys.accounting import record_call

T = TypeVar("T", bound=BaseModel)
UNAVAILABLE = "unavailable"  # the ModelError code of a model that cannot do this kind of work at all


class Postponed(ModelError):
    """Raised by a model that is answered later: the step is run again then, and those that do not need it go on."""

    recorded = True

    def __init__(self, message: str) -> None:
        super().__init__(message, code="postponed", retry=True)


@dataclass(frozen=True)
class Step:
    """name: as StepResult has it. fingerprint: a hash of all that the output is made from. run: safe to run again.

    needs: the steps without whose output it cannot be run.
    """

    name: str
    fingerprint: Callable[[Basis, str], str]
    run: Callable[[Material, Model], Awaitable[None]]
    needs: Callable[[Basis], Collection[str]] = lambda basis: ()


@dataclass
class Record:
    """What a step notes about its output while writing it."""

    made_from: dict[str, Any] = field(default_factory=dict)
    quotes_dropped: int = 0


@contextmanager
def unstruck(material: Material) -> Iterator[None]:
    """One transaction. Two writers of one interview take turns.

    Raises LeaseLost where the participant has struck words that the output is made from.
    """
    interview_id = material.basis.interview_id
    with transaction.atomic():
        InterviewAnalysis.objects.select_for_update().filter(interview=interview_id).values_list("pk", flat=True).first()
        if Strike.objects.filter(turn__in=[turn.id for turn in material.turns if turn.text or turn.value is not None]).exists():
            raise LeaseLost(f"words of interview {interview_id} were struck meanwhile")
        yield


@contextmanager
def recording(step: str, material: Material, fingerprint: str) -> Iterator[Record]:
    """One transaction: the output written inside it, and its StepResult. Raises LeaseLost as `unstruck` does."""
    interview_id = material.basis.interview_id
    with unstruck(material):
        record = Record({"transcript": material.basis.transcript_hash})
        yield record
        StepResult.objects.update_or_create(
            interview_id=interview_id,
            step=step,
            defaults={"fingerprint": fingerprint, "made_from": record.made_from, "quotes_dropped": record.quotes_dropped},
        )


async def ask(material: Material, model: Model, prompt: Prompt, schema: type[T]) -> Completion[T]:
    """The model's answer, with the call kept in the accounts. Raises ModelError."""
    basis = material.basis
    try:
        completion = await model.extract(prompt, schema)
    except ModelError as error:
        if error.code != UNAVAILABLE and not error.recorded:
            await sync_to_async(record_call)(basis.survey_id, basis.participant_id, prompt.name, prompt, error)
        raise
    if not completion.recorded:
        await sync_to_async(record_call)(basis.survey_id, basis.participant_id, prompt.name, prompt, completion)
    return completion
