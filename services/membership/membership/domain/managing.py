"""What operators do with issued memberships: freeze, unfreeze, share."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from membership.domain.memberships import Membership
from membership.domain.refusals import Conflict, NotFound
from membership.domain.validity import local_date
from membership.domain.wallets import Wallets


class Freeze(NamedTuple):
    """Freeze a membership of a chain, as of `effective_at`."""

    membership_id: UUID
    chain_id: UUID
    effective_at: datetime


class Unfreeze(NamedTuple):
    """Unfreeze a membership of a chain, as of `effective_at`."""

    membership_id: UUID
    chain_id: UUID
    effective_at: datetime


class Share(NamedTuple):
    """Link a client to a membership of a chain (rule S2)."""

    membership_id: UUID
    chain_id: UUID
    client_id: UUID


class Frozen(NamedTuple):
    """The membership is not debited automatically until it is unfrozen."""

    membership: Membership


class Unfrozen(NamedTuple):
    """The membership is in use again."""

    membership: Membership


class Shared(NamedTuple):
    """A client may use the membership beside its owner."""

    membership: Membership
    client_id: UUID


def manage(wallets: Wallets, request: Freeze | Unfreeze | Share) -> Frozen | Unfrozen | Shared:
    """Carry out what an operator asks for; raises `NotFound` or `Conflict`."""
    match request:
        case Freeze():
            return freeze(wallets, request)
        case Unfreeze():
            return unfreeze(wallets, request)
        case Share():
            return share(wallets, request)


def freeze(wallets: Wallets, request: Freeze) -> Frozen:
    """Freeze; raises `Conflict` for what is frozen, expired or voided."""
    membership = _find(wallets, request.membership_id, request.chain_id)
    status = membership.status(request.effective_at)
    if status in {"frozen", "expired", "voided"}:
        raise Conflict(f"The membership is {status}.")
    membership.state = "frozen"
    membership.frozen_at = request.effective_at
    _changed(wallets, membership)
    return Frozen(membership)


def unfreeze(wallets: Wallets, request: Unfreeze) -> Unfrozen:
    """Unfreeze: the expiry date moves by the days, on local dates, that it was really frozen."""
    membership = _find(wallets, request.membership_id, request.chain_id)
    if membership.state != "frozen" or membership.frozen_at is None:
        raise Conflict("The membership is not frozen.")
    since = local_date(membership.frozen_at, membership.time_zone)
    until = local_date(request.effective_at, membership.time_zone)
    if membership.expires_on is not None:
        membership.expires_on += until - since
    activated_on = membership.activated_on
    membership.state = "active" if activated_on and activated_on <= until else "issued"
    membership.frozen_at = None
    _changed(wallets, membership)
    return Unfrozen(membership)


def share(wallets: Wallets, request: Share) -> Shared:
    """Link a client, and join the wallets of both: they now compete for the same sessions."""
    membership = _find(wallets, request.membership_id, request.chain_id)
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
    _changed(wallets, membership)
    return Shared(membership, request.client_id)


def _find(wallets: Wallets, membership_id: UUID, chain_id: UUID) -> Membership:
    wallet = wallets.by_membership.get(membership_id)
    membership = wallet.memberships[membership_id] if wallet else None
    if membership is None or membership.chain_id != chain_id:
        raise NotFound("membership")
    return membership


def _changed(wallets: Wallets, membership: Membership) -> None:
    membership.revision += 1
    wallets.changes.memberships[membership.membership_id] = membership
