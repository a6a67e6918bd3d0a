"""Booking at the desk: who comes, for what, when, and what would pay it."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812 — `date` is a parameter
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID, uuid4

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from contracts.booking_views import (
    AppointmentView,
    BookingForecast,
    BookingView,
    ClientView,
    EventView,
    FreeSlot,
    ServiceList,
    ServiceView,
    TeamMemberList,
    TeamMemberView,
)
from contracts.reply import Problem
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, id_in, submitted
from gateway.pages.inner import not_noted
from gateway.pages.office.appointments import found, memberships_of
from gateway.pages.office.calendar import date_in, local_now
from gateway.pages.office.new_times import classes_from, free_slots
from web.problems import ProblemError, invalid_field

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/bookings"
_MOST_SERVICES: Final = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be booked, as far as it is chosen."""

    offered: list[ServiceView]
    team: list[TeamMemberView]
    client: ClientView | None
    is_class: bool
    services: list[ServiceView]
    team_member: TeamMemberView | None
    day: Date
    slots: list[FreeSlot]
    slot: FreeSlot | None
    events: list[EventView]
    event: EventView | None
    spots: int | str | None

    @property
    def form(self) -> dict[str, Any] | None:
        """The form of the booking, once all is chosen."""
        if self.client is None or not (self.event if self.is_class else self.slot):
            return None
        who = {"name": self.client.name, "phone": self.client.phone}
        if self.event:
            return who | {"spots": {"event_id": str(self.event.event_id), "spots": self.spots}}
        assert self.slot is not None
        performers = self.slot.team_member_ids if self.team_member else [None] * len(self.services)
        lines = [
            {"service_id": str(service.service_id), "team_member_id": _text(performer)}
            for service, performer in zip(self.services, performers, strict=False)
        ]
        return who | {"appointments": [{"start": self.slot.start.isoformat(), "lines": lines}]}


@get(_PATH + "/new")
async def show_booking_desk(request: AnyRequest, desk: NamedDependency[Desk]) -> Response[str]:
    """Show what is chosen, what can be chosen next, and what would come of it."""
    return await _page(desk, Form(list(request.query_params.multi_items())))


@post(_PATH)
async def book_at_desk(
    request: AnyRequest, desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Book for a client; staff may book what no membership covers (rule G4)."""
    form = await submitted(request)
    wish = await _wished(desk, form)
    try:
        asked = wish.form
        if asked is None:
            raise invalid_field("start", "Choose the client, the services and the time first.")
        path = f"/v1/locations/{desk.location_id}/bookings"
        booking = await desk.api.post(path, asked, BookingView, key=form.key, action="book")
    except ProblemError as refused:
        return await _page(desk, form, refused.problem)
    [appointment] = booking.appointments
    day = appointment.start.astimezone(desk.zone).date()
    said = f"Booked for {appointment.client_name}: {_when(appointment, desk)}."
    return desk.done(f"{desk.here}/calendar?date={day}", said)


def _when(appointment: AppointmentView, desk: Desk) -> str:
    local = appointment.start.astimezone(desk.zone)
    return f"{appointment.lines[0].service_name}, {local.day} {local:%B, %H:%M}"


async def _wished(desk: Desk, form: Form) -> Wish:
    """Return what a form chooses, of what there is."""
    place = f"/v1/locations/{desk.location_id}"
    client_id = id_in(form.text("client"))
    clients = f"/v1/chains/{desk.chain_id}/clients"
    now, services, team, client = await asyncio.gather(
        local_now(desk),
        desk.api.get(f"{place}/services", ServiceList),
        desk.api.get(f"{place}/team-members", TeamMemberList),
        _nothing() if client_id is None else found(desk, f"{clients}/{client_id}", ClientView),
    )
    offered = {str(each.service_id): each for each in services.services}
    chosen = [offered[each] for each in form.many("service") if each in offered]
    is_class = form.text("what") == "class"
    day = date_in(form.text("date")) or now.date()
    member = next(
        (each for each in team.team_members if str(each.team_member_id) == form.text("team")), None
    )
    slots: list[FreeSlot] = []
    events: list[EventView] = []
    if is_class:
        events = await classes_from(desk, day, after=now)
    elif chosen:
        ids = [each.service_id for each in chosen[:_MOST_SERVICES]]
        slots = await free_slots(desk, ids, day, member.team_member_id if member else None)
    return Wish(
        offered=list(services.services),
        team=list(team.team_members),
        client=client,
        is_class=is_class,
        services=chosen[:_MOST_SERVICES],
        team_member=member,
        day=day,
        slots=slots,
        slot=_chosen_slot(desk, slots, form),
        events=events,
        event=next((each for each in events if str(each.event_id) == form.text("event")), None),
        spots=form.number("spots") or 1,
    )


def _chosen_slot(desk: Desk, slots: list[FreeSlot], form: Form) -> FreeSlot | None:
    """Return the slot that was chosen; a click in the calendar says its local time alone."""

    def is_it(slot: FreeSlot) -> bool:
        local = slot.start.astimezone(desk.zone)
        return form.text("start") == slot.start.isoformat() or (
            not form.text("start") and form.text("time") == f"{local:%H:%M}"
        )

    return next((slot for slot in slots if is_it(slot)), None)


async def _page(desk: Desk, form: Form, problem: Problem | None = None) -> Response[str]:
    wish = await _wished(desk, form)
    forecast = None
    if wish.form is not None and problem is None:
        try:
            forecast = await _forecast(desk, wish.form)
        except ProblemError as refused:
            problem = refused.problem
    planned = forecast.booking.appointments if forecast and forecast.booking else ()
    carriers = [line.membership_id for one in planned for line in one.lines]
    return desk.page(
        "office/calendar/booking_desk.html",
        status=problem.status if problem else 200,
        wish=wish,
        to=_choosing_client(desk, form),
        debited={each.service_id for each in wish.offered if each.automatic_debiting},
        team_members=[each for each in wish.team if _performs(each, wish.services)],
        most_services=_MOST_SERVICES,
        missed_time=_missed_time(wish, form),
        forecast=forecast,
        planned=planned,
        memberships=await memberships_of(desk, *carriers),
        form=form,
        problem=problem,
    )


async def _forecast(desk: Desk, asked: dict[str, Any]) -> BookingForecast:
    """Ask what would come of it: nothing is done, so nothing is noted."""
    path = f"/v1/locations/{desk.location_id}/booking-forecasts"
    asking = replace(desk.api, noted=not_noted)
    return await asking.post(path, asked, BookingForecast, key=str(uuid4()))


def _performs(member: TeamMemberView, services: list[ServiceView]) -> bool:
    return all(each.service_id in member.service_ids for each in services)


def _missed_time(wish: Wish, form: Form) -> datetime | str | None:
    """Return the time that was asked for and is not free."""
    if wish.is_class or not wish.services or wish.slot is not None:
        return None
    return form.optional("time")


def _choosing_client(desk: Desk, form: Form) -> str:
    """Return where it goes on once a client is chosen, with all else as it is."""
    kept = ("what", "team", "date", "time", "start", "event", "spots")
    asked = [(name, form.text(name)) for name in kept if form.text(name)]
    asked += [("service", each) for each in form.many("service")]
    query = urlencode(asked)
    return f"{desk.here}/bookings/new{'?' if query else ''}{query}"


def _text(team_member_id: UUID | None) -> str | None:
    return None if team_member_id is None else str(team_member_id)


async def _nothing() -> None:
    """Stand for a client who is not chosen yet."""
