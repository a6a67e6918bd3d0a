"""Two replicas with the same messages wait for each other, never on each other."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

from messaging import inbox
from messaging.work import Submission

from .bench import Bench


async def test_ids_that_are_claimed_in_opposite_orders_do_not_deadlock(bench: Bench) -> None:
    ids = [uuid4() for _ in range(3000)]

    async def claim(ids: Sequence[UUID]) -> int:
        async with bench.database.transaction() as transaction:
            claimed = await inbox.claim(transaction, ids)
        return len(claimed.message_ids)

    assert sorted(await asyncio.gather(claim(ids), claim(ids[::-1]))) == [0, 3000]


async def test_commands_that_are_claimed_in_opposite_orders_do_not_deadlock(bench: Bench) -> None:
    commands = [Submission(uuid4(), "hash", None) for _ in range(3000)]

    async def claim(commands: Sequence[Submission]) -> int:
        async with bench.database.transaction() as transaction:
            claimed = await inbox.claim(transaction, submissions=commands)
        assert len(claimed.commands) + len(claimed.again) == 3000
        return len(claimed.commands)

    assert sorted(await asyncio.gather(claim(commands), claim(commands[::-1]))) == [0, 3000]


async def test_a_claim_that_is_rolled_back_leaves_its_ids_to_who_waited(bench: Bench) -> None:
    ids = [uuid4() for _ in range(10)]
    first = bench.database.transaction()
    transaction = await first.__aenter__()
    await inbox.claim(transaction, ids)

    async def claim() -> set[UUID]:
        async with bench.database.transaction() as other:
            return (await inbox.claim(other, ids)).message_ids

    waiting = asyncio.create_task(claim())
    await bench.expect(
        "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'", 1
    )
    await first.__aexit__(ValueError, ValueError(), None)

    assert await waiting == set(ids)
