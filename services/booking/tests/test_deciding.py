"""Bookings that wait for membership: its answer, or the time when they are refused."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from booking import timers
from contracts.booking import BookingAccepted, BookingRefused
from contracts.booking_views import BookingView
from contracts.membership import HoldPlaced, HoldRefused, HoldSessions, RefusalDetail
from contracts.problems import MEMBERSHIP_REFUSAL
from messaging import operation
from web import Role

from .studio import Studio, held


async def asked_for(studio: Studio) -> HoldSessions:
    """Book a massage with a membership, and return what membership is asked."""
    massage = await studio.service(membership_booking=True, automatic_debiting=True)
    await studio.team_member(massage)
    command = studio.submit(massage, phone_confirmed=True)
    [answer] = await studio.ask(Role.GATEWAY, command)
    assert answer.state == "pending"
    [asked] = await studio.said(HoldSessions)
    return asked


def refusal_of(asked: HoldSessions) -> HoldRefused:
    detail = RefusalDetail(
        membership_id=None,
        service_id=asked.appointments[0].lines[0].service_id,
        rule="G8",
        reason="no_membership",
    )
    return HoldRefused(
        booking_id=asked.booking_id,
        location_id=asked.location_id,
        client_id=asked.client_id,
        reasons=(detail,),
    )


async def state_of(studio: Studio) -> tuple[str, int]:
    """Return the state of the only booking, and how many slot cells are taken."""
    pool = studio.database.pool
    state = await pool.fetchval("SELECT state FROM bookings")
    return state, await pool.fetchval("SELECT count(*) FROM slot_cells")


async def overdue(studio: Studio) -> None:
    """Let the time that membership has be over."""
    await studio.database.pool.execute("UPDATE bookings SET decide_by = now()")


async def answered(studio: Studio) -> tuple[int | None, str | None, str | None]:
    """Return the status, the problem's type and its detail in the answer to the booking."""
    command_id = await studio.database.pool.fetchval("SELECT command_id FROM bookings")
    found = await operation(studio.database, command_id)
    assert found is not None
    problem = found.problem
    return found.status, problem and problem.type, problem and problem.detail


@pytest.mark.rule("A3", "G10")
async def test_a_hold_lets_the_booking_stand_with_the_membership_that_carries_it(
    studio: Studio,
) -> None:
    asked = await asked_for(studio)
    membership_id = uuid4()
    await studio.hear(held(asked, membership_id))
    [said] = await studio.said(BookingAccepted)
    assert said.appointments[0].revision == 1
    assert said.appointments[0].lines[0].automatic_debiting
    command_id = await studio.database.pool.fetchval("SELECT command_id FROM bookings")
    found = await operation(studio.database, command_id)
    assert found is not None
    assert (found.state, found.status) == ("done", 201)
    [appointment] = BookingView.model_validate(found.result).appointments
    assert appointment.debit_status == "automatic_debiting"
    assert appointment.booked_with_membership
    assert appointment.lines[0].membership_id == membership_id


@pytest.mark.rule("G7")
async def test_the_refusal_reads_exactly_as_agreed_and_the_slot_is_free_again(
    studio: Studio,
) -> None:
    asked = await asked_for(studio)
    await studio.hear(refusal_of(asked))
    assert await state_of(studio) == ("refused", 0)
    sentence = "Sorry, but it appears that your membership is either not suitable or has expired."
    assert sentence == MEMBERSHIP_REFUSAL
    assert await answered(studio) == (409, "/problems/no-suitable-membership", sentence)
    [said] = await studio.said(BookingRefused)
    assert said.appointment_ids == (asked.appointments[0].appointment_id,)


@pytest.mark.rule("X2")
async def test_a_refusal_gives_the_spots_of_an_event_back(studio: Studio) -> None:
    yoga = await studio.service("group", membership_booking=True)
    event = await studio.event(yoga, capacity=2)
    await studio.ask(Role.GATEWAY, studio.submit_spots(event, 2, phone_confirmed=True))
    spots = "SELECT spots_taken FROM events"
    assert await studio.database.pool.fetchval(spots) == 2
    await studio.hear(refusal_of((await studio.said(HoldSessions))[0]))
    assert await studio.database.pool.fetchval(spots) == 0


@pytest.mark.rule("X7")
async def test_an_undecided_booking_is_refused_as_timed_out_and_its_slot_is_free(
    studio: Studio,
) -> None:
    asked = await asked_for(studio)
    seconds = await timers.refuse_due(studio.messaging)
    assert 0 < seconds <= timers.LONGEST_SLEEP_SECONDS
    assert (await state_of(studio))[0] == "requested"
    await overdue(studio)
    await timers.refuse_due(studio.messaging)
    assert await state_of(studio) == ("refused", 0)
    assert (await answered(studio))[:2] == (503, "/problems/booking-timed-out")
    [said] = await studio.said(BookingRefused)
    assert (said.reason, said.client_id) == ("timed_out", asked.client_id)


@pytest.mark.rule("X7")
@pytest.mark.parametrize("answer", [held, refusal_of])
async def test_an_answer_that_comes_after_the_time_is_up_changes_nothing(
    studio: Studio, answer: Callable[[HoldSessions], HoldPlaced | HoldRefused]
) -> None:
    asked = await asked_for(studio)
    await overdue(studio)
    await timers.refuse_due(studio.messaging)
    await studio.hear(answer(asked))
    assert await state_of(studio) == ("refused", 0)
    assert await studio.said(BookingAccepted) == []
    assert len(await studio.said(BookingRefused)) == 1
    assert (await answered(studio))[1] == "/problems/booking-timed-out"


@pytest.mark.rule("X7")
async def test_two_replicas_refuse_each_undecided_booking_once(studio: Studio) -> None:
    yoga = await studio.service("group", automatic_debiting=True)
    event = await studio.event(yoga, capacity=60)
    await studio.ask(Role.OPERATOR, *(studio.submit_spots(event) for _ in range(60)))
    await overdue(studio)
    await asyncio.gather(*(timers.refuse_due(studio.messaging) for _ in range(4)))
    said = await studio.said(BookingRefused)
    assert len(said) == len({each.booking_id for each in said}) == 60
    assert await studio.database.pool.fetchval("SELECT spots_taken FROM events") == 0


@pytest.mark.rule("X7")
async def test_an_answer_of_membership_and_the_timer_race_for_one_outcome(studio: Studio) -> None:
    asked = await asked_for(studio)
    await overdue(studio)
    await asyncio.gather(timers.refuse_due(studio.messaging), studio.hear(held(asked)))
    accepted, refused = await studio.said(BookingAccepted), await studio.said(BookingRefused)
    assert len(accepted) + len(refused) == 1
    assert await state_of(studio) == (("accepted", 12) if accepted else ("refused", 0))


async def test_the_time_that_membership_has_is_counted_by_the_databases_clock(
    studio: Studio,
) -> None:
    await asked_for(studio)
    left = await studio.database.pool.fetchval("SELECT decide_by - now() FROM bookings")
    assert timedelta(seconds=20) < left <= timedelta(seconds=30)


@pytest.mark.rule("X7")
async def test_a_submission_that_is_heard_late_has_no_more_time_than_any_other(
    studio: Studio,
) -> None:
    massage = await studio.service(membership_booking=True)
    await studio.team_member(massage)
    long_ago = datetime.now(UTC) - timedelta(seconds=31)
    await studio.ask(Role.GATEWAY, studio.submit(massage, phone_confirmed=True), at=long_ago)
    assert (await state_of(studio))[0] == "requested"
    await timers.refuse_due(studio.messaging)
    assert await state_of(studio) == ("refused", 0)
    assert (await answered(studio))[:2] == (503, "/problems/booking-timed-out")
