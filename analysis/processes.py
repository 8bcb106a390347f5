"""Analyses one list of interviews in several processes of this machine, each started clean. Imports no records: a child has none yet."""

import multiprocessing
import queue
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings


def analyse(ids: Sequence[int], processes: int) -> Iterator[Any]:
    """The outcomes, as they come. Ends when every process has; what a process left behind when it died is stale as before."""
    context = multiprocessing.get_context("spawn")  # a forked child would share connections and threads with its parent
    outcomes: Any = context.Queue()
    database = settings.DATABASES["default"]["NAME"]
    children = [context.Process(target=_work, args=(list(ids[each::processes]), str(database), outcomes), daemon=True) for each in range(processes)]
    for child in children:
        child.start()
    while any(child.is_alive() for child in children) or not outcomes.empty():
        try:
            yield outcomes.get(timeout=0.2)
        except queue.Empty:
            continue
    for child in children:
        child.join()


def _work(ids: list[int], database: str, outcomes: Any) -> None:
    import signal

    import django

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    settings.DATABASES["default"]["NAME"] = database
    django.setup()

    from asgiref.sync import async_to_sync

    from analysis import pipeline
    from llm import model_for

    run = async_to_sync(pipeline.analyse_many)
    run(ids, model=model_for("analyst"), on_done=outcomes.put, patient=True)
