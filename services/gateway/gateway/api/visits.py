"""Visits: money taken at the counter for what one owes, and sessions debited by hand."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.problems import ALREADY_PAID, NO_SUITABLE_MEMBERSHIP
from contracts.sales import (
    DebitForm,
    DebitVisit,
    PaymentForm,
    TakePayment,
    UndoPayment,
)
from contracts.sales_views import BillView
from gateway.api.routes import command
from gateway.commands import Submission

_PATH = "/v1/locations/{location_id:uuid}/visits/{visit_id:uuid}"
_TAG = "Sales"


@command(_PATH + "/payments", BillView, tag=_TAG, status=201, refuses=(ALREADY_PAID,))
async def take_payment(
    location_id: FromPath[UUID],
    visit_id: FromPath[UUID],
    data: JSONBody[PaymentForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Take money for lines of a visit, or for all that it owes; no session pays them then."""
    return await submission.send(
        TakePayment(
            payment_id=submission.new_id("payment"),
            visit_id=visit_id,
            location_id=location_id,
            payment=data,
        )
    )


@command(_PATH + "/payments/{payment_id:uuid}/undo", BillView, tag=_TAG)
async def undo_payment(
    location_id: FromPath[UUID],
    visit_id: FromPath[UUID],
    payment_id: FromPath[UUID],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Give the money back; before the start, sessions are planned to pay again."""
    return await submission.send(
        UndoPayment(payment_id=payment_id, visit_id=visit_id, location_id=location_id)
    )


@command(_PATH + "/debits", BillView, tag=_TAG, refuses=(ALREADY_PAID, NO_SUITABLE_MEMBERSHIP))
async def debit_visit(
    location_id: FromPath[UUID],
    visit_id: FromPath[UUID],
    data: JSONBody[DebitForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Let sessions pay lines of one appointment of a visit, by hand: all of them or none."""
    return await submission.send(
        DebitVisit(
            debit_id=submission.new_id("debit"),
            visit_id=visit_id,
            location_id=location_id,
            debit=data,
        )
    )
