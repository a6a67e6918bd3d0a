"""What was decided, as the contracts say it."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from contracts import membership as contract
from contracts.base import Event
from membership.domain.adjusting import Adjusted, Extended, Voided
from membership.domain.appointments import HoldMoved, HoldReleased
from membership.domain.claiming import Claimed, NotClaimed
from membership.domain.debiting import Debited, NotDebited
from membership.domain.freezing import Frozen, Unfrozen
from membership.domain.holding import HoldsPlaced, HoldsRefused
from membership.domain.issuing import Issued, IssueRefused
from membership.domain.ledger import Entry
from membership.domain.managing import Managed
from membership.domain.memberships import Membership
from membership.domain.reasons import WhyNot
from membership.domain.refunding import SoldMembershipVoided, VoidRefused
from membership.domain.settlements import Settlement
from membership.domain.sharing import Shared, Unshared
from membership.domain.undoing import LinesReversed
from membership.domain.wallets import Wallets

Paid: TypeAlias = Claimed | NotClaimed | Debited | NotDebited | LinesReversed
Refunded: TypeAlias = SoldMembershipVoided | VoidRefused
Decided: TypeAlias = (
    Entry | Settlement | HoldsPlaced | HoldsRefused | HoldMoved | HoldReleased | Paid | Issued
    | IssueRefused | Managed | Refunded
)  # fmt: skip


def announce(decided: Decided, now: datetime, wallets: Wallets) -> Event:
    """Return the contract's event for what was decided at `now` about `wallets`.

    To be called before anything else is decided: an event tells its own moment's state.
    """
    match decided:
        case Entry():
            return _entry(decided)
        case Settlement():
            return _settlement(decided, wallets.held_of(decided))
        case HoldsPlaced() | HoldsRefused() | HoldMoved() | HoldReleased():
            return _hold(decided)
        case Claimed() | NotClaimed() | Debited() | NotDebited() | LinesReversed():
            return _payment(decided)
        case IssueRefused() | SoldMembershipVoided() | VoidRefused():
            return _sale(decided)
        case _:
            return _membership(decided, now)


def _sale(decided: IssueRefused | Refunded) -> Event:
    match decided:
        case IssueRefused(sale_id, reason):
            return contract.IssueRefused(sale_id=sale_id, reason=reason)
        case SoldMembershipVoided(refund):
            return contract.SoldMembershipVoided(
                refund_id=refund.refund_id, membership_id=refund.membership_id
            )
        case VoidRefused(refund, used, held):
            return contract.VoidRefused(
                refund_id=refund.refund_id,
                membership_id=refund.membership_id,
                used=used,
                held=held,
            )


def _membership(decided: Issued | Managed, now: datetime) -> Event:
    membership_id = decided.membership.membership_id
    state = _state(decided.membership, now)
    match decided:
        case Issued(_, sale_id):
            return contract.MembershipIssued(
                membership_id=membership_id, sale_id=sale_id, membership=state
            )
        case Frozen():
            return contract.MembershipFrozen(membership_id=membership_id, membership=state)
        case Unfrozen():
            return contract.MembershipUnfrozen(membership_id=membership_id, membership=state)
        case Shared(_, client_id):
            return contract.MembershipShared(
                membership_id=membership_id, shared_client_id=client_id, membership=state
            )
        case Unshared(_, client_id):
            return contract.MembershipUnshared(
                membership_id=membership_id, shared_client_id=client_id, membership=state
            )
        case _:
            return _amendment(decided, state)


def _amendment(decided: Extended | Adjusted | Voided, state: contract.MembershipState) -> Event:
    membership_id = state.membership_id
    match decided:
        case Extended():
            return contract.MembershipExtended(membership_id=membership_id, membership=state)
        case Adjusted(_, bucket_id, sessions):
            return contract.MembershipAdjusted(
                membership_id=membership_id,
                bucket_id=bucket_id,
                sessions=sessions,
                membership=state,
            )
        case Voided():
            return contract.MembershipVoided(membership_id=membership_id, membership=state)


def _entry(entry: Entry) -> Event:
    use = entry.use
    return contract.LedgerEntryRecorded(
        entry_id=entry.entry_id,
        membership_id=entry.membership_id,
        bucket_id=entry.bucket_id,
        revision=entry.revision,
        kind=entry.kind,
        sessions=entry.sessions,
        balance=entry.balance,
        client_id=use.client_id if use else None,
        appointment_id=use.appointment_id if use else None,
        line_id=use.line_id if use else None,
        service_id=use.service_id if use else None,
        visit_id=use.visit_id if use else None,
        recorded_at=entry.recorded_at,
    )


def _settlement(settlement: Settlement, held: Iterable[tuple[UUID, UUID]]) -> Event:
    return contract.AppointmentSettled(
        appointment_id=settlement.appointment_id,
        revision=settlement.revision,
        appointment_revision=settlement.appointment_revision,
        booking_id=settlement.booking_id,
        visit_id=settlement.visit_id,
        chain_id=settlement.chain_id,
        location_id=settlement.location_id,
        client_id=settlement.client_id,
        outcome=settlement.outcome,
        lines=tuple(
            contract.SettledLine(
                line_id=line.line_id,
                debited=line.is_debited,
                membership_id=line.membership_id,
                bucket_id=line.bucket_id,
                reason=line.reason,
                automatic=not line.by_hand,
            )
            for line in settlement.lines
        ),
        shortfall=settlement.shortfall,
        start=settlement.start,
        settled_at=settlement.settled_at,
        delay_ms=settlement.delay_ms,
        held=_held(held),
    )


def _hold(decided: HoldsPlaced | HoldsRefused | HoldMoved | HoldReleased) -> Event:
    match decided:
        case HoldsPlaced():
            return _holds_placed(decided)
        case HoldsRefused():
            return _holds_refused(decided)
        case HoldMoved():
            return contract.HoldMoved(**decided._asdict())
        case HoldReleased():
            return contract.HoldReleased(**decided._asdict())


def _holds_placed(placed: HoldsPlaced) -> Event:
    return contract.HoldPlaced(
        booking_id=placed.booking_id,
        location_id=placed.location_id,
        client_id=placed.client_id,
        lines=_held(placed.carried),
        reschedule_id=placed.reschedule_id,
    )


def _holds_refused(refused: HoldsRefused) -> Event:
    return contract.HoldRefused(
        booking_id=refused.booking_id,
        location_id=refused.location_id,
        client_id=refused.client_id,
        reasons=refusal_details(refused.reasons),
        reschedule_id=refused.reschedule_id,
    )


def refusal_details(reasons: Iterable[WhyNot]) -> tuple[contract.RefusalDetail, ...]:
    """Return the reasons of a refusal, per membership and rule (rule G7)."""
    return tuple(contract.RefusalDetail(**why._asdict()) for why in reasons)


def _payment(decided: Paid) -> Event:
    match decided:
        case Claimed(request):
            return contract.LinesClaimed(
                claim_id=request.claim_id,
                visit_id=request.visit_id,
                appointment_id=request.appointment_id,
                line_ids=request.line_ids,
            )
        case NotClaimed(request, taken):
            return contract.ClaimRefused(
                claim_id=request.claim_id,
                visit_id=request.visit_id,
                appointment_id=request.appointment_id,
                debited_line_ids=taken,
            )
        case Debited(request, paid_by, settlement_revision):
            return contract.LinesDebited(
                debit_id=request.debit_id,
                visit_id=request.plan.visit_id,
                appointment_id=request.appointment_id,
                lines=_held(paid_by),
                settlement_revision=settlement_revision,
            )
        case NotDebited(request, reasons):
            return contract.DebitRefused(
                debit_id=request.debit_id,
                visit_id=request.plan.visit_id,
                appointment_id=request.appointment_id,
                reasons=refusal_details(reasons),
            )
        case LinesReversed(request, line_ids, settlement_revision):
            return contract.LinesReversed(
                reversal_id=request.reversal_id,
                visit_id=request.plan.visit_id,
                appointment_id=request.appointment_id,
                line_ids=line_ids,
                settlement_revision=settlement_revision,
            )


def _held(carried: Iterable[tuple[UUID, UUID]]) -> tuple[contract.HeldLine, ...]:
    return tuple(contract.HeldLine(line_id=line, membership_id=by) for line, by in carried)


def _state(membership: Membership, now: datetime) -> contract.MembershipState:
    return contract.MembershipState(
        membership_id=membership.membership_id,
        revision=membership.revision,
        chain_id=membership.chain_id,
        membership_type_id=membership.membership_type_id,
        name=membership.name,
        owner_client_id=membership.owner_client_id,
        shared_client_ids=membership.shared_client_ids,
        status=membership.status(now),
        expires_on=membership.expires_on,
        auto_deduction=membership.auto_deduction,
        frozen_until=membership.frozen_until,
    )
