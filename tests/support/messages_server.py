"""A real HTTP server that speaks the Messages API, with faults on demand. By hand: `python -m tests.support.messages_server --port 8400`."""

import argparse
import asyncio
import json
import random
import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Self

from aiohttp import web

from tests.support import answers
from tests.support.batches_server import Batches

Body = dict[str, Any]
Fault = dict[str, Any]
STATUS_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    500: "api_error",
    529: "overloaded_error",
}
RANDOM_FAULTS: tuple[Fault, ...] = (
    {"fault": "429", "retry_after": 1},
    {"fault": "529"},
    {"fault": "cut"},
    {"fault": "sse_error"},
    {"fault": "malformed"},
    {"fault": "not_json"},
)


class MessagesServer:
    """Runs in a thread of its own: `with MessagesServer() as server: … server.url`. Attributes may be read and set at any time.

    faults: consumed one per request; None in the list leaves a request alone. Beyond the list, `rate` of the requests
    draw one of RANDOM_FAULTS. A fault is {"fault": name, …} where name is an HTTP status (with retry_after, in seconds),
    cut or sse_error (after `events` pieces of text; sse_error with `type`), stall (`seconds`, likewise, with or
    without `pings`), slow (`delay` per piece), malformed, not_json, refusal or truncated.
    """

    def __init__(self, *, port: int = 0, answer: Callable[[Body], Body] = answers.default_answer, rate: float = 0.0, seed: int = 1) -> None:
        self.port, self.answer, self.rate, self.random = port, answer, rate, random.Random(seed)
        self.faults: deque[Fault | None] = deque()
        self.bodies: deque[Body] = deque(maxlen=100)
        self.headers: deque[dict[str, str]] = deque(maxlen=100)
        self.requests = self.in_flight = self.peak = 0
        self.delay = 0.0
        self._peers: set[object] = set()
        self._prefixes: set[str] = set()
        self._loop = asyncio.new_event_loop()
        self.batches = Batches(self._compose_in_batch)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        return len(self._peers)

    def schedule(self, *faults: Fault | str | None) -> None:
        self.faults = deque({"fault": fault} if isinstance(fault, str) else fault for fault in faults)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _start(self) -> None:
        app = web.Application(client_max_size=2**28)
        app.add_routes([web.post("/v1/messages", self._messages), web.get("/control", self._report), web.post("/control", self._control)])
        app.add_routes(self.batches.routes)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _report(self, _: web.Request) -> web.Response:
        counts = {name: getattr(self, name) for name in ("requests", "in_flight", "peak", "connections", "rate", "delay")}
        return web.json_response(counts | {"faults": list(self.faults), "bodies": list(self.bodies)})

    async def _control(self, request: web.Request) -> web.Response:
        """A list is the new schedule; an object sets faults, rate, delay or seed."""
        orders = await request.json()
        orders = orders if isinstance(orders, dict) else {"faults": orders}
        if "faults" in orders:
            self.schedule(*orders["faults"])
        self.rate, self.delay = orders.get("rate", self.rate), orders.get("delay", self.delay)
        if "seed" in orders:
            self.random.seed(orders["seed"])
        return await self._report(request)

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests += 1
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        self._peers.add(request.transport and request.transport.get_extra_info("peername"))
        self.bodies.append(body)
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        try:
            return await self._reply(request, body)
        finally:
            self.in_flight -= 1

    async def _reply(self, request: web.Request, body: Body) -> web.StreamResponse:
        # The SDK sends the key as a bearer token; other clients send it as x-api-key.
        if not (request.headers.get("x-api-key") or request.headers.get("authorization")):
            return _error(401, "x-api-key header is required")
        if reason := answers.refusal_reason(body):
            return _error(400, reason)
        fault = self._next_fault()
        if fault.get("fault", "").isdigit():
            return _error(int(fault["fault"]), "as scheduled", fault.get("retry_after"))
        reply = self._compose(body, fault)
        return await self._stream(request, reply, fault) if body.get("stream") else await self._whole(request, reply, fault)

    def _next_fault(self) -> Fault:
        if self.faults:
            return self.faults.popleft() or {}
        return self.random.choice(RANDOM_FAULTS) if self.random.random() < self.rate else {}

    def _compose(self, body: Body, fault: Fault) -> Body:
        value = self.answer(body)
        if fault.get("fault") == "invented":
            value = answers.inventing(value)
        text = json.dumps(answers.violating(value) if fault.get("fault") == "malformed" else value, ensure_ascii=False)
        stop = {"refusal": "refusal", "truncated": "max_tokens"}.get(fault.get("fault", ""), "end_turn")
        if fault.get("fault") == "not_json":
            text = "I would rather talk about the weather."
        elif stop != "end_turn":
            text = text[: len(text) // 2]
        return {
            "id": f"msg_{self.requests:08d}",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": [{"type": "text", "text": text}],
            "stop_reason": stop,
            "stop_sequence": None,
            "usage": self._usage(body) | {"output_tokens": len(text.split())},
        }

    def _compose_in_batch(self, body: Body, fault: str) -> Body:
        reply = self._compose(body, {"fault": fault})
        usage = reply["usage"]
        kept = usage["cache_creation_input_tokens"]
        usage |= {"service_tier": "batch", "cache_creation": {"ephemeral_1h_input_tokens": kept, "ephemeral_5m_input_tokens": 0}}
        return reply

    def _usage(self, body: Body) -> dict[str, Any]:
        """Words for tokens. What an earlier call wrote up to one of its breakpoints is read, up to ours is written."""
        every = answers.all_blocks(body)
        words = [len(block["text"].split()) for block in every]
        prefixes = [body["model"] + json.dumps([block["text"] for block in every[: end + 1]]) for end in range(len(every))]
        marks = [index for index, block in enumerate(every) if "cache_control" in block]
        last = marks[-1] + 1 if marks else 0
        read = max((index + 1 for index in range(last) if prefixes[index] in self._prefixes), default=0)
        self._prefixes |= {prefixes[index] for index in marks}
        return {
            "input_tokens": sum(words[last:]),
            "cache_read_input_tokens": sum(words[:read]),
            "cache_creation_input_tokens": sum(words[read:last]),
        }

    async def _whole(self, request: web.Request, reply: Body, fault: Fault) -> web.StreamResponse:
        match fault.get("fault"):
            case "cut":
                _drop(request)
            case "stall":
                await asyncio.sleep(fault.get("seconds", 60))
            case "sse_error":
                return _error(529, "as scheduled")
        await asyncio.sleep(fault.get("delay", self.delay))
        return web.json_response(reply)

    async def _stream(self, request: web.Request, reply: Body, fault: Fault) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream", "cache-control": "no-cache"})
        await response.prepare(request)
        with suppress(ConnectionResetError):
            for count, event in enumerate(_events(reply)):
                if count == fault.get("events", 5) + 3 and await self._interrupt(request, response, fault):
                    return response
                await response.write(_sse(event))
                if event["type"] == "content_block_delta":
                    await asyncio.sleep(fault.get("delay", self.delay))
            await asyncio.sleep(0.005)  # the end of the body comes a moment after the last event
        return response

    async def _interrupt(self, request: web.Request, response: web.StreamResponse, fault: Fault) -> bool:
        match fault.get("fault"):
            case "cut":
                _drop(request)
                return True
            case "sse_error":
                await response.write(_sse({"type": "error", "error": {"type": fault.get("type", "overloaded_error"), "message": "as scheduled"}}))
                return True
            case "stall":
                for _ in range(round(fault.get("seconds", 60) * 20)):
                    await asyncio.sleep(0.05)
                    if fault.get("pings"):
                        await response.write(_sse({"type": "ping"}))
        return False


def _events(reply: Body) -> Iterable[Body]:
    """The stream of one reply: three events, the pieces of its text, three more."""
    usage = reply["usage"]
    yield {"type": "message_start", "message": reply | {"content": [], "stop_reason": None, "usage": usage | {"output_tokens": 1}}}
    yield {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    yield {"type": "ping"}
    for piece in answers.pieces(reply["content"][0]["text"]):
        yield {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
    yield {"type": "content_block_stop", "index": 0}
    yield {"type": "message_delta", "delta": {"stop_reason": reply["stop_reason"], "stop_sequence": None}, "usage": usage}
    yield {"type": "message_stop"}


def _sse(event: Body) -> bytes:
    return f"event: {event['type']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def _error(status: int, message: str, retry_after: float | None = None) -> web.Response:
    kind = STATUS_TYPES.get(status, "api_error" if status >= 500 else "invalid_request_error")
    headers = {"retry-after": str(retry_after)} if retry_after is not None else {}
    return web.json_response({"type": "error", "error": {"type": kind, "message": message}}, status=status, headers=headers)


def _drop(request: web.Request) -> None:
    if request.transport:
        request.transport.abort()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--faults", type=json.loads, default=[], help='as JSON: [{"fault": "429", "retry_after": 1}, null, "cut"]')
    parser.add_argument("--rate", type=float, default=0.0, help="share of requests with a random fault")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each piece of text")
    options = parser.parse_args()
    with MessagesServer(port=options.port, rate=options.rate, seed=options.seed) as server, suppress(KeyboardInterrupt):
        server.schedule(*options.faults)
        server.delay = options.delay
        print(server.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
