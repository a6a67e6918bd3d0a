"""Clients as callers see them."""

from uuid import UUID

from booking.domain.clients import Client
from contracts.booking_views import ClientView


def client_view(chain_id: UUID, client: Client) -> ClientView:
    """Return a client of a chain."""
    return ClientView(
        client_id=client.client_id,
        chain_id=chain_id,
        name=client.name,
        phone=client.phones[0] if client.phones else None,
        erased=client.erased,
        merged_client_ids=client.merged_ids,
    )
