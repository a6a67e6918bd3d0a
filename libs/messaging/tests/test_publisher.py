"""What a publisher promises to those who wait for the broker's confirmation."""

from dataclasses import replace
from uuid import uuid4

import pytest

from messaging import Publisher, PublishError
from messaging.publisher import up_to_first_failure

from .bench import Bench
from .toy import Add


async def test_of_one_key_nothing_counts_as_confirmed_after_a_failure(bench: Bench) -> None:
    refused, after = bench.adds([100, 101], uuid4())
    others = bench.adds([102, 103])
    refused = replace(refused, value=b" " * 1_200_000)

    confirmed = await bench.publisher.publish_all([others[0], refused, after, others[1]])

    assert confirmed == [True, False, False, True]
    assert sorted(one.amount for one in await bench.hear(Add)) == [102, 103]


async def test_what_was_sent_after_a_failure_of_its_key_is_sent_once_more(bench: Bench) -> None:
    one = bench.adds([1, 2, 3], uuid4())
    other = bench.adds([4], uuid4())

    assert up_to_first_failure([*one, *other], [True, False, True, True]) == [
        True,
        False,
        False,
        True,
    ]


async def test_a_topic_that_is_missing_holds_up_no_other(bench: Bench) -> None:
    there, missing = bench.adds([100, 101])
    missing = replace(missing, topic=f"{bench.service}.nowhere")

    assert await bench.publisher.publish_all([missing, there]) == [False, True]


async def test_without_a_broker_publishing_fails_and_says_so(bench: Bench) -> None:
    [record] = bench.adds([100])
    async with Publisher.connect("127.0.0.1:1", client_id="tests") as publisher:
        with pytest.raises(PublishError):
            await publisher.publish(record)


async def test_of_one_partition_more_is_sent_than_one_request_takes_in_order(bench: Bench) -> None:
    records = [
        replace(record, value=record.value + b" " * 300_000)
        for record in bench.adds(range(100, 107), uuid4())
    ]

    assert all(await bench.publisher.publish_all(records))

    assert [one.amount for one in await bench.hear(Add)] == list(range(100, 107))
