"""Reschedules, passed holds and clocks on the real database: state, outbox, everything twice."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from clocks import Clocks
from contracts import booking
from contracts.base import Message
from contracts.membership import (
    AppointmentSettled,
    HoldMoved,
    HoldPlaced,
    HoldRefused,
    HoldReleased,
)
from membership import commands, consumers, queries

from .studio import (
    Studio,
    cancellation_of,
    hold_of,
    moved,
    reschedule_refusal_of,
    rescheduling_of,
    start_of,
)

KEPT = timedelta(days=7)


@pytest.fixture(autouse=True)
async def every_bucket_equals_its_ledger(studio: Studio) -> object:
    yield
    assert await queries.inconsistent_buckets(studio.database.pool) == []


@pytest.mark.rule("A15", "G11")
async def test_every_order_in_which_a_reschedule_is_heard_ends_in_one_debit(
    studio: Studio,
) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna, sessions=100)
    for number, order in enumerate(permutations(range(4)), start=1):
        plan = studio.appointment(anna)
        later, reschedule_id = moved(plan), uuid4()
        said = [
            hold_of(later, reschedule_id),
            rescheduling_of(plan, later),
            start_of(plan),
            start_of(later),
        ]
        await studio.hear(hold_of(plan))
        for at in order:
            await studio.hear(said[at])
        assert await studio.balances(membership_id) == (number, 0, 0)


@pytest.mark.rule("G11")
async def test_the_answer_to_another_time_names_the_reschedule_and_the_start_settles_it(
    studio: Studio,
) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna, sessions=1)
    plan = studio.appointment(anna)
    later, reschedule_id = moved(plan), uuid4()
    await studio.hear(hold_of(plan))
    await studio.hear(start_of(plan))
    await studio.hear(hold_of(later, reschedule_id))
    *_, answer = await studio.said(HoldPlaced)
    assert answer.reschedule_id == reschedule_id
    assert [line.membership_id for line in answer.lines] == [membership_id]
    await studio.hear(rescheduling_of(plan, later), start_of(later))
    settled = await studio.said(AppointmentSettled)
    assert [(one.revision, one.outcome, one.appointment_revision) for one in settled] == [
        (1, "debited", 1),
        (2, "reversed", 1),
        (3, "planned", 2),
        (4, "debited", 2),
    ]
    assert settled[-1].start == later.start
    views = await queries.settlements_by_id(studio.database.pool, [plan.appointment_id])
    view, _, _ = views[plan.appointment_id]
    assert view.start == later.start


@pytest.mark.rule("G11")
async def test_another_time_that_is_refused_before_or_after_its_hold_holds_nothing_more(
    studio: Studio,
) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna, sessions=1)
    for refused_first in (True, False):
        plan, reschedule_id = studio.appointment(anna), uuid4()
        messages = [hold_of(moved(plan), reschedule_id), reschedule_refusal_of(plan, reschedule_id)]
        for message in reversed(messages) if refused_first else messages:
            await studio.hear(message)
        assert await studio.balances(membership_id) == (0, 0, 0)
    (answer,) = await studio.said(HoldRefused)
    assert (answer.reasons, answer.reschedule_id is None) == ((), False)


@pytest.mark.rule("A15")
async def test_a_cancellation_ends_what_was_held_for_any_time(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = studio.appointment(anna, spots=2)
    later = moved(plan)
    await studio.hear(hold_of(plan), hold_of(later, uuid4()), rescheduling_of(plan, later))
    assert await studio.balances(membership_id) == (0, 2, 0)
    await studio.hear(cancellation_of(later), start_of(later))
    assert await studio.balances(membership_id) == (0, 0, 0)


@pytest.mark.rule("S7", "X1", "G5")
async def test_two_bookings_race_for_one_last_session_and_one_of_them_gets_it(
    studio: Studio,
) -> None:
    for _ in range(10):
        anna = uuid4()
        membership_id = await studio.membership(anna, sessions=1)
        plans = [studio.appointment(anna) for _ in range(2)]
        await asyncio.gather(*(studio.hear(hold_of(plan)) for plan in plans))
        assert await studio.balances(membership_id) == (0, 1, 0)
    refused = await studio.said(HoldRefused)
    assert len(await studio.said(HoldPlaced)) == len(refused) == 10
    reasons = {(why.rule, why.reason) for one in refused for why in one.reasons}
    assert reasons == {("G5", "not_enough_sessions")}


@pytest.mark.rule("G6", "X6")
async def test_a_hold_that_moves_for_another_booking_is_said(studio: Studio) -> None:
    anna, massage = uuid4(), uuid4()
    both = await studio.membership(
        anna,
        buckets=[{"sessions": 1, "service_ids": [studio.service_id, massage]}],
        validity={"count": 1, "unit": "months"},
    )
    yoga = await studio.membership(anna, sessions=1)
    first = studio.appointment(anna)
    await studio.hear(hold_of(first))
    other = studio.appointment(anna)
    line = other.lines[0].model_copy(update={"service_id": massage})
    await studio.hear(hold_of(other.model_copy(update={"lines": (line,)})))
    (said,) = await studio.said(HoldMoved)
    assert (said.line_id, said.membership_id) == (first.lines[0].line_id, yoga)
    assert (said.booking_id, said.location_id) == (first.booking_id, studio.location_id)
    placed = await studio.said(HoldPlaced)
    assert [one.lines[0].membership_id for one in placed] == [both, both]


async def release(studio: Studio) -> None:
    async with studio.batches.speaker.work() as work:
        await commands.release_passed_holds(work, Clocks(enabled=True), KEPT, at_most=10)


def clock_set(studio: Studio, ahead: timedelta, revision: int = 1) -> booking.TestClockSet:
    seconds = int(ahead.total_seconds())
    return booking.TestClockSet(chain_id=studio.chain_id, revision=revision, offset_seconds=seconds)


@pytest.mark.rule("X6")
async def test_a_hold_by_hand_ends_seven_days_after_the_visit_and_that_is_said_once(
    studio: Studio,
) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = studio.appointment(anna, automatic=False)
    await studio.hear(hold_of(plan))
    await studio.hear(clock_set(studio, KEPT - timedelta(minutes=1)))
    await release(studio)
    assert await studio.balances(membership_id) == (0, 1, 0)
    await studio.hear(clock_set(studio, KEPT + timedelta(minutes=1), revision=2))
    await asyncio.gather(release(studio), release(studio))
    assert await studio.balances(membership_id) == (0, 0, 0)
    (said,) = await studio.said(HoldReleased)
    assert (said.line_id, said.reason) == (plan.lines[0].line_id, "visit_passed")
    assert said.membership_id == membership_id


@pytest.mark.rule("X6", "G12")
async def test_what_automatic_debiting_ends_and_what_is_to_come_stays_held(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    by_hand = studio.appointment(anna, automatic=False)
    to_come = moved(by_hand, KEPT + timedelta(days=2))
    await studio.hear(hold_of(studio.appointment(anna)), hold_of(to_come))
    await studio.hear(clock_set(studio, KEPT + timedelta(days=1)))
    await release(studio)
    assert await studio.balances(membership_id) == (0, 2, 0)


@pytest.mark.rule("X6", "A10")
async def test_what_an_event_moved_while_it_was_undecided_is_held_for_its_new_start(
    studio: Studio,
) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = studio.appointment(anna, automatic=False)
    later = moved(plan, KEPT + timedelta(days=30))
    accepted = booking.BookingAccepted(
        booking_id=plan.booking_id, location_id=plan.location_id, appointments=(later,)
    )
    await studio.hear(hold_of(plan))
    await studio.hear(accepted)
    await studio.hear(clock_set(studio, KEPT + timedelta(days=1)))
    await release(studio)
    assert await studio.balances(membership_id) == (0, 1, 0)
    await studio.hear(cancellation_of(later))
    assert await studio.balances(membership_id) == (0, 0, 0)
    assert await studio.said(HoldReleased) == []


async def test_a_booking_that_was_never_moved_is_not_even_noted(studio: Studio) -> None:
    plan = studio.appointment(uuid4(), automatic=False)
    accepted = booking.BookingAccepted(
        booking_id=plan.booking_id, location_id=plan.location_id, appointments=(plan,)
    )
    await studio.hear(accepted)
    assert not await studio.database.pool.fetchval("SELECT EXISTS (SELECT FROM inbox)")


async def test_what_is_decided_happens_at_the_time_of_the_chain(studio: Studio) -> None:
    anna = uuid4()
    await studio.hear(clock_set(studio, timedelta(days=40)))
    membership_id = await studio.membership(anna, validity={"count": 1, "unit": "months"})
    plan = moved(studio.appointment(anna), timedelta(days=40))
    await studio.hear(start_of(plan))
    (settled,) = await studio.said(AppointmentSettled)
    assert settled.settled_at - datetime.now(UTC) > timedelta(days=39)
    assert settled.delay_ms < 60_000
    await studio.hear(clock_set(studio, timedelta(days=90), revision=2))
    assert await status(studio, membership_id) == "expired"
    await studio.hear(clock_set(studio, timedelta(), revision=1))
    assert await status(studio, membership_id) == "expired", "an older setting changes nothing"


async def status(studio: Studio, membership_id: UUID) -> str:
    found = await queries.memberships_by_id(studio.database.pool, [membership_id])
    return found[membership_id].status


STATEMENTS_OF_A_HOLD = 7
STATEMENTS_OF_SETTLING = 9


async def test_a_batch_takes_few_statements_however_many_messages_it_has(studio: Studio) -> None:
    clients = [uuid4() for _ in range(20)]
    type_id = await studio.membership_type()
    await studio.hear(*(studio.sold(client, type_id) for client in clients))
    plans = [studio.appointment(client) for client in clients]
    assert await statements(studio, *map(hold_of, plans[:1])) == STATEMENTS_OF_A_HOLD
    assert await statements(studio, *map(hold_of, plans[1:])) == STATEMENTS_OF_A_HOLD
    assert await statements(studio, *map(start_of, plans)) == STATEMENTS_OF_SETTLING


async def test_a_batch_of_clients_who_were_merged_takes_no_statement_more(studio: Studio) -> None:
    olga, irma = uuid4(), uuid4()
    await studio.membership(olga)
    plans = [studio.appointment(client) for client in (olga, irma, olga)]
    kept = booking.ClientsMerged(
        client_id=uuid4(), chain_id=studio.chain_id, merged_client_ids=(olga, irma)
    )
    await studio.hear(kept)
    assert await statements(studio, *map(hold_of, plans)) == STATEMENTS_OF_A_HOLD
    assert await statements(studio, *map(start_of, plans)) == STATEMENTS_OF_SETTLING


async def statements(studio: Studio, *messages: Message) -> int:
    """Return how many statements it takes to decide about these messages, all in one batch."""
    said: list[str] = []
    async with studio.batches.speaker.work() as work:
        with work.transaction.query_logger(lambda query: said.append(query.query)):
            deliveries = [studio.delivery(one) for one in messages]
            await consumers.handle(
                work, deliveries, verify_key=studio.keys.verify_key, clocks=Clocks(enabled=False)
            )
    return len(said)
