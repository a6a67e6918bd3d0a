"""The calendar of a day: who, when, and the three statuses of each appointment and spot."""

from datetime import timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

import pytest

from contracts.booking import (
    AppointmentForm,
    BookingForm,
    CancelAppointment,
    CancellationForm,
    CreateEvent,
    EventForm,
    LineForm,
    SubmitBooking,
)
from contracts.booking_views import AppointmentView, CalendarView, DebitCounts
from contracts.membership import AppointmentSettled, SettledLine
from contracts.sales import AppointmentOwed, BillChanged
from web import Role

from .asking import Asking
from .news import settled
from .studio import MONDAY, Studio

HOUR = timedelta(hours=1)


async def calendar(studio: Studio, asking: Asking, **query: Any) -> CalendarView:
    path = f"/locations/{studio.location_id}/calendar"
    return CalendarView.model_validate(await asking.get(path, date=MONDAY.date(), **query))


def debited(
    appointment: AppointmentView,
    outcome: Literal["planned", "debited", "not_debited"],
    *ordinals: int,
) -> AppointmentSettled:
    """Say that these lines of the appointment are debited, and no others."""
    membership_id = uuid4()
    lines = tuple(
        SettledLine(
            line_id=line.line_id,
            debited=ordinal in ordinals,
            membership_id=membership_id if ordinal in ordinals else None,
            automatic=outcome != "planned",
        )
        for ordinal, line in enumerate(appointment.lines)
    )
    return settled(appointment, 1, membership_id).model_copy(
        update={"outcome": outcome, "lines": lines}
    )


def bill(*owed: tuple[AppointmentView, int]) -> BillChanged:
    """Say what is owed of each of the appointments of a visit."""
    first = owed[0][0]
    appointments = tuple(
        AppointmentOwed(
            appointment_id=each.appointment_id,
            total=(total := sum(line.price.amount for line in each.lines)),
            owed=left,
            payment_status="paid" if not left else "unpaid" if left == total else "paid_partially",
        )
        for each, left in owed
    )
    total, left = sum(each.total for each in appointments), sum(each.owed for each in appointments)
    return BillChanged(
        visit_id=first.visit_id,
        revision=1,
        location_id=first.location_id,
        client_id=first.client_id,
        currency="EUR",
        total=total,
        debited=total - left,
        paid=0,
        owed=left,
        payment_status="paid_partially",
        appointments=appointments,
    )


async def spots(studio: Studio, event: UUID, number: int, phone: str) -> AppointmentView:
    submission = studio.submit_spots(event, number, phone=phone)
    return (await studio.booked(submission)).appointments[0]


@pytest.mark.rule("A3")
async def test_in_an_event_each_client_has_a_debit_status(studio: Studio, asking: Asking) -> None:
    service_id = await studio.service("group", automatic_debiting=True)
    event = await studio.event(service_id, capacity=5)
    ada = await spots(studio, event, 1, "030 901820")
    ben = await spots(studio, event, 1, "030 901821")
    eve = await spots(studio, event, 1, "030 901822")
    await studio.hear(debited(ada, "debited", 0), debited(ben, "not_debited"))
    [shown] = (await calendar(studio, asking)).events
    statuses = {each.client_id: each.debit_status for each in shown.appointments}
    assert statuses == {
        ada.client_id: "debited",
        ben.client_id: "not_debited",
        eve.client_id: "automatic_debiting",
    }


@pytest.mark.rule("A3")
async def test_an_event_says_how_many_were_debited_with_its_participants_and_without(
    studio: Studio, asking: Asking
) -> None:
    service_id = await studio.service("group", automatic_debiting=True)
    event = await studio.event(service_id, capacity=5)
    ada = await spots(studio, event, 1, "030 901820")
    ben = await spots(studio, event, 1, "030 901821")
    await spots(studio, event, 1, "030 901822")
    gone = await spots(studio, event, 1, "030 901823")
    cancel = CancelAppointment(
        appointment_id=gone.appointment_id,
        location_id=studio.location_id,
        cancellation=CancellationForm(charge=False),
    )
    await studio.done(Role.OPERATOR, cancel)
    await studio.hear(debited(ada, "debited", 0), debited(ben, "not_debited"))
    counts = DebitCounts(automatic_debiting=1, debited=1, not_debited=1)
    [shown] = (await calendar(studio, asking)).events
    assert (len(shown.appointments), shown.debits) == (4, counts)
    [shown] = (await calendar(studio, asking, participants="false")).events
    assert (shown.appointments, shown.debits) == ((), counts)


async def test_one_event_is_shown_alone_with_its_participants(
    studio: Studio, asking: Asking
) -> None:
    service_id = await studio.service("group")
    event, other = [await studio.event(service_id, capacity=5) for _ in range(2)]
    ada = await spots(studio, event, 1, "030 901820")
    await spots(studio, other, 1, "030 901821")
    day = await calendar(studio, asking, event_id=event)
    [shown] = day.events
    assert (shown.event.event_id, day.appointments) == (event, ())
    assert [each.client_id for each in shown.appointments] == [ada.client_id]


async def test_several_days_are_shown_at_once_up_to_a_week(studio: Studio, asking: Asking) -> None:
    service_id = await studio.service("group")
    starts = [MONDAY, MONDAY + timedelta(days=6), MONDAY + timedelta(days=7)]
    for start in starts:
        await studio.event(service_id, capacity=5, start=start)
    sunday = (MONDAY + timedelta(days=6)).date()
    week = await calendar(studio, asking, until=sunday)
    assert [each.event.start for each in week.events] == starts[:2]
    assert (week.date, week.until) == (MONDAY.date(), sunday)
    path = f"/locations/{studio.location_id}/calendar"
    for wrong in (MONDAY.date() + timedelta(days=7), MONDAY.date() - timedelta(days=1)):
        assert await asking.get(path, date=MONDAY.date(), until=wrong) == "invalid-request"


@pytest.mark.rule("A8")
async def test_spots_that_no_session_is_left_for_are_not_debited_and_owed(
    studio: Studio, asking: Asking
) -> None:
    service_id = await studio.service("group", automatic_debiting=True, price=2_000)
    event = await studio.event(service_id, capacity=5)
    booked = await spots(studio, event, 3, "030 901820")
    await studio.hear(debited(booked, "not_debited", 0, 1), bill((booked, 2_000)))
    [shown] = (await calendar(studio, asking)).events[0].appointments
    assert shown.debit_status == "not_debited"
    assert [line.debit_status for line in shown.lines] == ["debited", "debited", "not_debited"]
    assert (shown.payment_status, shown.owed.amount) == ("paid_partially", 2_000)


@pytest.mark.rule("A9")
async def test_of_several_services_only_those_with_automatic_debiting_show_a_debit(
    studio: Studio, asking: Asking
) -> None:
    automatic = await studio.service(automatic_debiting=True, price=4_000)
    other = await studio.service(price=1_000)
    await studio.team_member(automatic, other)
    [booked] = (await studio.booked(studio.submit(automatic, other))).appointments
    await studio.hear(debited(booked, "debited", 0), bill((booked, 1_000)))
    [shown] = (await calendar(studio, asking)).appointments
    assert [line.debit_status for line in shown.lines] == ["debited", None]
    assert shown.debit_status == "debited"
    assert (shown.payment_status, shown.owed.amount) == ("paid_partially", 1_000)


@pytest.mark.rule("A12")
async def test_appointments_of_a_client_on_one_day_are_one_visit_with_one_bill(
    studio: Studio, asking: Asking
) -> None:
    automatic = await studio.service(automatic_debiting=True)
    other = await studio.service()
    await studio.team_member(automatic, other)
    form = BookingForm(
        name="Ada",
        phone="030 901820",
        appointments=tuple(
            AppointmentForm(start=MONDAY + n * 2 * HOUR, lines=(LineForm(service_id=service_id),))
            for n, service_id in enumerate((automatic, other))
        ),
    )
    submission = SubmitBooking(booking_id=uuid4(), location_id=studio.location_id, booking=form)
    first, second = (await studio.booked(submission)).appointments
    assert first.visit_id == second.visit_id
    await studio.hear(debited(first, "debited", 0), bill((first, 0), (second, 5_000)))
    shown = (await calendar(studio, asking)).appointments
    assert [(each.debit_status, each.payment_status, each.owed.amount) for each in shown] == [
        ("debited", "paid", 0),
        (None, "unpaid", 5_000),
    ]


@pytest.mark.rule("A3", "A13")
async def test_a_debit_by_hand_before_the_start_shows_beside_what_is_still_planned(
    studio: Studio, asking: Asking
) -> None:
    service_id = await studio.service("group", automatic_debiting=True)
    event = await studio.event(service_id, capacity=5)
    booked = await spots(studio, event, 2, "030 901820")
    await studio.hear(debited(booked, "planned", 1))
    [shown] = (await calendar(studio, asking)).events[0].appointments
    assert shown.debit_status == "automatic_debiting"
    assert [line.debit_status for line in shown.lines] == ["automatic_debiting", "debited"]
    assert shown.lines[1].membership_id != shown.lines[0].membership_id


async def test_the_calendar_of_a_team_member_has_what_that_one_performs_or_leads(
    studio: Studio, asking: Asking
) -> None:
    service_id, group = await studio.service(), await studio.service("group")
    anna, ben = await studio.team_member(service_id), await studio.team_member(service_id)
    for member in (anna, ben):
        await studio.booked(studio.submit(service_id, team_member_id=member))
    led = EventForm(service_id=group, start=MONDAY + HOUR, capacity=5, team_member_id=ben)
    command = CreateEvent(event_id=uuid4(), location_id=studio.location_id, event=led)
    await studio.done(Role.OPERATOR, command)
    await spots(studio, command.event_id, 1, "030 901820")
    await studio.event(group, capacity=5)
    for member, events in ((anna, 0), (ben, 1)):
        shown = await calendar(studio, asking, team_member_id=member)
        [line] = [line for each in shown.appointments for line in each.lines]
        assert line.team_member_id == member
        assert [len(each.appointments) for each in shown.events] == [1] * events
    everybody = await calendar(studio, asking)
    assert (len(everybody.appointments), len(everybody.events)) == (2, 2)
