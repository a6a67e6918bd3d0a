"""What is offered: chains, locations, services, team members, events."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from booking.domain.catalogue import Event, Location, Service, TeamMember, WorkingHours
from postgres import Transaction

# The columns are the fields of the dataclasses, in their order.
_LOCATIONS: Final = """
SELECT location_id, chain_id, name, time_zone, currency, region
FROM locations WHERE location_id = ANY($1::uuid[])
"""
_REGIONS: Final = """
SELECT chain.chain_id, location.location_id, location.region
FROM chains AS chain LEFT JOIN locations AS location USING (chain_id)
WHERE chain.chain_id = ANY($1::uuid[])
"""
_SERVICES: Final = """
SELECT service_id, location_id, name, kind, duration_minutes, price, membership_booking,
       automatic_debiting, free_cancellation_hours
FROM services
"""
_TEAM_MEMBERS: Final = """
SELECT team_member_id, location_id, name, service_ids, weekdays, opens, closes
FROM team_members
"""
_EVENTS: Final = """
SELECT event_id, location_id, service_id, team_member_id, start_at, end_at, capacity, spots_taken
FROM events
"""
_ADD_CHAINS: Final = """
INSERT INTO chains (chain_id, name) SELECT * FROM unnest($1::uuid[], $2::text[])
"""
_ADD_LOCATIONS: Final = """
INSERT INTO locations (location_id, chain_id, name, time_zone, currency, region)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
"""
_ADD_SERVICES: Final = """
INSERT INTO services (service_id, location_id, name, kind, duration_minutes, price,
                      membership_booking, automatic_debiting, free_cancellation_hours)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::integer[], $6::bigint[],
                     $7::boolean[], $8::boolean[], $9::integer[])
"""
_CHANGE_SERVICES: Final = """
UPDATE services AS service
SET name = new.name, duration_minutes = new.duration_minutes, price = new.price,
    membership_booking = new.membership_booking, automatic_debiting = new.automatic_debiting,
    free_cancellation_hours = new.free_cancellation_hours
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::integer[], $6::bigint[],
            $7::boolean[], $8::boolean[], $9::integer[])
    AS new (service_id, location_id, name, kind, duration_minutes, price, membership_booking,
            automatic_debiting, free_cancellation_hours)
WHERE service.service_id = new.service_id
"""
# An array of arrays must be a rectangle: one row a team member, few as they are, goes by itself.
_ADD_TEAM_MEMBER: Final = """
INSERT INTO team_members (team_member_id, location_id, name, service_ids, weekdays, opens, closes)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_ADD_EVENTS: Final = """
INSERT INTO events (event_id, location_id, service_id, team_member_id, start_at, end_at, capacity,
                    spots_taken)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[],
                     $6::timestamptz[], $7::integer[], $8::integer[])
"""


@dataclass(frozen=True, slots=True)
class Regions:
    """The phone regions of a chain's locations."""

    by_location: dict[UUID, str] = field(default_factory=dict[UUID, str])

    def of(self, location_id: UUID | None) -> str | None:
        """Return the location's region; without a location, the chain's, if it has only one."""
        if location_id is not None and location_id in self.by_location:
            return self.by_location[location_id]
        all_of_them = set(self.by_location.values())
        return all_of_them.pop() if len(all_of_them) == 1 else None


async def regions(transaction: Transaction, chain_ids: Iterable[UUID]) -> dict[UUID, Regions]:
    """Return the phone regions of the chains among these ids that exist."""
    found: dict[UUID, Regions] = {}
    for chain_id, location_id, region in await transaction.fetch(_REGIONS, list(chain_ids)):
        of_chain = found.setdefault(chain_id, Regions())
        if location_id is not None:
            of_chain.by_location[location_id] = region
    return found


async def known_chains(transaction: Transaction, chain_ids: Iterable[UUID]) -> set[UUID]:
    """Return the chains among these ids that exist."""
    rows = await transaction.fetch(
        "SELECT chain_id FROM chains WHERE chain_id = ANY($1::uuid[])", list(chain_ids)
    )
    return {row["chain_id"] for row in rows}


async def locations(transaction: Transaction, ids: Iterable[UUID]) -> dict[UUID, Location]:
    """Return the locations of these ids that exist."""
    rows = await transaction.fetch(_LOCATIONS, list(set(ids)))
    return {row["location_id"]: Location(*row) for row in rows}


async def services(transaction: Transaction, ids: Iterable[UUID]) -> dict[UUID, Service]:
    """Return the services of these ids that exist."""
    rows = await transaction.fetch(
        f"{_SERVICES} WHERE service_id = ANY($1::uuid[])", list(set(ids))
    )
    return {row["service_id"]: Service(*row) for row in rows}


async def services_at(transaction: Transaction, location_id: UUID) -> list[Service]:
    """Return the services of a location, by name."""
    rows = await transaction.fetch(
        f"{_SERVICES} WHERE location_id = $1 ORDER BY name, service_id", location_id
    )
    return [Service(*row) for row in rows]


async def team_members(
    transaction: Transaction, ids: Iterable[UUID], *, performing: Iterable[UUID] = ()
) -> list[TeamMember]:
    """Return the team members of these ids, and who performs one of these services; by id."""
    rows = await transaction.fetch(
        f"{_TEAM_MEMBERS} WHERE team_member_id = ANY($1::uuid[]) OR service_ids && $2::uuid[]"
        " ORDER BY team_member_id",
        list(set(ids)),
        list(set(performing)),
    )
    return [_team_member(*row) for row in rows]


async def team_members_at(transaction: Transaction, location_id: UUID) -> list[TeamMember]:
    """Return the team members of a location, by name."""
    rows = await transaction.fetch(
        f"{_TEAM_MEMBERS} WHERE location_id = $1 ORDER BY name, team_member_id", location_id
    )
    return [_team_member(*row) for row in rows]


async def events(transaction: Transaction, ids: Iterable[UUID]) -> dict[UUID, Event]:
    """Return the events of these ids that exist."""
    rows = await transaction.fetch(f"{_EVENTS} WHERE event_id = ANY($1::uuid[])", list(set(ids)))
    return {row["event_id"]: Event(*row) for row in rows}


async def add_chains(transaction: Transaction, chains: Sequence[tuple[UUID, str]]) -> None:
    """Insert chains: ids and names."""
    await transaction.execute(_ADD_CHAINS, *_columns(chains))


async def add_locations(transaction: Transaction, added: Sequence[Location]) -> None:
    """Insert locations."""
    await transaction.execute(
        _ADD_LOCATIONS,
        *_columns(
            (one.location_id, one.chain_id, one.name, one.time_zone, one.currency, one.region)
            for one in added
        ),
    )


async def add_services(transaction: Transaction, added: Sequence[Service]) -> None:
    """Insert services."""
    await transaction.execute(_ADD_SERVICES, *_columns(map(_service_row, added)))


async def change_services(transaction: Transaction, changed: Sequence[Service]) -> None:
    """Replace the settings of services; each may be given once."""
    await transaction.execute(_CHANGE_SERVICES, *_columns(map(_service_row, changed)))


async def add_team_members(transaction: Transaction, added: Sequence[TeamMember]) -> None:
    """Insert team members."""
    await transaction.executemany(
        _ADD_TEAM_MEMBER,
        [
            (
                one.team_member_id,
                one.location_id,
                one.name,
                sorted(one.service_ids),
                [hours.weekday for hours in one.working_hours],
                [hours.opens for hours in one.working_hours],
                [hours.closes for hours in one.working_hours],
            )
            for one in added
        ],
    )


async def add_events(transaction: Transaction, added: Sequence[Event]) -> None:
    """Insert events."""
    await transaction.execute(
        _ADD_EVENTS,
        *_columns(
            (
                one.event_id,
                one.location_id,
                one.service_id,
                one.team_member_id,
                one.start,
                one.end,
                one.capacity,
                one.spots_taken,
            )
            for one in added
        ),
    )


def _team_member(
    team_member_id: UUID, location_id: UUID, name: str, service_ids: list[UUID], *hours: Any
) -> TeamMember:
    working_hours = tuple(WorkingHours(*entry) for entry in zip(*hours, strict=True))
    return TeamMember(team_member_id, location_id, name, frozenset(service_ids), working_hours)


def _service_row(service: Service) -> tuple[Any, ...]:
    return (
        service.service_id,
        service.location_id,
        service.name,
        service.kind,
        service.duration_minutes,
        service.price,
        service.membership_booking,
        service.automatic_debiting,
        service.free_cancellation_hours,
    )


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True))
