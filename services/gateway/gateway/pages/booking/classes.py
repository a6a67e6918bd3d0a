"""When, for classes: the events of a service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Redirect

from contracts.booking_views import EventList, EventView
from gateway.pages.booking.catalogue import catalogue_of
from gateway.pages.booking.guest import Guest
from gateway.pages.booking.times import date_in
from gateway.pages.booking.wish import Wish

_AT_ONCE: Final = timedelta(days=30)
_FURTHEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Planned:
    """Events of some weeks by their local dates, and where the weeks before and after begin."""

    days: Sequence[tuple[date, Sequence[EventView]]]
    since: date
    until: date
    earlier: date | None
    later: date | None


@get("/classes")
async def offer_classes(guest: NamedDependency[Guest]) -> Response[str] | Redirect:
    """Show the next events of a service, with the spots that are left."""
    wish, catalogue = Wish.of(guest.asked), await catalogue_of(guest)
    if not wish.services:
        return guest.go(guest.here)
    [service] = catalogue.chosen(wish.services[:1])
    return guest.page(
        "booking/classes.html",
        step=2,
        wish=wish.but(services=(service.service_id,)),
        service=service,
        catalogue=catalogue,
        planned=await planned(guest, service.service_id),
    )


async def planned(guest: Guest, service_id: UUID) -> Planned:
    """Return the events of a service in the weeks that the address asks for, or the next ones."""
    now = await guest.now()
    today = now.astimezone(guest.zone).date()
    since = min(max(date_in(guest.asked.text("from")) or today, today), today + _FURTHEST)
    until = since + _AT_ONCE
    listed = await guest.api.get(f"{guest.there}/events", EventList, date=since, until=until)
    coming = [
        each
        for each in listed.events
        if each.service_id == service_id and not each.cancelled and each.start > now
    ]
    by_day = groupby(coming, lambda each: each.start.astimezone(guest.zone).date())
    earlier = since - _AT_ONCE - timedelta(days=1)
    return Planned(
        days=[(day, list(events)) for day, events in by_day],
        since=since,
        until=until,
        earlier=max(earlier, today) if since > today else None,
        later=until + timedelta(days=1) if until < today + _FURTHEST else None,
    )
