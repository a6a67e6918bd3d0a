"""What is said of payments and bills, and how they are shown."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from contracts.membership import ClaimLines, DebitLines, ReturnLines
from contracts.problems import (
    ALREADY_PAID,
    CONFLICT,
    INVALID_REQUEST,
    NO_SUITABLE_MEMBERSHIP,
    NOT_FOUND,
    ProblemType,
)
from contracts.reply import FieldError, Problem
from contracts.sales import (
    AppointmentOwed,
    BillChanged,
    PaymentFailed,
    PaymentReceived,
    PaymentRefunded,
)
from contracts.sales_views import (
    BillLineView,
    BillView,
    CounterPaymentView,
    PaymentView,
)
from contracts.values import Appointment, Money
from sales.domain.bills import Bill, BillLine
from sales.domain.counter.debits import HandDebit
from sales.domain.counter.payments import ClaimGivenUp, ClaimWanted, CounterPayment
from sales.domain.counter.payments import State as CounterState
from sales.domain.counter.state import unspent
from sales.domain.counter.wishes import Declined, Refusal
from sales.domain.payments import Errand, Failed, Outcome, Payment, Received, Refunded, State
from sales.domain.visits import Visit

_PROBLEMS: Final[Mapping[Refusal, ProblemType]] = {
    Refusal.UNKNOWN: NOT_FOUND,
    Refusal.INVALID: INVALID_REQUEST,
    Refusal.PAID: ALREADY_PAID,
    Refusal.CONFLICT: CONFLICT,
    Refusal.NO_MEMBERSHIP: NO_SUITABLE_MEMBERSHIP,
}


def payment_outcome(
    payment: Payment, outcome: Outcome, received_at: datetime
) -> PaymentReceived | PaymentFailed | PaymentRefunded | None:
    """Return what is said of a payment; nothing of what the provider is yet to be asked.

    A sale follows its payment itself.
    """
    if payment.sale_id is not None:
        return None
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
        booking_id=payment.booking_id if payment.sale_id is None else None,
        sale_id=payment.sale_id,
        location_id=payment.owner.location_id,
        client_id=payment.owner.client_id,
        amount=Money(amount=payment.amount, currency=payment.currency),
        refunded=Money(amount=payment.refunded, currency=payment.currency),
        state=payment.state.value,
        checkout_url=payment.checkout_url if payment.state is State.OPEN else None,
        expires_at=payment.expires_at,
    )


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


def bill_view(visit: Visit, bill: Bill, payments: Iterable[CounterPayment]) -> BillView:
    """Return the bill of a visit as callers see it: the lines that stand, and what money was taken.

    `payments` may be others' too.
    """
    return BillView(
        visit_id=visit.visit_id,
        location_id=visit.owner.location_id,
        client_id=visit.owner.client_id,
        revision=visit.revision,
        total=Money(amount=bill.total, currency=bill.currency),
        debited=Money(amount=bill.debited, currency=bill.currency),
        paid=Money(amount=bill.paid, currency=bill.currency),
        owed=Money(amount=bill.owed, currency=bill.currency),
        payment_status=bill.payment_status.value,
        lines=tuple(
            BillLineView(
                line_id=each.line.line_id,
                appointment_id=appointment_id,
                service_name=each.line.service_name,
                price=Money(amount=each.line.price, currency=bill.currency),
                debited=each.debited,
                membership_id=each.membership_id,
                paid=Money(amount=each.paid, currency=bill.currency),
                discount=_discount(each, bill),
            )
            for appointment_id, each in bill.lines
        ),
        payments=tuple(
            _counter_payment_view(payment, visit)
            for payment in payments
            if payment.state in {CounterState.TAKEN, CounterState.UNDONE}
            and any(line.appointment_id in visit.appointments for line in payment.lines)
        ),
    )


def _discount(each: BillLine, bill: Bill) -> Money | None:
    return Money(amount=each.discount, currency=bill.currency) if each.discount else None


def claim_wanted(wanted: ClaimWanted, visit: Visit, document: str | None) -> ClaimLines:
    """Return that money is offered for lines of an appointment; `document` is its plan, if kept."""
    return ClaimLines(
        claim_id=wanted.claim_id,
        client_id=visit.owner.client_id,
        visit_id=visit.visit_id,
        appointment_id=wanted.appointment_id,
        line_ids=wanted.line_ids,
        appointment=Appointment.model_validate_json(document) if document else None,
    )


def claim_given_up(given_up: ClaimGivenUp, document: str) -> ReturnLines:
    """Return that money does not pay lines after all; `document` is the appointment's plan."""
    appointment = Appointment.model_validate_json(document)
    return ReturnLines(
        claim_id=given_up.claim_id, client_id=appointment.client_id, appointment=appointment
    )


def debit_wanted(debit: HandDebit, document: str) -> DebitLines:
    """Return that lines are to be debited by hand; `document` is the appointment's plan."""
    appointment = Appointment.model_validate_json(document)
    return DebitLines(
        debit_id=debit.debit_id,
        client_id=appointment.client_id,
        appointment=appointment,
        line_ids=debit.line_ids,
        membership_id=debit.membership_id,
        partly=debit.partly,
    )


def declined(declined: Declined) -> Problem:
    """Return why something is not done at the counter, or sold."""
    kind = _PROBLEMS[declined.refusal]
    wrong = [FieldError(field=declined.field, message=declined.detail)]
    errors = wrong if declined.refusal is Refusal.INVALID else []
    return kind.problem(declined.detail, errors=errors, reasons=map(dict, declined.reasons))


def _counter_payment_view(payment: CounterPayment, visit: Visit) -> CounterPaymentView:
    rest = unspent(payment, visit)
    return CounterPaymentView.model_validate(
        {
            "payment_id": payment.payment_id,
            "visit_id": payment.visit_id,
            "method": payment.method,
            "amount": Money(amount=payment.amount, currency=payment.currency),
            "line_ids": tuple(line.line_id for line in payment.lines),
            "taken_at": payment.taken_at,
            "undone": payment.state is CounterState.UNDONE,
            "sale_id": payment.sale_id,
            "to_give_back": Money(amount=rest, currency=payment.currency) if rest else None,
        }
    )
