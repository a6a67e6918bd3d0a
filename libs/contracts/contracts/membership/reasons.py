"""Why a membership does not pay."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from contracts.base import Value

RefusalReason = Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")]
"""Why a membership does not pay; more may be added, so branch on those that you know:
no_membership, service_not_covered, location_not_covered, status_not_valid, used_up,
expires_too_early, not_valid_yet, not_enough_sessions, frozen, expired, no_auto_deduction,
visit_status, claimed, already_debited, paid_online, debit_undone, claim_returned, cancelled,
rescheduled, technical_error."""


class RefusalDetail(Value):
    """Why one membership does not carry one service; without an id it speaks of all of them."""

    membership_id: UUID | None
    service_id: UUID
    rule: str
    reason: RefusalReason
