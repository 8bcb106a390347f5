"""The third verb over the wire: batches made, asked after, collected and cancelled, and what can be wrong with them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from interviewer.reply import Reply as Spoken
from llm import ModelError, batches_for
from llm.base import Reply, Request, Usage
from llm.usage import cost_usd
from tests.llm.calling import EXPECTED, PROMPT, model
from tests.support.messages_server import MessagesServer

LONG_AGO = datetime.now(UTC) - timedelta(days=1)


def requests(count: int) -> list[Request]:
    return [Request(f"r{number}", PROMPT, Spoken) for number in range(count)]


async def collected(server: MessagesServer, count: int) -> dict[str, str]:
    asked = model(server)
    batch = await asked.submit(requests(count))
    await asked.poll(batch.id)
    found = {}
    async for key, result in asked.collect(batch.id):
        found[key] = "fits" if isinstance(result, Reply) and _fits(result) else _code(result)
    return dict(sorted(found.items()))


def _fits(reply: Reply) -> bool:
    try:
        return reply.read(Spoken) == EXPECTED
    except ModelError:
        return False


def _code(result: Reply | ModelError) -> str:
    return "misfit" if isinstance(result, Reply) else f"{result.code}, {'again' if result.retry else 'never'}"


async def test_a_batch_is_answered_in_any_order_at_half_the_price_with_a_cache_of_an_hour(server: MessagesServer) -> None:
    asked = model(server)
    server.batches.polls = 1
    batch = await asked.submit(requests(2))
    assert (batch.ended, batch.requests) == (False, 2)
    assert [(await asked.poll(batch.id)).ended for _ in range(2)] == [False, True]
    results = [each async for each in asked.collect(batch.id)]
    assert [key for key, _ in results] == ["r1", "r0"]
    replies = [reply for _, reply in results if isinstance(reply, Reply)]
    assert [reply.read(Spoken) for reply in replies] == [EXPECTED, EXPECTED]
    assert [reply.usage for reply in replies] == [
        Usage(input=5, cache_read=17, output=16, batch=True),
        Usage(input=5, cache_write=17, output=16, kept_an_hour=17, batch=True),
    ]
    marks = [block["cache_control"] for body in server.batches.bodies for block in body["system"]]
    assert marks == [{"type": "ephemeral", "ttl": "1h"}] * 2


async def test_each_entry_says_whether_it_may_be_tried_again(server: MessagesServer) -> None:
    server.batches.entries.extend([None, "errored", "rejected", "expired", "canceled", "missing", "malformed", "refusal", "truncated"])
    assert await collected(server, 9) == {
        "r0": "fits",
        "r1": "overloaded, again",
        "r2": "rejected, never",
        "r3": "expired, again",
        "r4": "canceled, again",
        "r6": "misfit",
        "r7": "refused, never",
        "r8": "truncated, never",
    }


async def test_results_that_break_off_say_so_after_what_came(server: MessagesServer) -> None:
    asked, came = model(server), list[str]()
    server.batches.cut = 1
    batch = await asked.submit(requests(4))
    await asked.poll(batch.id)

    async def read() -> None:
        async for key, _ in asked.collect(batch.id):
            came.append(key)

    with pytest.raises(ModelError) as broken:
        await read()
    assert (came, broken.value.code, broken.value.retry) == (["r3", "r2"], "cut", True)


async def test_a_creation_is_tried_once_and_found_again_among_the_recent(server: MessagesServer) -> None:
    asked = model(server, max_retries=3)
    server.batches.refused = 1
    with pytest.raises(ModelError) as refused:
        await asked.submit(requests(1))
    assert (refused.value.code, await asked.recent(LONG_AGO)) == ("rate_limited", [])
    made = [await asked.submit(requests(count)) for count in (1, 2)]
    assert [(batch.id, batch.requests) for batch in await asked.recent(LONG_AGO)] == [(made[1].id, 2), (made[0].id, 1)]
    assert await asked.recent(datetime.now(UTC) + timedelta(minutes=1)) == []


async def test_a_cancelled_batch_ends_without_what_was_not_answered(server: MessagesServer) -> None:
    asked = model(server)
    batch = await asked.submit(requests(1))
    assert (await asked.cancel(batch.id)).ended
    assert [_code(result) async for _, result in asked.collect(batch.id)] == ["canceled, again"]


async def test_tokens_are_counted_by_the_server(server: MessagesServer) -> None:
    assert await model(server).count(PROMPT, Spoken) == 22


def test_a_batch_costs_half_and_an_hour_in_the_cache_more_than_five_minutes() -> None:
    usage = Usage(input=1_000_000, cache_write=1_000_000, kept_an_hour=1_000_000, batch=True)
    assert cost_usd("claude-sonnet-5-5", usage) == Decimal(3)


def test_offline_there_are_no_batches() -> None:
    with pytest.raises(ModelError, match="offline there are none"):
        batches_for("analyst")
