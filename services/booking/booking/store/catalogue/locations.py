"""Locations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg

from booking.domain.catalogue import Location, OnlinePayment, WidgetTheme
from booking.store.columns import columns
from postgres import Transaction

# Test clocks are a table that is empty but where sandboxes are allowed.
_LOCATIONS: Final = """
SELECT location_id, chain_id, name, time_zone, currency, region, clock.ahead,
       individual_payment, group_payment, phone_confirmation, widget_color, widget_mode
FROM locations LEFT JOIN test_clocks AS clock USING (chain_id)
"""
_REGIONS: Final = """
SELECT chain.chain_id, location.location_id, location.region
FROM chains AS chain LEFT JOIN locations AS location USING (chain_id)
WHERE chain.chain_id = ANY($1::uuid[])
"""
_ADD_LOCATIONS: Final = """
INSERT INTO locations (location_id, chain_id, name, time_zone, currency, region,
                       individual_payment, group_payment, phone_confirmation, widget_color,
                       widget_mode)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[],
                     $7::text[], $8::text[], $9::boolean[], $10::text[], $11::text[])
"""
_CHANGE_LOCATIONS: Final = """
UPDATE locations AS location
SET name = new.name, region = new.region, individual_payment = new.individual_payment,
    group_payment = new.group_payment, phone_confirmation = new.phone_confirmation,
    widget_color = new.widget_color, widget_mode = new.widget_mode
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[],
            $7::text[], $8::text[], $9::boolean[], $10::text[], $11::text[])
    AS new (location_id, chain_id, name, time_zone, currency, region, individual_payment,
            group_payment, phone_confirmation, widget_color, widget_mode)
WHERE location.location_id = new.location_id
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


async def locations(transaction: Transaction, ids: Iterable[UUID]) -> dict[UUID, Location]:
    """Return the locations of these ids that exist, with what time it is in their chains."""
    rows = await transaction.fetch(
        f"{_LOCATIONS} WHERE location_id = ANY($1::uuid[])", list(set(ids))
    )
    return {row["location_id"]: _location(row) for row in rows}


async def locations_of(transaction: Transaction, chain_id: UUID) -> dict[UUID, Location]:
    """Return the locations of a chain."""
    rows = await transaction.fetch(f"{_LOCATIONS} WHERE chain_id = $1", chain_id)
    return {row["location_id"]: _location(row) for row in rows}


async def add_locations(transaction: Transaction, added: Sequence[Location]) -> None:
    """Insert locations."""
    await transaction.execute(_ADD_LOCATIONS, *columns(map(_row, added)))


async def change_locations(transaction: Transaction, changed: Sequence[Location]) -> None:
    """Replace the settings of locations; each may be given once. Zones and currencies stay."""
    await transaction.execute(_CHANGE_LOCATIONS, *columns(map(_row, changed)))


def _location(row: asyncpg.Record) -> Location:
    return Location(
        location_id=row["location_id"],
        chain_id=row["chain_id"],
        name=row["name"],
        time_zone=row["time_zone"],
        currency=row["currency"],
        region=row["region"],
        online_payment=OnlinePayment(row["individual_payment"], row["group_payment"]),
        phone_confirmation=row["phone_confirmation"],
        widget_theme=WidgetTheme(row["widget_color"], row["widget_mode"]),
        ahead=row["ahead"] or timedelta(),
    )


def _row(location: Location) -> tuple[Any, ...]:
    return (
        location.location_id,
        location.chain_id,
        location.name,
        location.time_zone,
        location.currency,
        location.region,
        location.online_payment.individual,
        location.online_payment.group,
        location.phone_confirmation,
        location.widget_theme.color,
        location.widget_theme.mode,
    )
