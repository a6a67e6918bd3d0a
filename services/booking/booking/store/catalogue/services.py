"""Services."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from booking.domain.catalogue import Service
from booking.store.columns import columns
from postgres import Transaction

# The columns are the fields of the dataclass, in their order.
_SERVICE: Final = """
       service.service_id, service.location_id, service.name, service.kind,
       service.duration_minutes, service.price, service.membership_booking,
       service.automatic_debiting, service.free_cancellation_hours, service.category_id,
       service.online_prepayment
"""
_MERGED_IDS: Final = """,
       ARRAY(SELECT alias_id FROM service_aliases AS merged
             WHERE merged.service_id = service.service_id ORDER BY alias_id)
"""
# The id of a service that was merged means the one that it was merged into.
_SERVICES: Final = (
    "SELECT asked.service_id,"
    + _SERVICE
    + _MERGED_IDS
    + """
FROM unnest($1::uuid[]) AS asked (service_id)
LEFT JOIN service_aliases AS alias ON alias.alias_id = asked.service_id
JOIN services AS service ON service.service_id = coalesce(alias.service_id, asked.service_id)
"""
)
_SERVICES_AT: Final = (
    "SELECT"
    + _SERVICE
    + """
FROM services AS service
WHERE service.location_id = ANY($1::uuid[])
    AND NOT EXISTS (SELECT FROM service_aliases WHERE alias_id = service.service_id)
ORDER BY service.name, service.service_id
"""
)
_ADD_SERVICES: Final = """
INSERT INTO services (service_id, location_id, name, kind, duration_minutes, price,
                      membership_booking, automatic_debiting, free_cancellation_hours,
                      category_id, online_prepayment)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::integer[], $6::bigint[],
                     $7::boolean[], $8::boolean[], $9::integer[], $10::uuid[], $11::boolean[])
"""
_CHANGE_SERVICES: Final = """
UPDATE services AS service
SET name = new.name, duration_minutes = new.duration_minutes, price = new.price,
    membership_booking = new.membership_booking, automatic_debiting = new.automatic_debiting,
    free_cancellation_hours = new.free_cancellation_hours, category_id = new.category_id,
    online_prepayment = new.online_prepayment
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::integer[], $6::bigint[],
            $7::boolean[], $8::boolean[], $9::integer[], $10::uuid[], $11::boolean[])
    AS new (service_id, location_id, name, kind, duration_minutes, price, membership_booking,
            automatic_debiting, free_cancellation_hours, category_id, online_prepayment)
WHERE service.service_id = new.service_id
"""


async def services(transaction: Transaction, ids: Iterable[UUID]) -> dict[UUID, Service]:
    """Return the services of these ids that exist.

    One that was merged is there by its old id, which was asked for, and by its own (rule A17).
    """
    found: dict[UUID, Service] = {}
    for asked, *fields, merged_ids in await transaction.fetch(_SERVICES, list(set(ids))):
        service = Service(*fields, merged_ids=tuple(merged_ids))
        found[asked] = found[service.service_id] = service
    return found


async def services_at(transaction: Transaction, location_ids: Iterable[UUID]) -> list[Service]:
    """Return the services that locations offer, by name; what was merged is not one any more."""
    rows = await transaction.fetch(_SERVICES_AT, list(set(location_ids)))
    return [Service(*row) for row in rows]


async def add_services(transaction: Transaction, added: Sequence[Service]) -> None:
    """Insert services."""
    await transaction.execute(_ADD_SERVICES, *columns(map(_row, added)))


async def change_services(transaction: Transaction, changed: Sequence[Service]) -> None:
    """Replace the settings of services; each may be given once."""
    await transaction.execute(_CHANGE_SERVICES, *columns(map(_row, changed)))


def _row(service: Service) -> tuple[Any, ...]:
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
        service.category_id,
        service.online_prepayment,
    )
