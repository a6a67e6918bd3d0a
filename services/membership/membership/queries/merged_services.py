"""What services mean that were merged (rule A17)."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from membership.queries.connection import Connection

_MERGED: Final = "SELECT * FROM merged_services WHERE service_id = ANY($1::uuid[])"


async def merged(connection: Connection, service_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return the service that is left of each of those that were merged."""
    rows = await connection.fetch(_MERGED, list(set(service_ids)))
    return {row["service_id"]: row["merged_id"] for row in rows}


def meant(service_ids: Iterable[UUID], left: Mapping[UUID, UUID]) -> tuple[UUID, ...]:
    """Return the services that these ids mean, each once."""
    return tuple(dict.fromkeys(left.get(service_id, service_id) for service_id in service_ids))
