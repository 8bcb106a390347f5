"""Holds simulated interviews in several processes of this machine, in order. Imports no records: a process has none until it is set up."""

import asyncio
import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

AHEAD = 2  # chunks each process may be ahead of the one who stores them
_here: dict[str, Any] = {}


def held(chunks: Iterable[Sequence[Any]], processes: int, *, survey: dict[str, Any], version: dict[str, Any]) -> Iterator[list[Any]]:
    """For each chunk of profiles its conversations, with sentences from the library and the offline interviewer; no database is needed.

    survey, version: fields of the records that the interviews will point to.
    """
    context = multiprocessing.get_context("spawn")  # a forked child would share connections and threads with its parent
    with ProcessPoolExecutor(processes, context, _set_up, (survey, version)) as pool:
        waiting: deque[Future[list[Any]]] = deque()
        for chunk in chunks:
            waiting.append(pool.submit(_hold, chunk))
            if len(waiting) >= AHEAD * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _set_up(survey: dict[str, Any], version: dict[str, Any]) -> None:
    import signal

    import django

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    django.setup()

    from interviewer.simulation.conversation import Voices
    from interviewer.simulation.participants import FromSentences
    from llm.choose import offline_model
    from surveys.models import GuideVersion, Survey

    row = GuideVersion(**version)
    guide, row.content = row.guide, None  # sent back with every interview, the guide would weigh more than all the rest
    _here.update(survey=Survey(**survey), version=row, guide=guide, voices=Voices(offline_model(), FromSentences()))


def _hold(chunk: Sequence[Any]) -> list[Any]:
    from interviewer.simulation.conversation import converse

    async def each() -> list[Any]:
        return [await converse(profile, **_here) for profile in chunk]

    return [(conversation.interview, conversation.turns) for conversation in asyncio.run(each())]
