"""The starts that can be booked."""

from datetime import date, datetime, timedelta
from uuid import UUID

from booking.domain.catalogue import Location, TeamMember
from booking.domain.cells import Cell, Stretch, cells_of, stretch_of
from booking.domain.hours import starts, windows
from booking.queries.snapshots import snapshot
from booking.store import catalogue, slots
from contracts.booking_views import FreeSlot, FreeSlots
from postgres import Database


async def free_slots(
    database: Database,
    at: Location,
    service_id: UUID,
    day: date,
    team_member_id: UUID | None,
) -> FreeSlots | None:
    """Return the free starts of a service on a local date, by start; None without such a service.

    Starts are 5 minutes apart and in the future. A group service has none: it has events.
    """
    async with snapshot(database) as transaction:
        now = at.at(await transaction.fetchval("SELECT now()"))
        service = (await catalogue.services(transaction, [service_id])).get(service_id)
        if service is None or service.location_id != at.location_id:
            return None
        team_members = [
            each
            for each in await catalogue.team_members(transaction, [], performing=[service_id])
            if team_member_id in {None, each.team_member_id} and service.kind == "individual"
        ]
        taken = await slots.taken(
            transaction, (stretch for each in team_members for stretch in _worked(each, at, day))
        )
    lasting = timedelta(minutes=service.duration_minutes)
    found = sorted(
        (start, each.team_member_id)
        for each in team_members
        for start in _free_starts(each, at, day, lasting, taken)
        if start > now
    )
    return FreeSlots(
        service_ids=(service_id,),
        date=day,
        time_zone=at.time_zone,
        slots=tuple(FreeSlot(start=start, team_member_ids=(who,)) for start, who in found),
    )


def _worked(team_member: TeamMember, at: Location, day: date) -> list[Stretch]:
    stretches = windows(team_member.working_hours, day, at.zone)
    return [stretch_of(team_member.team_member_id, *each) for each in stretches]


def _free_starts(
    team_member: TeamMember, at: Location, day: date, lasting: timedelta, taken: set[Cell]
) -> list[datetime]:
    return [
        start
        for start in starts(team_member.working_hours, day, at.zone, lasting=lasting)
        if taken.isdisjoint(cells_of(team_member.team_member_id, start, start + lasting))
    ]
