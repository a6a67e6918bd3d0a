"""A process that is killed anywhere in a batch leaves exactly one effect of each message."""

import pytest

from .bench import Bench

POINTS = ["after_begin", "after_effect", "before_commit", "after_commit", "before_acknowledge"]


@pytest.mark.parametrize("point", POINTS)
async def test_a_kill_at_any_point_and_a_second_delivery_leave_one_effect(
    bench: Bench, point: str
) -> None:
    records = bench.adds(range(100, 120))
    await bench.tell(*records, *records)

    await bench.died(await bench.start(DIE_AT=point))
    assert (await bench.effects() == []) == (point in POINTS[:3])  # not committed
    await bench.start()
    await bench.acknowledged()

    assert await bench.effects() == list(range(100, 120))
    announced = await bench.totals()
    assert sorted({one.total for one in announced}) == list(range(100, 120))
    assert await bench.count("outbox") == 20
    assert await bench.count("dead_letters") == 0
