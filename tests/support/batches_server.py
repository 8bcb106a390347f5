"""The stand-in's Message Batches: create, list, retrieve, cancel, results as JSONL, and token counting; with faults on demand."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from tests.support import answers

Body = dict[str, Any]
EMPTY = {"processing": 0, "succeeded": 0, "errored": 0, "canceled": 0, "expired": 0}
OUTCOMES = ("errored", "canceled", "expired")


@dataclass
class HeldBatch:
    id: str
    requests: list[Body]
    created_at: datetime
    polls: int = 0
    ended: bool = False
    canceled: bool = False
    lines: list[Body] = field(default_factory=list)


class Batches:
    """compose: makes the reply to one call, as the Messages API would, with a fault's name.

    polls: how often a batch is asked for before it has ended. entries: consumed one per request as a batch ends: None, 'errored' (to be tried
    again), 'rejected' (for good), 'expired', 'canceled', 'missing' (no line), 'malformed' (misfits), 'invented' (quotes nobody said).
    withheld: the next so many creations are accepted and never answered. refused: the next so many are answered 429.
    cut: the next so many downloads of results break off half-way. closed_early: likewise, but end as if they were whole.
    """

    def __init__(self, compose: Callable[[Body, str], Body]) -> None:
        self.compose = compose
        self.held: dict[str, HeldBatch] = {}
        self.entries: deque[str | None] = deque()
        self.polls = self.withheld = self.refused = self.cut = self.closed_early = self.counted = 0

    @property
    def bodies(self) -> list[Body]:
        return [request["params"] for batch in self.held.values() for request in batch.requests]

    @property
    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1/messages/batches", self._create),
            web.get("/v1/messages/batches", self._list),
            web.get("/v1/messages/batches/{id}", self._retrieve),
            web.post("/v1/messages/batches/{id}/cancel", self._cancel),
            web.get("/v1/messages/batches/{id}/results", self._results),
            web.post("/v1/messages/count_tokens", self._count),
        ]

    async def _create(self, request: web.Request) -> web.Response:
        requests = (await request.json())["requests"]
        ids = [each["custom_id"] for each in requests]
        if not ids or len(set(ids)) != len(ids) or any(not 1 <= len(each) <= 64 for each in ids):
            return _error(400, "requests: custom_id must be unique, of 1 to 64 characters")
        if self.refused:
            self.refused -= 1
            return _error(429, "as scheduled")
        batch = HeldBatch(f"msgbatch_{len(self.held) + 1:06d}", requests, datetime.now(UTC))
        self.held[batch.id] = batch
        if self.withheld:
            self.withheld -= 1
            await asyncio.sleep(3600)
        return web.json_response(self._shown(batch, request))

    async def _list(self, request: web.Request) -> web.Response:
        for batch in self.held.values():
            self._age(batch)
        newest = [self._shown(batch, request) for batch in reversed(self.held.values())]
        after = request.query.get("after_id")
        start = next((place + 1 for place, each in enumerate(newest) if each["id"] == after), 0)
        page = newest[start : start + int(request.query.get("limit", 20))]
        more = start + len(page) < len(newest)
        return web.json_response({"data": page, "has_more": more, "first_id": _id(page, 0), "last_id": _id(page, -1)})

    async def _retrieve(self, request: web.Request) -> web.Response:
        batch = self.held.get(request.match_info["id"])
        if batch is None:
            return _error(404, "no such batch")
        self._age(batch)
        return web.json_response(self._shown(batch, request))

    async def _cancel(self, request: web.Request) -> web.Response:
        batch = self.held[request.match_info["id"]]
        batch.canceled = not batch.ended
        self._end(batch)
        return web.json_response(self._shown(batch, request))

    async def _results(self, request: web.Request) -> web.StreamResponse:
        batch = self.held[request.match_info["id"]]
        if not batch.ended:
            return _error(404, "the batch has no results yet")
        lines = [json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in reversed(batch.lines)]  # not in the order they came
        response = web.StreamResponse(headers={"content-type": "application/binary"})
        await response.prepare(request)
        broken = self.cut or self.closed_early
        for line in lines[: len(lines) // 2] if broken else lines:
            await response.write(line)
        if self.cut:
            self.cut -= 1
            await response.write(lines[-1][: len(lines[-1]) // 2])
            await asyncio.sleep(0.05)
            if request.transport:
                request.transport.abort()
        elif self.closed_early:
            self.closed_early -= 1
        return response

    async def _count(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.counted += 1
        return web.json_response({"input_tokens": sum(len(block["text"].split()) for block in answers.all_blocks(body))})

    def _age(self, batch: HeldBatch) -> None:
        batch.polls += 1
        if batch.polls > self.polls:
            self._end(batch)

    def _end(self, batch: HeldBatch) -> None:
        if batch.ended:
            return
        batch.ended = True
        made = ((each["custom_id"], self._result(each["params"], canceled=batch.canceled)) for each in batch.requests)
        batch.lines = [{"custom_id": custom_id, "result": result} for custom_id, result in made if result]

    def _result(self, params: Body, *, canceled: bool) -> Body | None:
        fault = self.entries.popleft() if self.entries else None
        reason = answers.refusal_reason(params)
        if canceled or fault in OUTCOMES:
            kind = "canceled" if canceled else str(fault)
            return {"type": kind} | ({"error": _error_body("api_error", "as scheduled")} if kind == "errored" else {})
        if reason or fault == "rejected":
            return {"type": "errored", "error": _error_body("invalid_request_error", reason or "as scheduled")}
        return None if fault == "missing" else {"type": "succeeded", "message": self.compose(params, fault or "")}

    def _shown(self, batch: HeldBatch, request: web.Request) -> Body:
        kinds = [line["result"]["type"] for line in batch.lines]
        counts = EMPTY | {kind: kinds.count(kind) for kind in set(kinds)}
        # What a server leaves out of its results it has still counted.
        counts["processing" if not batch.ended else "succeeded"] += len(batch.requests) - len(kinds)
        created = batch.created_at.isoformat()
        return {
            "id": batch.id,
            "type": "message_batch",
            "processing_status": "ended" if batch.ended else "in_progress",
            "request_counts": counts,
            "created_at": created,
            "ended_at": created if batch.ended else None,
            "expires_at": (batch.created_at + timedelta(hours=24)).isoformat(),
            "archived_at": None,
            "cancel_initiated_at": created if batch.canceled else None,
            "results_url": f"http://{request.host}/v1/messages/batches/{batch.id}/results" if batch.ended else None,
        }


def _id(page: list[Body], place: int) -> str | None:
    return page[place]["id"] if page else None


def _error_body(kind: str, message: str) -> Body:
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}


def _error(status: int, message: str) -> web.Response:
    kind = {400: "invalid_request_error", 404: "not_found_error", 429: "rate_limit_error"}[status]
    return web.json_response(_error_body(kind, message), status=status)
