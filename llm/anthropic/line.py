"""One client and one cap on calls for each event loop: connections are of the loop that opened them."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from functools import cache
from random import uniform
from time import monotonic

import httpx2
from anthropic import AsyncAnthropic, DefaultAioHttpClient

from llm.anthropic.errors import retry_after

IDLE_SECONDS = 60.0  # how long a connection is kept for the next turn: people think for half a minute
CONNECT_SECONDS = 10.0
REFUSALS = (429, 529)  # too many calls; too many for everyone
REST_SECONDS = 1.0  # where the server does not say for how long


@dataclass(frozen=True)
class Endpoint:
    """A server and how patient to be with it. Two models at one endpoint share its cap."""

    api_key: str = field(repr=False)
    base_url: str
    timeout: float
    max_retries: int
    max_concurrency: int


class Gate:
    """Where background calls wait while the server has asked for a rest: one refusal holds them all, not only the call that was refused."""

    def __init__(self) -> None:
        self._until = 0.0

    def rest(self, seconds: float) -> None:
        self._until = max(self._until, monotonic() + seconds)

    async def wait(self) -> None:
        if (left := self._until - monotonic()) > 0:
            await asyncio.sleep(left * uniform(1.0, 1.2))  # noqa: S311 - no secret; not all at the same moment
            await self.wait()


@dataclass(frozen=True)
class Line:
    client: AsyncAnthropic
    slots: asyncio.Semaphore
    gate: Gate


_lines: dict[tuple[asyncio.AbstractEventLoop, Endpoint], tuple[AsyncGenerator[Line, None], Line]] = {}


async def line_to(endpoint: Endpoint) -> Line:
    """The running loop's line to an endpoint. Workers run a loop for every task, so lines of closed loops are forgotten."""
    key = (asyncio.get_running_loop(), endpoint)
    if key not in _lines:
        for old in [old for old in list(_lines) if old[0].is_closed()]:
            _lines.pop(old, None)
        lifetime = _lifetime(endpoint)
        _lines[key] = (lifetime, await anext(lifetime))
    return _lines[key][1]


async def _lifetime(endpoint: Endpoint) -> AsyncGenerator[Line, None]:
    """Yields one line. A loop that ends finishes its generators, which closes the client while it still can be."""
    gate = Gate()
    client = _client(endpoint, gate)
    try:
        yield Line(client, asyncio.Semaphore(endpoint.max_concurrency), gate)
    finally:
        await client.close()


def _client(endpoint: Endpoint, gate: Gate) -> AsyncAnthropic:
    async def hold_the_others(response: httpx2.Response) -> None:
        if response.status_code in REFUSALS:
            gate.rest(min(retry_after(response.headers) or REST_SECONDS, endpoint.timeout))

    async def hand_back_long_waits(response: httpx2.Response) -> None:
        # The SDK would sleep as long as it is told, an hour if need be, and hold a slot all the while.
        if (retry_after(response.headers) or 0) > endpoint.timeout:
            response.headers["x-should-retry"] = "false"

    timeout = patience(endpoint.timeout)
    http = DefaultAioHttpClient(
        timeout=timeout,
        verify=_tls(),
        limits=httpx2.Limits(max_connections=endpoint.max_concurrency, keepalive_expiry=IDLE_SECONDS),
        event_hooks={"response": [hand_back_long_waits, hold_the_others]},
    )
    return AsyncAnthropic(
        api_key=endpoint.api_key, base_url=endpoint.base_url or None, max_retries=endpoint.max_retries, timeout=timeout, http_client=http
    )


def patience(seconds: float) -> httpx2.Timeout:
    """Seconds of silence allowed; less for the handshake, because a server that is there answers it at once."""
    return httpx2.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))


@cache
def _tls() -> ssl.SSLContext:
    """Reading the certificates takes 20 ms: once for a process, not once for every loop."""
    return httpx2.create_ssl_context()
