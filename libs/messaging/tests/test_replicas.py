"""Replicas share the work, take over from each other, and keep the order of every key."""

import signal
from uuid import UUID, uuid4

from .bench import Bench, until
from .toy import Added


def _in_order(announced: list[Added], counter_id: UUID) -> bool:
    """Whether each revision is first heard after all lower ones; copies may come later."""
    firsts = dict.fromkeys(one.revision for one in announced if one.counter_id == counter_id)
    return list(firsts) == sorted(firsts)


async def test_a_rebalance_in_the_midst_of_batches_loses_and_doubles_nothing(bench: Bench) -> None:
    counters = [uuid4() for _ in range(20)]
    first, second, third = (
        [record for counter in counters for record in bench.adds([1] * 10, counter)]
        for _ in range(3)
    )
    await bench.tell(*first)
    async with bench.running("toy-1"):
        await bench.tell(*second)
        async with bench.running("toy-2"):
            await bench.tell(*third)
            await bench.acknowledged()
        await bench.tell(*bench.adds([1] * 20, counters[0]))
        await bench.acknowledged()
        announced = await bench.totals()

    assert await bench.effects() == [1] * 620
    assert all(_in_order(announced, counter) for counter in counters)
    assert max(one.total for one in announced) == 50


async def test_when_one_of_two_replicas_is_killed_the_other_goes_on(bench: Bench) -> None:
    counters = [uuid4() for _ in range(8)]
    one = await bench.start("toy-1")
    await bench.start("toy-2")
    await bench.tell(*(record for counter in counters for record in bench.adds([1] * 5, counter)))
    await bench.expect("effects", 40)
    one.send_signal(signal.SIGKILL)
    await bench.died(one)
    await bench.tell(*(record for counter in counters for record in bench.adds([2] * 5, counter)))
    await bench.acknowledged()
    announced = await bench.totals()

    assert await bench.effects() == [1] * 40 + [2] * 40
    assert all(_in_order(announced, counter) for counter in counters)


async def test_a_process_that_is_told_to_stop_leaves_nothing_unsaid(bench: Bench) -> None:
    process = await bench.start()
    await bench.tell(*bench.adds(range(100, 200)))

    async def begun() -> bool:
        return await bench.count("effects") > 0

    await until(begun, "the first effect")
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0

    assert await bench.count("outbox WHERE published_at IS NULL") == 0
    assert await bench.count("effects") == await bench.count("outbox")
