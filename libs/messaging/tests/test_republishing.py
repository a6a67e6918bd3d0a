"""What was said can be said again for a day; hearers that know it ignore it."""

import asyncio
import sys
from collections import Counter
from uuid import uuid4

from messaging.retention import prune

from .bench import Bench


async def _republish(bench: Bench, *arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "messaging", "republish", *arguments),
        env={"POSTGRES_DSN": bench.dsn, "PATH": ""},
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    return printed.decode()


async def test_what_was_said_in_a_span_is_said_again_in_its_order(bench: Bench) -> None:
    counter_id = uuid4()
    await bench.tell(*bench.adds(range(1, 6), counter_id))
    async with bench.running():
        await bench.acknowledged()
        before = await bench.totals()
        await bench.database.pool.execute(
            "UPDATE outbox SET created_at = '2020-01-01Z' WHERE body::jsonb ->> 'revision' = '1'"
        )
        topic = bench.conversation.topic_of(before[0]).name

        assert await _republish(bench, "--since", "2020-01-02T00:00", "--topic", "another") == ""
        printed = await _republish(bench, "--since", "2020-01-02T00:00", "--topic", topic)

        assert printed.split() == ["4", topic]
        after = await bench.totals()
    assert after == [*before, *before[1:]]


async def test_what_is_published_is_kept_for_a_day_and_answers_for_three(bench: Bench) -> None:
    await bench.database.pool.execute(
        """
        INSERT INTO outbox (message_id, topic, key, headers, body, created_at, published_at)
        SELECT gen_random_uuid(), 'topic', coalesce(age::text, 'unpublished'), '{}', '{}',
               now() - interval '9 days', now() - make_interval(hours => age)
        FROM unnest(ARRAY[23, 25, 25, 25, NULL]) AS age
        """
    )
    await bench.database.pool.execute(
        """
        INSERT INTO operations (command_id, request_hash, state, status, concluded_at, created_at)
        SELECT gen_random_uuid(), '', state, status, now() - make_interval(hours => age),
               now() - interval '9 days'
        FROM (VALUES ('done', 200, 71), ('done', 200, 73), ('pending', NULL, NULL))
            AS operation (state, status, age)
        """
    )

    await prune(bench.database, at_once=2)

    rows = await bench.database.pool.fetch("SELECT key FROM outbox")
    assert Counter(row["key"] for row in rows) == {"23": 1, "unpublished": 1}
    assert await bench.count("operations WHERE state = 'pending'") == 1
    assert await bench.count("operations") == 2
