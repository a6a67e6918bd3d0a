"""Team members, with their working hours and time off."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from booking.domain.catalogue import TeamMember, TimeOff, WorkingHours
from postgres import Transaction

# Whoever performs a service that was merged performs the one that it was merged into (A17).
_TEAM_MEMBERS: Final = """
SELECT team_member_id, location_id, name,
       ARRAY(
           SELECT coalesce(alias.service_id, id)
           FROM unnest(service_ids) AS id LEFT JOIN service_aliases AS alias ON alias.alias_id = id
       ), weekdays, opens, closes, off_ids, off_starts, off_ends
FROM team_members
"""
# An array of arrays must be a rectangle: one row a team member, few as they are, goes by itself.
_ADD_TEAM_MEMBER: Final = """
INSERT INTO team_members (team_member_id, location_id, name, service_ids, weekdays, opens, closes,
                          off_ids, off_starts, off_ends)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_CHANGE_TEAM_MEMBER: Final = """
UPDATE team_members
SET name = $3, service_ids = $4, weekdays = $5, opens = $6, closes = $7, off_ids = $8,
    off_starts = $9, off_ends = $10
WHERE team_member_id = $1 AND location_id = $2
"""

# Whoever performs a service performs its copies.
_PERFORM_TOO: Final = """
UPDATE team_members AS team_member SET service_ids = team_member.service_ids || more.service_ids
FROM (
    SELECT performer.team_member_id, array_agg(copy.service_id) AS service_ids
    FROM unnest($1::uuid[], $2::uuid[]) AS copy (service_id, original_id)
    JOIN team_members AS performer
        ON performer.service_ids && meaning_the_same(ARRAY[copy.original_id])
    GROUP BY performer.team_member_id
) AS more
WHERE team_member.team_member_id = more.team_member_id
"""


async def team_members(
    transaction: Transaction, ids: Iterable[UUID], *, performing: Iterable[UUID] = ()
) -> list[TeamMember]:
    """Return the team members of these ids, and who performs one of these services; by id."""
    rows = await transaction.fetch(
        f"{_TEAM_MEMBERS} WHERE team_member_id = ANY($1::uuid[])"
        " OR service_ids && (SELECT meaning_the_same($2::uuid[])) ORDER BY team_member_id",
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


async def add_team_members(transaction: Transaction, added: Sequence[TeamMember]) -> None:
    """Insert team members."""
    await transaction.executemany(_ADD_TEAM_MEMBER, map(_row, added))


async def change_team_members(transaction: Transaction, changed: Sequence[TeamMember]) -> None:
    """Replace what is known of team members, under their locks."""
    await transaction.executemany(_CHANGE_TEAM_MEMBER, map(_row, changed))


async def perform_too(transaction: Transaction, originals: Mapping[UUID, UUID]) -> None:
    """Let those who perform a service perform its copies, which are mapped to it."""
    await transaction.execute(_PERFORM_TOO, list(originals), list(originals.values()))


def _team_member(
    team_member_id: UUID, location_id: UUID, name: str, service_ids: list[UUID], *arrays: Any
) -> TeamMember:
    hours, off = arrays[:3], arrays[3:]
    return TeamMember(
        team_member_id,
        location_id,
        name,
        frozenset(service_ids),
        tuple(WorkingHours(*entry) for entry in zip(*hours, strict=True)),
        tuple(TimeOff(*entry) for entry in zip(*off, strict=True)),
    )


def _row(team_member: TeamMember) -> tuple[Any, ...]:
    return (
        team_member.team_member_id,
        team_member.location_id,
        team_member.name,
        sorted(team_member.service_ids),
        [hours.weekday for hours in team_member.working_hours],
        [hours.opens for hours in team_member.working_hours],
        [hours.closes for hours in team_member.working_hours],
        [off.time_off_id for off in team_member.time_off],
        [off.start for off in team_member.time_off],
        [off.end for off in team_member.time_off],
    )
