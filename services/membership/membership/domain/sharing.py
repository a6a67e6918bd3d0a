"""Who may use a membership beside its owner (rules S1, S2)."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from membership.domain.allocator import Ask
from membership.domain.appointments import HoldMoved, HoldReleased
from membership.domain.history import Actor, Change
from membership.domain.memberships import Membership
from membership.domain.refusals import Conflict, NotFound
from membership.domain.releasing import release
from membership.domain.validity import local_date
from membership.domain.wallet import hold_places
from membership.domain.wallets import Wallets


class Share(NamedTuple):
    """Link a client to a membership of a chain (rule S2)."""

    membership_id: UUID
    chain_id: UUID
    client_id: UUID
    by: Actor | None = None


class Unshare(NamedTuple):
    """Remove a shared client of a membership of a chain (rule S2)."""

    membership_id: UUID
    chain_id: UUID
    client_id: UUID
    by: Actor | None = None


class Shared(NamedTuple):
    """A client may use the membership beside its owner."""

    membership: Membership
    client_id: UUID


class Unshared(NamedTuple):
    """A client may not use the membership any more."""

    membership: Membership
    client_id: UUID


def share(wallets: Wallets, request: Share, now: datetime) -> Shared:
    """Link a client, and join the wallets of both: they now compete for the same sessions."""
    membership = wallets.find(request.membership_id, request.chain_id)
    if request.client_id == membership.owner_client_id:
        raise Conflict("The client is the membership's owner.")
    if request.client_id in membership.shared_client_ids:
        raise Conflict("The membership is shared with this client already.")
    if membership.state == "voided":
        raise Conflict("The membership is voided.")
    other = wallets.by_client[request.client_id]
    if any(held.chain_id != request.chain_id for held in other.memberships.values()):
        raise NotFound("client")
    wallets.join(wallets.by_membership[membership.membership_id], other)
    membership.shared_client_ids += (request.client_id,)
    change = Change("shared", now, request.by, client_id=request.client_id)
    wallets.changes.note(membership, change)
    return Shared(membership, request.client_id)


def unshare(
    wallets: Wallets, request: Unshare, now: datetime
) -> list[HoldMoved | HoldReleased | Unshared]:
    """Remove a shared client; what it holds there moves, as far as it can, or is released.

    The wallet stays one: a wallet is what is locked, not who may use what.
    """
    membership = wallets.find(request.membership_id, request.chain_id)
    client_id = request.client_id
    if client_id not in membership.shared_client_ids:
        raise NotFound("shared client")
    membership.shared_client_ids = tuple(
        each for each in membership.shared_client_ids if each != client_id
    )
    change = Change("unshared", now, request.by, client_id=client_id)
    wallets.changes.note(membership, change)
    events = _rehold(wallets, membership, client_id, now)
    return [*events, Unshared(membership, client_id)]


def _rehold(
    wallets: Wallets, membership: Membership, client_id: UUID, now: datetime
) -> list[HoldMoved | HoldReleased]:
    """Move what a client still holds on a membership to others in reach, by rule G6."""
    wallet = wallets.by_membership[membership.membership_id]
    held = [
        hold for hold in wallet.holds_on(membership.membership_id) if hold.client_id == client_id
    ]
    if not held:
        return []
    held.sort(key=lambda hold: (hold.starts_at, hold.line_id))
    today, reach = local_date(now, membership.time_zone), wallet.reach(client_id)
    asks = [
        Ask(
            hold.line_id,
            hold_places(reach, hold.need, today, automatic=hold.automatic_debiting),
            required=False,
        )
        for hold in held
    ]
    allocation = wallet.allocate(asks, today, {hold.line_id for hold in held})
    lost = [hold for hold in held if hold.line_id in allocation.uncovered]
    released = release(wallet, lost, "unshared")
    return [*wallet.move(allocation.moved), *wallet.move(allocation.placed), *released]
