"""What is said of sales, and how they are shown."""

from typing import Any, Final

from contracts.membership import ReverseLines, VoidSoldMembership
from contracts.sales import MembershipSold
from contracts.sales_views import SaleLineView, SaleView, SettledVisits
from contracts.values import Appointment, Money
from sales.domain.healings import Healing
from sales.domain.sales.outcomes import ReversalWanted, VoidWanted
from sales.domain.sales.sale import Kind, Payer, Refund, Sale, SaleLine, State

_PENDING: Final = frozenset({State.DEBITING, State.CLAIMING, State.OPENING, State.ISSUING})


def membership_sold(sale: Sale, line: SaleLine) -> MembershipSold:
    """Return that a membership was sold, and is to be issued."""
    assert line.membership_type_id is not None, "it is of a membership"
    return MembershipSold(
        sale_id=line.sale_line_id,
        chain_id=sale.chain_id,
        location_id=sale.location_id,
        time_zone=sale.time_zone,
        client_id=sale.client_id,
        membership_type_id=line.membership_type_id,
        price=Money(amount=line.to_pay, currency=sale.currency),
        sold_at=sale.sold_at,
        activates_on=line.activates_on,
    )


def void_wanted(wanted: VoidWanted) -> VoidSoldMembership:
    """Return that a membership that was sold is to be taken back."""
    return VoidSoldMembership(
        refund_id=wanted.void_id,
        membership_id=wanted.membership_id,
        client_id=wanted.sale.client_id,
        chain_id=wanted.sale.chain_id,
    )


def reversal_wanted(wanted: ReversalWanted, document: str) -> ReverseLines:
    """Return that debits are to be given back; `document` is the appointment's plan."""
    appointment = Appointment.model_validate_json(document)
    return ReverseLines(
        reversal_id=wanted.reversal_id,
        client_id=appointment.client_id,
        appointment=appointment,
        line_ids=wanted.line_ids,
    )


def sale_view(sale: Sale) -> SaleView:
    """Return a sale as callers see it."""
    sold = [line.membership_id for line in sale.of_kind(Kind.MEMBERSHIP)]
    fields: dict[str, Any] = {
        "sale_id": sale.sale_id,
        "location_id": sale.location_id,
        "client_id": sale.client_id,
        "visit_id": sale.visit_id,
        "state": "pending" if sale.state in _PENDING else sale.state.value,
        "method": sale.method,
        "lines": tuple(_line_view(sale, line) for line in sale.lines),
        "to_pay": Money(amount=sale.to_pay, currency=sale.currency),
        "refunded": Money(amount=sale.refunded, currency=sale.currency),
        "sold_at": sale.sold_at,
        "membership_id": sold[0] if sold else None,
        "payment_id": sale.payment_id,
        "checkout_url": sale.checkout_url if sale.state is State.AWAITING_PAYMENT else None,
    }
    return SaleView.model_validate(fields)


def settled_visits(healing: Healing) -> SettledVisits:
    """Return what a membership has paid, and what it could not."""
    return SettledVisits(
        settlement_id=healing.settlement_id,
        membership_id=healing.membership_id,
        settled_line_ids=tuple(healing.settled),
        refused_line_ids=tuple(healing.refused),
    )


def _line_view(sale: Sale, line: SaleLine) -> SaleLineView:
    by_money = sale.method if sale.is_sold else None
    fields: dict[str, Any] = {
        "sale_line_id": line.sale_line_id,
        "kind": line.kind.value,
        "name": line.name,
        "quantity": line.quantity,
        "price": Money(amount=line.price, currency=sale.currency),
        "discount": Money(amount=line.discount, currency=sale.currency),
        "to_pay": Money(amount=line.to_pay, currency=sale.currency),
        "paid_by": "membership" if line.payer is Payer.MEMBERSHIP else by_money,
        "line_id": line.line_id,
        "appointment_id": line.appointment_id,
        "membership_type_id": line.membership_type_id,
        "membership_id": line.membership_id,
        "refunded": line.refund is Refund.DONE,
    }
    return SaleLineView.model_validate(fields)
