"""The relay publishes what is committed: all of it, in the order of every key."""

import asyncio
from uuid import UUID, uuid4

import pytest

from contracts.reply import Reply
from messaging import Messaging
from messaging.relay import Relay
from messaging.speaking import Speaker
from messaging.work import MAX_BODY, MessageTooLargeError

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


async def test_the_relay_is_woken_by_those_alone_who_say_something(bench: Bench) -> None:
    class Heard(Relay):
        woken = 0

        def wake(self) -> None:
            self.woken += 1

    relay = Heard(bench.database, bench.publisher)
    messaging = Messaging(Speaker(bench.service, bench.conversation, bench.database, relay), None)
    async with messaging.work():
        pass
    assert relay.woken == 0
    await _say(messaging, uuid4(), range(1))
    assert relay.woken == 1


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


async def test_a_row_that_the_broker_refuses_holds_up_its_own_key_alone(bench: Bench) -> None:
    stuck, free = uuid4(), uuid4()
    said = [Added(counter_id=key, total=0, revision=n) for key, n in ((stuck, 1), (stuck, 2))]
    said.append(Added(counter_id=free, total=0, revision=1))
    padding = [" " * 1_200_000, "", ""]
    await bench.database.pool.execute(
        """
        INSERT INTO outbox (message_id, topic, key, headers, body)
        SELECT gen_random_uuid(), $1, key, '{}', body FROM unnest($2::text[], $3::text[])
            AS said (key, body)
        """,
        bench.conversation.topic_of(said[0]).name,
        [str(one.counter_id) for one in said],
        [one.model_dump_json() + pad for one, pad in zip(said, padding, strict=True)],
    )
    async with bench.running(handle=None):
        await bench.expect("outbox WHERE published_at IS NOT NULL", 1)
        keys = await bench.database.pool.fetch("SELECT key FROM outbox WHERE published_at IS NULL")
        assert [row["key"] for row in keys] == [str(stuck)] * 2

        await bench.database.pool.execute("UPDATE outbox SET body = btrim(body)")
        announced = await bench.totals()

    assert [one.revision for one in announced if one.counter_id == stuck] == [1, 2]
    assert [one.revision for one in announced if one.counter_id == free] == [1]


async def test_a_message_that_the_broker_would_refuse_is_an_error_when_it_is_said(
    bench: Bench,
) -> None:
    async with bench.running(handle=None) as messaging, messaging.work() as work:
        reply = Reply(
            command_id=uuid4(), request_hash="", state="done", result={"text": "x" * MAX_BODY}
        )
        with pytest.raises(MessageTooLargeError):
            work.publish(reply, cause=uuid4())
