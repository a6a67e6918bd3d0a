"""What people do with issued memberships."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from membership.domain.adjusting import (
    Adjust,
    Adjusted,
    Extend,
    Extended,
    Void,
    Voided,
    adjust,
    extend,
    void,
)
from membership.domain.appointments import HoldMoved, HoldReleased
from membership.domain.freezing import Freeze, Frozen, Unfreeze, Unfrozen, freeze, unfreeze
from membership.domain.ledger import Entry
from membership.domain.sharing import Share, Shared, Unshare, Unshared, share, unshare
from membership.domain.wallets import Wallets

Management: TypeAlias = Freeze | Unfreeze | Share | Unshare | Extend | Adjust | Void
Managed: TypeAlias = Frozen | Unfrozen | Shared | Unshared | Extended | Adjusted | Voided


def manage(
    wallets: Wallets, request: Management, now: datetime
) -> Sequence[Managed | Entry | HoldMoved | HoldReleased]:
    """Carry out what people ask for; raises what `refusals` has."""
    match request:
        case Freeze():
            return [freeze(wallets, request)]
        case Unfreeze():
            return [unfreeze(wallets, request)]
        case Share():
            return [share(wallets, request, now)]
        case Unshare():
            return unshare(wallets, request, now)
        case _:
            return _amend(wallets, request, now)


def _amend(
    wallets: Wallets, request: Extend | Adjust | Void, now: datetime
) -> Sequence[Extended | Adjusted | Voided | Entry | HoldReleased]:
    match request:
        case Extend():
            return extend(wallets, request, now)
        case Adjust():
            return adjust(wallets, request, now)
        case Void():
            return void(wallets, request, now)
