"""The sale of a membership is refunded: it is voided, if nothing of it is used or held."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from membership.domain.adjusting import Void, Voided, void
from membership.domain.appointments import HoldReleased
from membership.domain.refusals import NotFound
from membership.domain.wallets import Wallets

_WHY: Final = "Its sale was refunded."


class SaleRefund(NamedTuple):
    """The money for a membership of a chain is to go back."""

    refund_id: UUID
    membership_id: UUID
    chain_id: UUID


class SoldMembershipVoided(NamedTuple):
    """The membership pays nothing any more."""

    refund: SaleRefund


class VoidRefused(NamedTuple):
    """The membership cannot be taken back: as many sessions are used, and as many held."""

    refund: SaleRefund
    used: int
    held: int


def void_sold(
    wallets: Wallets, refund: SaleRefund, now: datetime
) -> list[HoldReleased | Voided | SoldMembershipVoided | VoidRefused]:
    """Void a membership as it was sold; one that was used, is held or was adjusted stays.

    One that is voided already, unused, is answered as if it were voided now.
    """
    try:
        membership = wallets.find(refund.membership_id, refund.chain_id)
    except NotFound:
        return [VoidRefused(refund, 0, 0)]
    used = sum(bucket.debited for bucket in membership.buckets)
    held = sum(bucket.held for bucket in membership.buckets)
    if used or held or any(bucket.adjusted for bucket in membership.buckets):
        return [VoidRefused(refund, used, held)]
    if membership.state == "voided":
        return [SoldMembershipVoided(refund)]
    voided = void(wallets, Void(refund.membership_id, refund.chain_id, _WHY), now)
    return [*voided, SoldMembershipVoided(refund)]
