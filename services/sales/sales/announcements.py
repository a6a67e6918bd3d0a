"""What is said of sales, payments and bills, and how they are shown."""

from datetime import datetime

from contracts.problems import NOT_FOUND
from contracts.reply import Problem
from contracts.sales import (
    AppointmentOwed,
    BillChanged,
    MembershipSold,
    PaymentFailed,
    PaymentReceived,
    PaymentRefunded,
)
from contracts.sales_views import PaymentView, SaleView
from contracts.values import Money
from sales.domain.bills import Bill
from sales.domain.payments import Errand, Failed, Outcome, Payment, Received, Refunded, State
from sales.domain.sales import Sale
from sales.domain.visits import Visit


def membership_sold(sale: Sale, *, time_zone: str) -> MembershipSold:
    """Return that a membership was sold, and is to be issued."""
    return MembershipSold(
        sale_id=sale.sale_id,
        chain_id=sale.chain_id,
        location_id=sale.location_id,
        time_zone=time_zone,
        client_id=sale.client_id,
        membership_type_id=sale.membership_type_id,
        price=Money(amount=sale.price, currency=sale.currency),
        sold_at=sale.sold_at,
        activates_on=sale.activates_on,
    )


def payment_outcome(
    payment: Payment, outcome: Outcome, received_at: datetime
) -> PaymentReceived | PaymentFailed | PaymentRefunded | None:
    """Return what is said of a payment; nothing of what the provider is yet to be asked."""
    match outcome:
        case Received():
            return PaymentReceived(
                payment_id=payment.payment_id,
                booking_id=payment.booking_id,
                location_id=payment.owner.location_id,
                client_id=payment.owner.client_id,
                amount=Money(amount=payment.amount, currency=payment.currency),
                received_at=received_at,
            )
        case Failed(reason=reason):
            return PaymentFailed(
                payment_id=payment.payment_id,
                booking_id=payment.booking_id,
                location_id=payment.owner.location_id,
                client_id=payment.owner.client_id,
                reason=reason,
            )
        case Refunded(line_ids=line_ids, amount=amount):
            return PaymentRefunded(
                payment_id=payment.payment_id,
                booking_id=payment.booking_id,
                location_id=payment.owner.location_id,
                client_id=payment.owner.client_id,
                amount=Money(amount=amount, currency=payment.currency),
                line_ids=line_ids,
            )
        case Errand():
            return None


def payment_view(payment: Payment) -> PaymentView:
    """Return a payment as callers see it; only a page that is open can be paid at."""
    return PaymentView(
        payment_id=payment.payment_id,
        booking_id=payment.booking_id,
        location_id=payment.owner.location_id,
        client_id=payment.owner.client_id,
        amount=Money(amount=payment.amount, currency=payment.currency),
        refunded=Money(amount=payment.refunded, currency=payment.currency),
        state=payment.state.value,
        checkout_url=payment.checkout_url if payment.state is State.OPEN else None,
        expires_at=payment.expires_at,
    )


def sale_view(sale: Sale) -> SaleView:
    """Return the sale as callers see it."""
    return SaleView.model_validate(
        {
            "sale_id": sale.sale_id,
            "location_id": sale.location_id,
            "client_id": sale.client_id,
            "membership_type_id": sale.membership_type_id,
            "membership_type_name": sale.membership_type_name,
            "membership_id": sale.membership_id,
            "price": Money(amount=sale.price, currency=sale.currency),
            "payment": sale.payment,
            "state": sale.state.value,
            "sold_at": sale.sold_at,
        }
    )


def sale_refused(reason: str) -> Problem:
    """Return why a sale brought nothing: membership knows no such type or client in the chain."""
    return NOT_FOUND.problem(reason)


def bill_changed(visit: Visit, bill: Bill) -> BillChanged:
    """Return the bill of a visit at its revision."""
    return BillChanged(
        visit_id=visit.visit_id,
        revision=visit.revision,
        location_id=visit.owner.location_id,
        client_id=visit.owner.client_id,
        currency=bill.currency,
        total=bill.total,
        debited=bill.debited,
        paid=bill.paid,
        owed=bill.owed,
        payment_status=bill.payment_status.value,
        appointments=tuple(
            AppointmentOwed(
                appointment_id=part.appointment_id,
                total=part.total,
                owed=part.owed,
                payment_status=part.payment_status.value,
            )
            for part in bill.appointments
        ),
    )
