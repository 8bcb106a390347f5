"""Codes what is stale in a survey: in this process, in several, or by the workers."""

import itertools
import signal
import threading
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Sum
from tqdm import tqdm

from analysis import pipeline, processes, queueing
from analysis.backlog import driving
from analysis.backlog.forecast import in_words
from analysis.backlog.planning import CannotRun
from analysis.backlog.records import CodingRun
from analysis.models import InterviewAnalysis, Quote, StepResult
from analysis.staleness import CHUNK, finished, stale
from llm import ModelError, model_for
from surveys.models import Survey

Status = InterviewAnalysis.Status
NOBODY_THERE = 30.0  # seconds without progress after which the reader is asked about workers


class Command(BaseCommand):
    quiet = False  # where the report is another's to make
    help = "Analyses the interviews of a survey whose results are missing or out of date. May be run again, and on several machines at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--survey", required=True, metavar="SLUG")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--workers", type=int, default=1, metavar="N", help="use N processes of this machine")
        how.add_argument("--queue", action="store_true", help="hand the work to the Celery workers, and follow it")
        how.add_argument("--batch", action="store_true", help="by Message Batches: half the price, within a day; where the survey allows it")
        how.add_argument("--live", action="store_true", help="as a run that can be paused and is seen in the admin")
        parser.add_argument("--budget", type=Decimal, metavar="USD", help="of a run: nothing is submitted once so much is spent")
        parser.add_argument("--limit", type=int, metavar="N", help="at most N interviews")
        parser.add_argument("--retry-failed", action="store_true", help="take up those that failed, too")

    def handle(self, *args: Any, survey: str, workers: int, limit: int | None, retry_failed: bool, **options: Any) -> None:
        row = Survey.objects.filter(slug=survey).first()
        if row is None:
            raise CommandError(f"There is no survey '{survey}'.")
        if options["batch"] or options["live"]:
            self._run(row, CodingRun.Mode.BATCH if options["batch"] else CodingRun.Mode.LIVE, options["budget"], limit, retry_failed)
            return
        model = model_for("analyst")
        every = list(stale(row, model.name, failed_too=retry_failed))
        ids = every[:limit]
        failed = 0 if retry_failed else InterviewAnalysis.objects.filter(interview__participant__survey=row, status=Status.FAILED).count()
        fresh = finished().filter(participant__survey=row).count() - len(every) - failed
        if retry_failed:
            for chunk in _chunks(ids):
                pipeline.again(InterviewAnalysis.objects.filter(interview__in=chunk, status=Status.FAILED).values_list("interview_id", flat=True))
        with tqdm(total=len(ids), desc=f"Analysing with {model.name}", unit="interview") as bar:
            if options["queue"]:
                self._by_workers(row, ids, bar)
            else:
                _here(ids, workers, bar)
        self._report(ids, fresh)

    def _run(self, survey: Survey, mode: str, budget: Decimal | None, limit: int | None, retry_failed: bool) -> None:
        """Joins the survey's run, or plans one; follows it to its end. Ctrl-C leaves it to the workers."""
        try:
            run = driving.joined(survey, mode) or driving.planned(survey, mode, budget=budget, limit=limit, failed_too=retry_failed)
        except (CannotRun, ModelError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(in_words(run.forecast, run.mode))
        left = driving.drive(run)
        self.stdout.write(left.summary)
        if left.unprocessable or left.reason:
            raise CommandError(left.advice, returncode=1)

    def _by_workers(self, survey: Survey, ids: list[int], bar: Any) -> None:
        if not settings.REDIS_URL:
            raise CommandError("There is no queue: REDIS_URL is not set. Without --queue the work is done here.")
        for chunk in _chunks(ids):
            queueing.mark_waiting(chunk)
            if not queueing.enqueue(chunk):
                raise CommandError("The queue cannot be reached. Without --queue the work is done here.")
        moved = time.monotonic()
        while left := sum(_open(chunk) for chunk in _chunks(ids)):
            if len(ids) - left > bar.n:
                moved = time.monotonic()
            elif time.monotonic() - moved > NOBODY_THERE:
                self.stderr.write("Nothing has moved for a while. Is a worker running? Stopping this command stops no work.")
                moved = time.monotonic()
            bar.update(len(ids) - left - bar.n)
            time.sleep(1)
        bar.update(len(ids) - bar.n)

    def _report(self, ids: list[int], fresh: int) -> None:
        done, kept, dropped, reasons = 0, 0, 0, Counter[str]()
        for chunk in _chunks(ids):
            rows = InterviewAnalysis.objects.filter(interview__in=chunk)
            done += rows.filter(status=Status.DONE).count()
            reasons.update(error.partition(":")[0] for error in rows.filter(status=Status.FAILED).values_list("error", flat=True))
            kept += Quote.objects.filter(coding__interview__in=chunk, coding__coder__user=None).count()
            dropped += StepResult.objects.filter(interview__in=chunk).aggregate(sum=Sum("quotes_dropped"))["sum"] or 0
        failed = reasons.total()
        why = f" ({', '.join(f'{reason}: {count}' for reason, count in reasons.most_common())})" if failed else ""
        open_ = len(ids) - done - failed
        left = f" {open_} left to others or for another run." if open_ else ""
        if not self.quiet:
            self.stdout.write(f"{done} done, {failed} failed{why}, {fresh} skipped as fresh.{left} Quotes: {kept} kept, {dropped} dropped.")
        if failed:
            raise CommandError("The admin shows under Analyses why; --retry-failed takes them up again.", returncode=1)


def _here(ids: list[int], workers: int, bar: Any) -> None:
    if workers > 1:
        for _ in processes.analyse(ids, workers):
            bar.update()
        return
    run = async_to_sync(pipeline.analyse_many)
    with _stopping_softly(ids) as rest:
        run(rest, model=model_for("analyst"), on_done=lambda _: bar.update(), patient=True)


@contextmanager
def _stopping_softly(ids: Sequence[int]) -> Iterator[Iterator[int]]:
    """The ids, until Ctrl-C: what is under way then is still finished. A second Ctrl-C ends at once; what it cuts off is stale as before."""
    stopped = threading.Event()

    def stop(*_: Any) -> None:
        stopped.set()
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    before = signal.getsignal(signal.SIGINT)
    in_main_thread = threading.current_thread() is threading.main_thread()
    if in_main_thread:
        signal.signal(signal.SIGINT, stop)
    try:
        yield itertools.takewhile(lambda _: not stopped.is_set(), ids)
    finally:
        if in_main_thread:
            signal.signal(signal.SIGINT, before)


def _open(ids: list[int]) -> int:
    return InterviewAnalysis.objects.filter(interview__in=ids, status__in=(Status.WAITING, Status.RUNNING)).count()


def _chunks(ids: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield list(ids[start : start + CHUNK])
