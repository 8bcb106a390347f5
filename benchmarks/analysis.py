"""Model calls a second that two processes reach with 150 in flight each, at a server that takes a second: against the bound of 300."""

import asyncio
import json
import multiprocessing
import os
import time
from typing import Any

from pydantic import BaseModel

PROCESSES, IN_FLIGHT, LATENCY, SECONDS = 2, 150, 1.0, 10.0
TARGET = 0.9


class Coded(BaseModel):
    code: str


def _serve(port: Any) -> None:
    import logging
    import threading

    from tests.support.messages_server import MessagesServer

    logging.disable(logging.INFO)
    with MessagesServer() as server:
        server.delay = LATENCY
        port.put(server.url)
        threading.Event().wait()


def _call(url: str, counts: Any, begin: Any) -> None:
    from llm.anthropic import AnthropicModel
    from llm.prompt import Message, Prompt

    model = AnthropicModel("claude-test", api_key="k", base_url=url, timeout=30, max_retries=3, max_concurrency=IN_FLIGHT)
    prompt = Prompt("code", "code@1", "A codebook. " * 300, (Message("user", "An interview. " * 300),))
    done = 0

    async def one_after_another(until: float) -> None:
        nonlocal done
        while time.monotonic() < until:
            await model.extract(prompt, Coded)
            done += 1

    async def work() -> float:
        started = time.monotonic()
        await asyncio.gather(*(one_after_another(started + SECONDS) for _ in range(IN_FLIGHT)))
        return time.monotonic() - started

    begin.wait()
    took = asyncio.run(work())
    counts.put((done, took, time.process_time()))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    context = multiprocessing.get_context("spawn")
    port, counts, begin = context.Queue(), context.Queue(), context.Barrier(PROCESSES)
    server = context.Process(target=_serve, args=(port,), daemon=True)
    server.start()
    url = port.get(timeout=60)
    for _ in range(PROCESSES):
        context.Process(target=_call, args=(url, counts, begin), daemon=True).start()
    results = [counts.get(timeout=120) for _ in range(PROCESSES)]
    server.kill()
    rate, bound = sum(done / took for done, took, _ in results), PROCESSES * IN_FLIGHT / LATENCY
    cpu = 1000 * sum(used for *_, used in results) / sum(done for done, *_ in results)
    how = f"{PROCESSES} processes, {IN_FLIGHT} in flight each, {LATENCY:.0f} s a call, {cpu:.1f} ms of CPU a call; the server on the same machine"
    detail = f"{rate:.0f} calls/s of {bound:.0f}: {how}"
    print(json.dumps({"name": "analysis", "ratio": round(rate / bound, 3), "target": TARGET, "detail": detail}))


if __name__ == "__main__":
    main()
