"""Move the clocks of sandbox chains."""

from collections.abc import Sequence
from datetime import timedelta

from booking.commands.asked import Asked, answering
from booking.domain.catalogue import Chain
from booking.domain.clocks import ahead_for
from booking.domain.refusals import Refusal, unknown
from booking.store import catalogue, deadlines
from clocks import Clocks
from contracts.booking import SetTestClock, TestClockSet
from contracts.booking_views import TestClockView
from messaging import Work


async def set_test_clocks(
    work: Work, asked: Sequence[Asked[SetTestClock]], *, test_clocks: Clocks
) -> None:
    """Move clocks forward; what waits is due the earlier, here and in the other services.

    One by one: there are few, and each clock follows from the one before.
    """
    chains = await catalogue.chains(work.transaction, (each.body.chain_id for each in asked))
    for each in asked:
        with answering(work, each):
            chain = chains.get(each.body.chain_id)
            if chain is None or not each.principal.reaches(chain.chain_id):
                raise unknown(f"chain {each.body.chain_id}")
            await _move(work, each, chain, test_clocks)


async def _move(work: Work, asked: Asked[SetTestClock], chain: Chain, test_clocks: Clocks) -> None:
    reading = await test_clocks.reading(work.transaction, chain.chain_id)
    wanted = asked.body.clock.now
    ahead = ahead_for(chain, wanted, now=work.now, ahead=reading.ahead)
    revision = reading.revision + 1
    moved = await test_clocks.set(work.transaction, chain.chain_id, revision, ahead)
    if moved is None:
        raise Refusal("conflict", "The clock is being moved by somebody else, or clocks are off.")
    await deadlines.move(work.transaction, chain.chain_id, moved.by)
    seconds = ahead // timedelta(seconds=1)
    fact = TestClockSet(chain_id=chain.chain_id, revision=revision, offset_seconds=seconds)
    work.publish(fact, cause=asked.id)
    view = TestClockView(
        chain_id=chain.chain_id,
        revision=revision,
        offset_seconds=seconds,
        now=work.now + ahead,
    )
    work.conclude(asked.id, view.model_dump(mode="json"))
