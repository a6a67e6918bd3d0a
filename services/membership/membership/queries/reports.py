"""What a location sold, used, let expire and could not debit, by local date.

Sessions sold and expired are those of the memberships that it issued, sessions used those of the
appointments there, whichever location of the chain issued what paid them.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg

from contracts.report_views import (
    CountsOfDay,
    ExpiringDay,
    ExpiringMembership,
    NotDebited,
    ServiceUse,
    SessionCounts,
    SessionsCounted,
    TypeCounts,
)
from membership.queries.merged_services import merged
from postgres import Transaction

EXPIRING_DAYS: Final = 30
_SHOWN: Final = 100

_TODAY: Final = "SELECT (chain_now($1) AT TIME ZONE $2)::date"
_SOLD: Final = """
SELECT (issued_at AT TIME ZONE $5)::date AS day, membership_type_id, count(*) AS memberships,
    sum(bucket.sessions)::int AS sessions, count(*) FILTER (WHERE bucket.unlimited) AS unlimited
FROM memberships CROSS JOIN LATERAL (
    SELECT coalesce(sum(granted), 0) AS sessions, bool_or(granted IS NULL) AS unlimited
    FROM buckets WHERE buckets.membership_id = memberships.membership_id
) AS bucket
WHERE home_location_id = $2 AND chain_id = $1 AND sale_id IS NOT NULL
    AND issued_at >= $3::date::timestamp AT TIME ZONE $5
    AND issued_at < ($4::date + 1)::timestamp AT TIME ZONE $5
GROUP BY day, membership_type_id
"""
# A settled line names the bucket that pays it, if one does: each is a debit that was not reversed.
# A row has a day and a service, or a membership.
_USED: Final = """
SELECT (start AT TIME ZONE $5)::date AS day, (line -> 6 ->> 1)::uuid AS service_id,
    (line ->> 1)::uuid AS membership_id, count(*) AS used,
    count(*) FILTER (WHERE (line ->> 4) IS DISTINCT FROM 'true') AS automatically
FROM settlements CROSS JOIN jsonb_array_elements(lines) AS line
WHERE location_id = $2 AND chain_id = $1 AND line ->> 2 IS NOT NULL
    AND start >= $3::date::timestamp AT TIME ZONE $5
    AND start < ($4::date + 1)::timestamp AT TIME ZONE $5
GROUP BY GROUPING SETS ((day, service_id), (membership_id))
"""
_NOT_DEBITED: Final = """
SELECT appointment_id, visit_id, coalesce(client.merged_into, client_id) AS client_id, start,
    shortfall, (start AT TIME ZONE $5)::date AS day
FROM settlements LEFT JOIN clients AS client USING (client_id)
WHERE location_id = $2 AND chain_id = $1 AND outcome = 'not_debited' AND shortfall > 0
    AND start >= $3::date::timestamp AT TIME ZONE $5
    AND start < ($4::date + 1)::timestamp AT TIME ZONE $5
ORDER BY start, appointment_id
"""
# Sessions that came back after the last day expired at once: they are in `expired` already.
_EXPIRED: Final = """
SELECT expires_on AS day, sum(bucket.sessions)::int AS sessions
FROM memberships CROSS JOIN LATERAL (
    SELECT coalesce(sum(granted + adjusted - debited), 0) AS sessions
    FROM buckets WHERE buckets.membership_id = memberships.membership_id
) AS bucket
WHERE home_location_id = $2 AND chain_id = $1 AND state IN ('issued', 'active')
    AND expires_on BETWEEN $3 AND least($4::date, $5::date - 1)
GROUP BY expires_on
"""
_EXPIRING: Final = """
SELECT membership_id, name, owner_client_id, expires_on, bucket.sessions, bucket.held
FROM memberships CROSS JOIN LATERAL (
    SELECT CASE WHEN bool_or(granted IS NULL) THEN NULL
            ELSE sum(granted + adjusted - debited - expired - held)::int END AS sessions,
        sum(held)::int AS held
    FROM buckets WHERE buckets.membership_id = memberships.membership_id
) AS bucket
WHERE home_location_id = $2 AND chain_id = $1 AND state IN ('issued', 'active')
    AND expires_on BETWEEN $3 AND $4 AND bucket.sessions IS DISTINCT FROM 0
ORDER BY expires_on, membership_id
"""
_TYPES: Final = """
SELECT membership_type_id, name FROM membership_types WHERE membership_type_id = ANY($1::uuid[])
"""
_TYPES_OF: Final = """
SELECT membership_id, membership_type_id FROM memberships WHERE membership_id = ANY($1::uuid[])
"""


class Range(NamedTuple):
    """Local dates of a location of a chain, both ends among them."""

    chain_id: UUID
    location_id: UUID
    first: date
    last: date
    time_zone: str


class _Tally(NamedTuple):
    """What is counted, by date and otherwise."""

    days: dict[date, Counter[str]]
    services: defaultdict[UUID | None, Counter[str]]
    types: defaultdict[UUID, Counter[str]]


async def sessions_report(transaction: Transaction, asked: Range) -> SessionsCounted:
    """Count what the ledger and the settlements of the range say."""
    today: date = await transaction.fetchval(_TODAY, asked.chain_id, asked.time_zone)
    span = range((asked.last - asked.first).days + 1)
    days = {asked.first + timedelta(days=day): Counter[str]() for day in span}
    tally = _Tally(days, defaultdict(Counter[str]), defaultdict(Counter[str]))
    _count_sold(tally, await transaction.fetch(_SOLD, *asked))
    await _count_used(transaction, tally, await transaction.fetch(_USED, *asked))
    for day, sessions in await transaction.fetch(_EXPIRED, *asked[:4], today):
        tally.days[day]["expired"] += sessions
    not_debited = await transaction.fetch(_NOT_DEBITED, *asked)
    for row in not_debited:
        tally.days[row["day"]].update(not_debited=1, shortfall=row["shortfall"])
    until = today + timedelta(days=EXPIRING_DAYS)
    expiring = await transaction.fetch(_EXPIRING, asked.chain_id, asked.location_id, today, until)
    return SessionsCounted(
        today=today,
        days=tuple(CountsOfDay(date=day, **counts) for day, counts in tally.days.items()),
        total=SessionCounts(**sum(tally.days.values(), Counter[str]())),
        by_service=_by_service(tally),
        by_membership_type=await _by_type(transaction, tally),
        expiring=_expiring_days(expiring, today),
        expiring_memberships=tuple(ExpiringMembership(**row) for row in expiring[:_SHOWN]),
        not_debited=tuple(
            NotDebited(**{name: value for name, value in row.items() if name != "day"})
            for row in not_debited
        ),
    )


def _count_sold(tally: _Tally, rows: Sequence[asyncpg.Record]) -> None:
    for day, type_id, memberships, sessions, unlimited in rows:
        sold = {"memberships_sold": memberships, "sold": sessions}
        tally.days[day].update(sold, unlimited_memberships_sold=unlimited)
        tally.types[type_id].update(sold)


async def _count_used(
    transaction: Transaction, tally: _Tally, rows: Sequence[asyncpg.Record]
) -> None:
    left = await merged(transaction, {row["service_id"] for row in rows} - {None})
    payers = [row["membership_id"] for row in rows if row["membership_id"] is not None]
    kinds = await transaction.fetch(_TYPES_OF, payers)
    type_of: dict[UUID, UUID] = {row["membership_id"]: row["membership_type_id"] for row in kinds}
    for day, service_id, membership_id, used, automatically in rows:
        if membership_id is not None:
            tally.types[type_of[membership_id]].update(used=used)
            continue
        counts = {"used": used, "used_automatically": automatically}
        tally.days[day].update(counts)
        tally.services[left.get(service_id, service_id)].update(counts)


def _by_service(tally: _Tally) -> tuple[ServiceUse, ...]:
    found = [
        ServiceUse(
            service_id=service_id,
            used=counts["used"],
            used_automatically=counts["used_automatically"],
        )
        for service_id, counts in tally.services.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.used, str(one.service_id))))


async def _by_type(transaction: Transaction, tally: _Tally) -> tuple[TypeCounts, ...]:
    rows = await transaction.fetch(_TYPES, list(tally.types))
    parts = "memberships_sold", "sold", "used"
    found = [
        TypeCounts(
            membership_type_id=one, name=name, **{part: tally.types[one][part] for part in parts}
        )
        for one, name in rows
    ]
    return tuple(sorted(found, key=lambda one: (-one.used, one.name, one.membership_type_id)))


def _expiring_days(rows: Sequence[asyncpg.Record], today: date) -> tuple[ExpiringDay, ...]:
    memberships, sessions = Counter[date](), Counter[date]()
    for row in rows:
        memberships[row["expires_on"]] += 1
        sessions[row["expires_on"]] += row["sessions"] or 0
    days = [today + timedelta(days=day) for day in range(EXPIRING_DAYS + 1)]
    return tuple(
        ExpiringDay(date=day, memberships=memberships[day], sessions=sessions[day]) for day in days
    )
