"""The names of clients, for what services say with ids alone: booking is the only home of names."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from contracts.booking_views import ClientNames
from contracts.membership_views import MembershipView
from gateway.queries.reading import Reading

_AT_ONCE: Final = 200


async def names_of(reading: Reading, chain_id: UUID, client_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of clients of a chain; who was erased has none."""
    names: dict[UUID, str] = {}
    wanted = sorted(set(client_ids))
    path = f"/chains/{chain_id}/client-names"
    for first in range(0, len(wanted), _AT_ONCE):
        some = [str(client_id) for client_id in wanted[first : first + _AT_ONCE]]
        answer = await reading.read("booking", path, ClientNames, client_id=some)
        names |= answer.names
    return names


def clients_of(membership: MembershipView) -> set[UUID]:
    """Return who owns, shares or has used a membership, as far as its view tells."""
    users = {use.client_id for use in membership.uses}
    return {membership.owner_client_id, *membership.shared_client_ids, *users}
