"""The starts that can be booked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from booking.domain import free_slots as domain
from booking.domain.catalogue import Location, Service, TeamMember
from booking.domain.cells import Cell, stretch_of
from booking.domain.hours import worked
from booking.queries.snapshots import snapshot
from booking.store import catalogue, slots
from contracts.booking_views import FreeDates, FreeSlot, FreeSlots
from postgres import Database


@dataclass(frozen=True, slots=True)
class _Offer:
    """Services in a row, who may perform them, and what is taken of their time."""

    services: list[Service]
    team_members: list[TeamMember]
    taken: set[Cell]
    now: datetime

    def on(self, day: date, at: Location) -> Iterator[domain.FreeSlot]:
        return domain.free_slots(
            self.services, self.team_members, self.taken, day, at.zone, after=self.now
        )


async def free_slots(
    database: Database,
    at: Location,
    service_ids: Sequence[UUID],
    day: date,
    team_member_id: UUID | None,
) -> FreeSlots | None:
    """Return the free starts of services in a row on a local date; None if one does not exist.

    `team_member_id` is who performs all of them; without, anybody who is free.
    """
    offer = await _offer(database, at, service_ids, [day], team_member_id)
    if offer is None:
        return None
    return FreeSlots(
        service_ids=tuple(service_ids),
        date=day,
        time_zone=at.time_zone,
        slots=tuple(
            FreeSlot(start=slot.start, team_member_ids=slot.team_member_ids)
            for slot in offer.on(day, at)
        ),
    )


async def free_dates(
    database: Database,
    at: Location,
    service_ids: Sequence[UUID],
    days: Sequence[date],
    team_member_id: UUID | None,
) -> FreeDates | None:
    """Return on which of these local dates there is a free start; else like `free_slots`."""
    offer = await _offer(database, at, service_ids, days, team_member_id)
    if offer is None:
        return None
    return FreeDates(
        service_ids=tuple(service_ids),
        time_zone=at.time_zone,
        dates=tuple(day for day in days if any(True for _ in offer.on(day, at))),
    )


async def _offer(
    database: Database,
    at: Location,
    service_ids: Sequence[UUID],
    days: Sequence[date],
    team_member_id: UUID | None,
) -> _Offer | None:
    async with snapshot(database) as transaction:
        now = at.at(await transaction.fetchval("SELECT now()"))
        services = await catalogue.services(transaction, service_ids)
        if any(
            service_id not in services or services[service_id].location_id != at.location_id
            for service_id in service_ids
        ):
            return None
        team_members = [
            each
            for each in await catalogue.team_members(transaction, [], performing=service_ids)
            if team_member_id in {None, each.team_member_id}
        ]
        taken = await slots.taken(
            transaction,
            (
                stretch_of(team_member.team_member_id, *stretch)
                for team_member in team_members
                for day in days
                for stretch in worked(team_member, day, at.zone)
            ),
        )
    return _Offer([services[each] for each in service_ids], team_members, taken, now)
