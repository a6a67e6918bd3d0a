"""New times that wait for membership."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Final
from uuid import UUID

from booking.domain.bookings import Appointment, Line, Reschedule
from booking.store.columns import columns
from postgres import Transaction

_LOAD: Final = """
SELECT reschedule_id, command_id, booking_id, asked_at, decide_by, event_id,
       appointment_id, start_at, end_at, free_cancellation_until, owed, revision
FROM reschedules WHERE booking_id = ANY($1::uuid[])
"""
_LOAD_LINES: Final = """
SELECT line.reschedule_id, line.ordinal, line.line_id,
       coalesce(merged.service_id, line.service_id), coalesce(merged.name, line.service_name),
       line.team_member_id, line.start_at, line.end_at, line.price, line.membership_booking,
       line.automatic_debiting, line.required, line.category_id, line.paid_online
FROM reschedule_lines AS line
LEFT JOIN service_aliases AS alias ON alias.alias_id = line.service_id
LEFT JOIN services AS merged ON merged.service_id = alias.service_id
WHERE line.reschedule_id = ANY($1::uuid[])
ORDER BY line.reschedule_id, line.ordinal
"""
_ADD: Final = """
WITH reschedule AS (
    INSERT INTO reschedules (reschedule_id, command_id, booking_id, asked_at, decide_by, event_id,
                             appointment_id, start_at, end_at, free_cancellation_until, owed,
                             revision)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[],
                         $6::uuid[], $7::uuid[], $8::timestamptz[], $9::timestamptz[],
                         $10::timestamptz[], $11::bigint[], $12::integer[])
)
INSERT INTO reschedule_lines (reschedule_id, ordinal, line_id, service_id, service_name,
                              team_member_id, start_at, end_at, price, membership_booking,
                              automatic_debiting, required, category_id, paid_online)
SELECT * FROM unnest($13::uuid[], $14::integer[], $15::uuid[], $16::uuid[], $17::text[],
                     $18::uuid[], $19::timestamptz[], $20::timestamptz[], $21::bigint[],
                     $22::boolean[], $23::boolean[], $24::boolean[], $25::uuid[], $26::boolean[])
"""
_REMOVE: Final = "DELETE FROM reschedules WHERE reschedule_id = ANY($1::uuid[])"

_PLAN: Final = attrgetter(
    "appointment_id", "start", "end", "free_cancellation_until", "owed", "revision"
)
_LINE: Final = attrgetter(
    "ordinal",
    "line_id",
    "service_id",
    "service_name",
    "team_member_id",
    "start",
    "end",
    "price",
    "membership_booking",
    "automatic_debiting",
    "required",
    "category_id",
    "paid_online",
)


async def load(transaction: Transaction, booking_ids: Iterable[UUID]) -> list[Reschedule]:
    """Return the new times that wait among the appointments of these bookings."""
    found: dict[UUID, Reschedule] = {}
    for row in await transaction.fetch(_LOAD, list(set(booking_ids))):
        reschedule_id, command_id, booking_id, asked_at, decide_by, event_id, *plan, revision = row
        found[reschedule_id] = Reschedule(
            reschedule_id=reschedule_id,
            command_id=command_id,
            booking_id=booking_id,
            asked_at=asked_at,
            decide_by=decide_by,
            event_id=event_id,
            plan=Appointment(*plan, revision=revision),
        )
    if found:
        for row in await transaction.fetch(_LOAD_LINES, list(found)):
            reschedule_id, *fields, category_id, paid_online = row
            line = Line(*fields, category_id=category_id, paid_online=paid_online)
            found[reschedule_id].plan.lines.append(line)
    return list(found.values())


async def add(transaction: Transaction, added: Sequence[Reschedule]) -> None:
    """Insert new times."""
    if not added:
        return
    rows = (
        (
            one.reschedule_id,
            one.command_id,
            one.booking_id,
            one.asked_at,
            one.decide_by,
            one.event_id,
            *_PLAN(one.plan),
        )
        for one in added
    )
    lines = ((one.reschedule_id, *_LINE(line)) for one in added for line in one.plan.lines)
    await transaction.execute(_ADD, *columns(rows), *columns(lines))


async def remove(transaction: Transaction, decided: Iterable[Reschedule]) -> None:
    """Delete new times that were decided."""
    ids = [one.reschedule_id for one in decided]
    if ids:
        await transaction.execute(_REMOVE, ids)
