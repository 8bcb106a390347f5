"""Follows a run from a terminal, doing its work here while it lasts; the workers may do so at the same time."""

import time
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from tqdm import tqdm

from analysis.backlog import live, planning, tending
from analysis.backlog.forecast import forecast
from analysis.backlog.records import OPEN_RUNS, CodingRun, RunUnit
from llm import batches_for, model_for
from surveys.models import Survey

State, Mode, Status = RunUnit.State, CodingRun.Mode, CodingRun.Status
LOOK = 3.0  # seconds of live work between looks
PATIENCE = 10.0  # seconds between looks at a batch that is at work


@dataclass(frozen=True)
class Left:
    run: int
    status: str
    reason: str
    done: int
    unprocessable: int
    open: int
    spent: Decimal

    @property
    def summary(self) -> str:
        still = f", {self.open} still to be done" if self.open else ""
        return f"Run {self.run} is {self.status}: {self.done} units done, {self.unprocessable} unprocessable{still}. ${self.spent:.2f} spent."

    @property
    def advice(self) -> str:
        return self.reason or "The run's page and its table “run_units” say why."


def planned(survey: Survey, mode: str, *, budget: Decimal | None, limit: int | None, failed_too: bool) -> CodingRun:
    """A run that goes on as soon as it is forecast. Raises CannotRun, ModelError."""
    model = batches_for("analyst") if mode == Mode.BATCH else model_for("analyst")
    run = planning.plan(survey, model.name, mode, budget=budget, limit=limit, failed_too=failed_too)
    forecast(run, model)
    planning.start(run)
    return run


def joined(survey: Survey, mode: str) -> CodingRun | None:
    """The survey's open run of this mode; a paused one goes on."""
    run = CodingRun.objects.filter(survey=survey, mode=mode, status__in=OPEN_RUNS).first()
    if run:
        planning.start(run)
    return run


def drive(run: CodingRun) -> Left:
    total, before = RunUnit.objects.filter(run=run).count(), _settled(run)
    with tqdm(total=total, initial=before, desc=f"{run.model}, {run.get_mode_display().lower()}", unit="unit") as bar:
        while run.ended_at is None and run.status == Status.RUNNING:
            moved = live.tend(run.pk, seconds=LOOK) if run.mode == Mode.LIVE else tending.tend(run.pk)
            run.refresh_from_db()
            bar.update(_settled(run) - bar.n)
            if not moved and run.ended_at is None:
                time.sleep(PATIENCE)
    return left(run)


def left(run: CodingRun) -> Left:
    counts = Counter(RunUnit.objects.filter(run=run).values_list("state", flat=True))
    done, never = counts[State.DONE], counts[State.UNPROCESSABLE]
    return Left(run.pk, run.status, run.reason, done, never, counts.total() - done - never, run.spent_usd)


def _settled(run: CodingRun) -> int:
    return RunUnit.objects.filter(run=run, state__in=(State.DONE, State.UNPROCESSABLE)).count()
