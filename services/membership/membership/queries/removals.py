"""What becomes of a shared client's holds when the client is removed (rule S2)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.membership_views import HeldBooking, RemovalPlan
from membership import store
from membership.domain.refusals import NotFound
from membership.domain.sharing import Unshare, unshare
from postgres import Transaction

_NOW: Final = "SELECT chain_now($1)"


async def removal_plan(
    connection: Transaction, membership_id: UUID, chain_id: UUID, client_id: UUID
) -> RemovalPlan | None:
    """Return what would happen now, to be called in one snapshot; None for who does not share it.

    It is removed for real in what was loaded, and nothing of that is saved.
    """
    wallets = await store.load(connection, store.Keys(memberships={membership_id}))
    now: datetime = await connection.fetchval(_NOW, chain_id)
    client_id = wallets.kept(client_id)
    wallet = wallets.by_membership[membership_id]
    held = [hold for hold in wallet.holds_on(membership_id) if hold.client_id == client_id]
    held.sort(key=lambda hold: (hold.starts_at, hold.line_id))
    try:
        unshare(wallets, Unshare(membership_id, chain_id, client_id), now)
    except NotFound:
        return None
    return RemovalPlan(
        membership_id=membership_id,
        client_id=client_id,
        holds=tuple(
            HeldBooking(
                booking_id=hold.booking_id,
                appointment_id=hold.appointment_id,
                line_id=hold.line_id,
                service_id=hold.service_id,
                start=hold.starts_at,
                moves_to=(
                    wallet.buckets[hold.bucket_id].membership_id
                    if hold.line_id in wallet.holds
                    else None
                ),
            )
            for hold in held
        ),
    )
