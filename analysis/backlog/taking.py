"""Takes one interview of a run as far as it gets: with the replies that a batch brought, or live; and notes how far its units have come."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.db.models import F
from pydantic import BaseModel

from analysis import pipeline
from analysis.backlog.asking import Asked, ByBatch
from analysis.backlog.records import OPEN, CodingRun, RunUnit
from analysis.backlog.rules import reason_of, tried_again
from analysis.models import InterviewAnalysis, StepResult
from analysis.pipeline import Outcome
from llm import Completion, Model, ModelError, Prompt, Usage
from llm.usage import cost_usd
from surveys.models import ModelCall

T = TypeVar("T", bound=BaseModel)
State = RunUnit.State
Units = dict[str, RunUnit]


@dataclass(frozen=True)
class Ready:
    """A prompt of a unit that may be sent."""

    unit: RunUnit
    asked: Asked


async def take(run: CodingRun, interview_id: int) -> list[Ready]:
    """What is still to be asked of it."""
    units = await sync_to_async(_units)(run, interview_id)
    replies = {sha: reply for unit in units.values() for sha, reply in unit.replies.items()}
    given_up = [step for step, unit in units.items() if unit.state == State.UNPROCESSABLE]
    model = ByBatch(run.model, replies, given_up)
    outcome = await pipeline.analyse(interview_id, model, held=True)
    if outcome.status == "busy":
        return []
    return await sync_to_async(_note_batch)(run, units, model, outcome)


async def take_live(run: CodingRun, interview_id: int, model: Model) -> Outcome:
    outcome = await pipeline.analyse(interview_id, Counted(run, model), held=True)
    await sync_to_async(_note_live)(run, interview_id, outcome)
    return outcome


class Counted:
    """A model whose calls count towards a run's budget."""

    def __init__(self, run: CodingRun, model: Model) -> None:
        self.name, self._run, self._model = model.name, run, model
        self.stream = model.stream

    async def extract(self, prompt: Prompt, schema: type[T]) -> Completion[T]:
        try:
            completion = await self._model.extract(prompt, schema)
        except ModelError as error:
            await sync_to_async(spend)(self._run.pk, price(error.model, error.usage))
            raise
        await sync_to_async(spend)(self._run.pk, price(completion.model, completion.usage))
        return completion


def price(model: str, usage: Usage) -> Decimal:
    return cost_usd(model, usage, settings.LLM_PRICES) or Decimal(0)


def spend(run_id: int, cost: Decimal) -> None:
    if cost:
        CodingRun.objects.filter(pk=run_id).update(spent_usd=F("spent_usd") + cost)


def _units(run: CodingRun, interview_id: int) -> Units:
    return {unit.step: unit for unit in RunUnit.objects.filter(run=run, interview=interview_id).order_by("pk")}


@transaction.atomic
def _note_batch(run: CodingRun, units: Units, model: ByBatch, outcome: Outcome) -> list[Ready]:
    for step in model.postponed:
        if step not in units:  # what was not stale when the run was planned
            units[step], _ = RunUnit.objects.get_or_create(run=run, interview_id=outcome.interview_id, step=step)
    if outcome.status == "failed":
        _give_up(units, list(units), outcome.error)
        return []
    for step, (sha, error) in model.failed.items():
        _misfit(units[step], sha, error)
    _note_done(units, outcome)
    ready = [Ready(units[asked.step], asked) for asked in model.asked if units[asked.step].state in (State.WAITING, State.FAILED)]
    if outcome.status == "held" and not ready:
        _give_up(units, [step for step in outcome.postponed if step in units], "It needs a step that is unprocessable.")
        failed = next((unit for unit in units.values() if unit.state == State.UNPROCESSABLE), None)
        held = InterviewAnalysis.objects.filter(interview=outcome.interview_id, status=InterviewAnalysis.Status.HELD)
        held.update(status=InterviewAnalysis.Status.FAILED, step=failed.step if failed else "", error=failed.reason if failed else "")
    return ready


def _note_live(run: CodingRun, interview_id: int, outcome: Outcome) -> None:
    units = _units(run, interview_id)
    match outcome.status:
        case "done":
            _note_done(units, outcome)
        case "failed":
            _give_up(units, list(units), outcome.error)
        case "later":
            open_ = RunUnit.objects.filter(pk__in=[unit.pk for unit in units.values()], state__in=OPEN)
            open_.update(state=State.FAILED, reason=outcome.error, attempts=F("attempts") + 1)


def _note_done(units: Units, outcome: Outcome) -> None:
    prints = dict(StepResult.objects.filter(interview=outcome.interview_id).values_list("step", "fingerprint"))
    for step, unit in units.items():
        if step not in outcome.postponed and unit.state in OPEN and outcome.status in ("done", "held"):
            _set(unit, state=State.DONE, fingerprint=prints.get(step, ""), replies={}, asked={}, reason="")


def _misfit(unit: RunUnit, sha: str, error: ModelError) -> None:
    reply: Mapping[str, Any] = unit.replies.get(sha, {})
    ModelCall.objects.filter(pk=reply.get("call") or 0).update(outcome=error.code)
    state = State.FAILED if tried_again(error, unit.attempts) else State.UNPROCESSABLE
    left = {key: value for key, value in unit.replies.items() if key != sha}
    _set(unit, state=state, reason=reason_of(error), replies=left)


def _give_up(units: Units, steps: Any, reason: str) -> None:
    for step in steps:
        if units[step].state in OPEN:
            _set(units[step], state=State.UNPROCESSABLE, reason=f"{reason}"[:300], replies={})


def _set(unit: RunUnit, **fields: Any) -> None:
    """Unless somebody struck words of it meanwhile, which ended it."""
    if RunUnit.objects.filter(pk=unit.pk).exclude(state=State.UNPROCESSABLE).update(**fields):
        for name, value in fields.items():
            setattr(unit, name, value)
