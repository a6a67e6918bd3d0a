"""The relay publishes what is committed: all of it, in the order of every key."""

import asyncio
from uuid import UUID, uuid4

from messaging import Messaging

from .bench import Bench
from .toy import Added


async def _say(messaging: Messaging, counter_id: UUID, revisions: range) -> None:
    async with messaging.work() as work:
        # The key's lock, as every service holds one.
        await work.transaction.execute("SELECT pg_advisory_xact_lock($1)", counter_id.int % 2**62)
        for revision in revisions:
            work.publish(Added(counter_id=counter_id, total=0, revision=revision), cause=uuid4())


async def test_the_order_of_a_key_is_the_order_of_its_commits(bench: Bench) -> None:
    counters = [uuid4() for _ in range(10)]
    async with bench.running("toy-1", handle=None) as one, bench.running("toy-2", None) as other:
        for begin in range(0, 100, 10):
            speakers = [one, other] if begin % 20 else [other, one]
            await asyncio.gather(
                *(
                    _say(speakers[n % 2], counter, range(begin, begin + 10))
                    for n, counter in enumerate(counters)
                )
            )
        announced = await bench.totals()

    for counter in counters:
        revisions = [said.revision for said in announced if said.counter_id == counter]
        assert revisions == list(range(100))


async def test_a_row_with_a_lower_id_that_commits_later_is_published(bench: Bench) -> None:
    early, late = uuid4(), uuid4()
    async with bench.running(handle=None) as messaging:
        # Both take their outbox ids, then the higher one commits first.
        slow = bench.database.transaction()
        transaction = await slow.__aenter__()
        await transaction.execute("SELECT nextval('outbox_id_seq')")
        number = await transaction.fetchval("SELECT currval('outbox_id_seq')")
        await _say(messaging, late, range(1))
        assert [one.counter_id for one in await bench.totals()] == [late]
        await transaction.execute(
            """
            INSERT INTO outbox (id, message_id, topic, key, headers, body)
            SELECT $1, $2, topic, key, headers, replace(body, $3, $4) FROM outbox
            """,
            number,
            uuid4(),
            str(late),
            str(early),
        )
        await slow.__aexit__(None, None, None)
        announced = await bench.totals()

    assert {one.counter_id for one in announced} == {early, late}
