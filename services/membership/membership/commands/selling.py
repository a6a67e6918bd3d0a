"""What sales and imports ask for, in the words of the domain."""

from datetime import datetime
from hashlib import sha256
from typing import TypeAlias

from contracts import membership_views as views
from contracts.membership import (
    ClaimLines,
    DebitLines,
    ImportMembership,
    ReturnLines,
    ReverseLines,
    VoidSoldMembership,
)
from contracts.sales import MembershipSold
from membership.commands.asking import plan
from membership.domain.claiming import ClaimRequest, Return
from membership.domain.debit_plans import DebitQuestion
from membership.domain.debiting import DebitRequest
from membership.domain.history import Actor
from membership.domain.importing import Import
from membership.domain.issuing import Sale
from membership.domain.memberships import Imported
from membership.domain.refunding import SaleRefund
from membership.domain.undoing import ReversalRequest

SalesRequest: TypeAlias = (
    MembershipSold | VoidSoldMembership | ClaimLines | ReturnLines | DebitLines | ReverseLines
)


def selling(
    body: SalesRequest, at: datetime
) -> Sale | SaleRefund | ClaimRequest | Return | DebitRequest | ReversalRequest:
    """Return what sales asks for, as of `at`, when it was asked."""
    match body:
        case MembershipSold():
            return sale(body)
        case VoidSoldMembership():
            return SaleRefund(body.refund_id, body.membership_id, body.chain_id)
        case ClaimLines():
            return claim(body)
        case _:
            return _paying(body, at)


def _paying(
    body: ReturnLines | DebitLines | ReverseLines, at: datetime
) -> Return | DebitRequest | ReversalRequest:
    planned = plan(body.appointment)
    match body:
        case ReturnLines():
            return Return(body.claim_id, planned, at)
        case DebitLines():
            return DebitRequest(
                body.debit_id, planned, body.line_ids, body.membership_id, body.partly
            )
        case ReverseLines():
            return ReversalRequest(body.reversal_id, planned, body.line_ids, at)


def sale(sold: MembershipSold) -> Sale:
    """Return what was sold."""
    return Sale(
        sale_id=sold.sale_id,
        chain_id=sold.chain_id,
        location_id=sold.location_id,
        time_zone=sold.time_zone,
        client_id=sold.client_id,
        membership_type_id=sold.membership_type_id,
        sold_at=sold.sold_at,
        activates_on=sold.activates_on,
    )


def claim(body: ClaimLines) -> ClaimRequest:
    """Return what money is asked for."""
    return ClaimRequest(
        body.claim_id,
        body.appointment_id,
        body.visit_id,
        body.client_id,
        body.line_ids,
        plan(body.appointment) if body.appointment else None,
    )


def debit_question(body: views.DebitQuestion) -> DebitQuestion:
    """Return what is asked about debits by hand."""
    plans = tuple(map(plan, body.appointments))
    return DebitQuestion(plans, frozenset(body.line_ids), body.membership_id)


def imported(body: ImportMembership, by: Actor | None) -> Import:
    """Return the membership that was issued elsewhere."""
    form = body.imported
    told = form.model_dump_json(exclude={"client_id", "shared_client_ids"})
    digest = sha256(told.encode()).hexdigest()
    return Import(
        membership_id=body.membership_id,
        chain_id=body.chain_id,
        location_id=body.location_id,
        time_zone=body.time_zone,
        origin=Imported(form.reference, digest, (form.client_id, *form.shared_client_ids)),
        client_id=form.client_id,
        membership_type_id=form.membership_type_id,
        remaining=form.remaining,
        issued_on=form.issued_on,
        activated_on=form.activated_on,
        expires_on=form.expires_on,
        shared_client_ids=form.shared_client_ids,
        by=by,
    )
