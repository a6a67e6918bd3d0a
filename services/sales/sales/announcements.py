"""What is said of sales and bills, and how a sale is shown."""

from contracts.problems import NOT_FOUND
from contracts.reply import Problem
from contracts.sales import AppointmentOwed, BillChanged, MembershipSold
from contracts.sales_views import SaleView
from contracts.values import Money
from sales.domain.bills import Bill, Visit
from sales.domain.sales import Sale


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
