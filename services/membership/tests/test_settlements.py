"""Holds, starts and cancellations on the real database: state, outbox, everything twice."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import uuid4

import asyncpg
import pytest

from contracts.base import Message
from contracts.booking import BookingRefused
from contracts.membership import (
    AppointmentSettled,
    HoldPlaced,
    HoldRefused,
    LedgerEntryRecorded,
)
from membership import queries

from .studio import Studio, cancellation_of, hold_of, record_of, start_of


@pytest.fixture(autouse=True)
async def every_bucket_equals_its_ledger(studio: Studio) -> object:
    yield
    assert await queries.inconsistent_buckets(studio.database.pool) == []


@pytest.mark.rule("A4", "A15", "X1")
async def test_a_start_is_settled_once_and_its_debit_recorded(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna, sessions=8)
    plan = studio.appointment(anna, spots=2)
    await studio.hear(hold_of(plan))
    assert await studio.balances(membership_id) == (0, 2, 0)
    await studio.hear(start_of(plan))
    await studio.hear(start_of(plan))
    assert await studio.balances(membership_id) == (2, 0, 0)
    (settled,) = await studio.said(AppointmentSettled)
    assert (settled.revision, settled.outcome, settled.shortfall) == (1, "debited", 0)
    assert [line.membership_id for line in settled.lines] == [membership_id] * 2
    entries = await studio.said(LedgerEntryRecorded)
    assert [(e.revision, e.kind, e.balance) for e in entries] == [
        (1, "granted", 8),
        (2, "debited", 7),
        (3, "debited", 6),
    ]
    states = await studio.database.pool.fetch("SELECT DISTINCT state FROM holds")
    assert [row["state"] for row in states] == ["debited"]


@pytest.mark.rule("G5", "G7")
async def test_a_hold_without_a_membership_is_refused_with_its_reasons(studio: Studio) -> None:
    plan = studio.appointment(uuid4())
    await studio.hear(hold_of(plan))
    (refused,) = await studio.said(HoldRefused)
    assert refused.booking_id == plan.booking_id
    assert [(why.rule, why.reason) for why in refused.reasons] == [("G5", "no_membership")]


@pytest.mark.rule("A10")
async def test_a_cancellation_reverses_each_debit_once(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = studio.appointment(anna)
    await studio.hear(hold_of(plan), start_of(plan))
    await studio.hear(cancellation_of(plan))
    await studio.hear(cancellation_of(plan))
    assert await studio.balances(membership_id) == (0, 0, 0)
    settled = await studio.said(AppointmentSettled)
    assert [(s.revision, s.outcome) for s in settled] == [(1, "debited"), (2, "reversed")]
    kinds = [entry.kind for entry in await studio.said(LedgerEntryRecorded)]
    assert kinds == ["granted", "debited", "reversed"]


@pytest.mark.rule("A15")
@pytest.mark.parametrize("charge", [False, True])
async def test_every_order_of_arrival_ends_in_the_same_balances(
    studio: Studio, *, charge: bool
) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna, sessions=100)
    for order in permutations([hold_of, start_of, cancellation_of]):
        plan = studio.appointment(anna)
        for message_about in order:
            if message_about is cancellation_of:
                await studio.hear(cancellation_of(plan, charge=charge))
            else:
                await studio.hear(message_about(plan))
    assert await studio.balances(membership_id) == ((6, 0, 0) if charge else (0, 0, 0))


@pytest.mark.rule("X7")
async def test_a_booking_refused_before_or_after_its_hold_holds_nothing(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    for first_refused in (True, False):
        plan = studio.appointment(anna)
        refused = BookingRefused(
            booking_id=plan.booking_id,
            location_id=plan.location_id,
            client_id=anna,
            appointment_ids=(plan.appointment_id,),
            reason="timed_out",
        )
        messages = [refused, hold_of(plan)] if first_refused else [hold_of(plan), refused]
        for message in messages:
            await studio.hear(message)
    assert await studio.balances(membership_id) == (0, 0, 0)
    (answer,) = await studio.said(HoldRefused)
    assert answer.reasons == ()


@pytest.mark.rule("X1", "A15")
async def test_one_batch_may_speak_of_one_wallet_many_times(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna, sessions=30)
    plans = [studio.appointment(anna) for _ in range(20)]
    await studio.hear(
        *(hold_of(plan) for plan in plans),
        *(start_of(plan) for plan in plans),
        *(cancellation_of(plan) for plan in plans[:5]),
    )
    assert await studio.balances(membership_id) == (15, 0, 0)


@pytest.mark.rule("S7")
async def test_of_two_clients_racing_for_the_last_session_exactly_one_gets_it(
    studio: Studio,
) -> None:
    for _ in range(10):
        anna, ben = uuid4(), uuid4()
        membership_id = await studio.membership(anna, sessions=1)
        await studio.share(membership_id, ben)
        await asyncio.gather(
            *(studio.hear(hold_of(studio.appointment(client))) for client in (anna, ben))
        )
        assert await studio.balances(membership_id) == (0, 1, 0)
    assert len(await studio.said(HoldPlaced)) == 10
    assert len(await studio.said(HoldRefused)) == 10


@pytest.mark.rule("S7")
async def test_a_batch_that_waits_for_the_lock_sees_what_the_first_one_did(studio: Studio) -> None:
    anna, ben = uuid4(), uuid4()
    membership_id = await studio.membership(anna, sessions=1)
    await studio.share(membership_id, ben)
    first = start_of(studio.appointment(anna))
    async with while_it_holds_the_lock(studio, first):
        second = asyncio.create_task(studio.hear(start_of(studio.appointment(ben))))
        await somebody_waits(studio)
    await second
    settled = await studio.said(AppointmentSettled)
    assert [line.reason for one in settled for line in one.lines] == [None, "used_up"]
    assert await studio.balances(membership_id) == (1, 0, 0)


@pytest.mark.rule("S7")
async def test_a_batch_that_waits_while_wallets_are_joined_decides_in_the_joined_one(
    studio: Studio,
) -> None:
    anna, ben = uuid4(), uuid4()
    membership_id = await studio.membership(anna, sessions=1)
    await studio.hear(start_of(studio.appointment(ben)))  # gives Ben a wallet of his own
    async with while_it_holds_the_lock(studio, studio.sharing(membership_id, ben)):
        second = asyncio.create_task(studio.hear(hold_of(studio.appointment(ben))))
        await somebody_waits(studio)
    await second
    assert len(await studio.said(HoldPlaced)) == 1
    assert await studio.balances(membership_id) == (0, 1, 0)


@asynccontextmanager
async def while_it_holds_the_lock(studio: Studio, message: Message) -> AsyncGenerator[None, None]:
    """Handle a message, and commit at the end of the block."""
    async with studio.batches.speaker.work() as work:
        await studio.batches.handle(work, [studio.delivery(message)])
        yield


async def somebody_waits(studio: Studio) -> None:
    """Return when a transaction waits for a lock in this database."""
    async with asyncio.timeout(30):
        waiting = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        while not await studio.database.pool.fetchval(waiting):  # noqa: ASYNC110 — it has no event
            await asyncio.sleep(0.01)


@pytest.mark.rule("X1")
@pytest.mark.parametrize("change", ["UPDATE ledger SET sessions = 9", "DELETE FROM ledger"])
async def test_the_ledger_is_append_only(studio: Studio, change: str) -> None:
    await studio.membership(uuid4())
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await studio.database.pool.execute(change)


@pytest.mark.rule("X1")
@pytest.mark.parametrize("change", ["debited = 9", "held = 9", "held = -1", "expired = 9"])
async def test_the_schema_forbids_to_overdraw_a_bucket(studio: Studio, change: str) -> None:
    await studio.membership(uuid4(), sessions=8)
    with pytest.raises(asyncpg.CheckViolationError):
        await studio.database.pool.execute(f"UPDATE buckets SET {change}")


@pytest.mark.rule("X1", "A15")
async def test_the_schema_forbids_to_decide_about_a_line_twice(studio: Studio) -> None:
    anna = uuid4()
    await studio.membership(anna, sessions=8)
    await studio.hear(start_of(studio.appointment(anna)))
    with pytest.raises(asyncpg.UniqueViolationError, match="ledger_decision"):
        await studio.database.pool.execute(
            """
            INSERT INTO ledger
            SELECT (jsonb_populate_record(entry, jsonb_build_object(
                'entry_id', gen_random_uuid(), 'revision', entry.revision + 1
            ))).*
            FROM ledger AS entry WHERE kind = 'debited'
            """
        )


@pytest.mark.rule("X1")
async def test_a_bucket_that_does_not_equal_its_ledger_is_found(studio: Studio) -> None:
    membership_id = await studio.membership(uuid4())
    pool = studio.database.pool
    for wrong, right in [("debited = 1", "debited = 0"), ("held = 1", "held = 0")]:
        await pool.execute(f"UPDATE buckets SET {wrong}")
        assert await queries.inconsistent_buckets(pool) == [
            await pool.fetchval(
                "SELECT bucket_id FROM buckets WHERE membership_id = $1", membership_id
            )
        ]
        await pool.execute(f"UPDATE buckets SET {right}")


async def test_many_wallets_in_opposite_orders_do_not_deadlock(studio: Studio) -> None:
    clients = [uuid4() for _ in range(40)]
    type_id = await studio.membership_type()
    await studio.hear(*(studio.sold(client, type_id) for client in clients))
    forth = [record_of(start_of(studio.appointment(client))) for client in clients]
    back = [record_of(start_of(studio.appointment(client))) for client in reversed(clients)]
    await asyncio.gather(studio.deliver(forth), studio.deliver(back))
    assert len(await studio.said(AppointmentSettled)) == 80


async def test_a_late_settlement_tells_its_delay(studio: Studio) -> None:
    anna = uuid4()
    await studio.membership(anna)
    plan = studio.appointment(anna)
    earlier = plan.model_copy(update={"start": datetime.now(UTC) - timedelta(minutes=5)})
    await studio.hear(start_of(earlier))
    (settled,) = await studio.said(AppointmentSettled)
    assert 300_000 <= settled.delay_ms < 360_000
