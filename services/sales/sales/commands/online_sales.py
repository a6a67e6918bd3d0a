"""Let sales be paid online, and give back what was paid of them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from clocks import Clocks
from messaging import Work
from sales.commands import payments
from sales.commands.payments import GivenBack, Refused, Requested, Step
from sales.domain.counter.wishes import Outcome
from sales.domain.payments import PaidLine, Payment
from sales.domain.sales.outcomes import MoneyBack, PageWanted
from sales.domain.sales.sale import Sale
from sales.domain.visits import Owner

PAID_WITHIN: Final = timedelta(minutes=15)
_LONGEST_DESCRIPTION: Final = 200


async def keep(work: Work, clocks: Clocks, outcomes: Sequence[tuple[UUID, Outcome]]) -> None:
    """Ask for the payments that sales need, and for the refunds of those that do not stand.

    Their sales are saved before. What follows for a sale is known to it already.
    """
    steps = [(cause, step) for cause, outcome in outcomes for step in _steps(outcome)]
    await payments.keep(work, clocks, steps)


def _steps(outcome: Outcome) -> Iterator[Step]:
    match outcome:
        case PageWanted(sale=sale):
            yield Requested(_payment(sale))
        case MoneyBack(sale=sale, sale_line_ids=()):
            yield Refused(sale.sale_id)
        case MoneyBack(sale=sale, sale_line_ids=line_ids):
            yield GivenBack(sale.sale_id, line_ids)
        case _:
            pass


def _payment(sale: Sale) -> Payment:
    expires_at = sale.sold_at + PAID_WITHIN
    return Payment(
        payment_id=sale.online_payment_id,
        booking_id=sale.sale_id,
        owner=Owner(sale.chain_id, sale.location_id, sale.client_id),
        amount=sale.to_pay,
        currency=sale.currency,
        description=", ".join(line.name for line in sale.lines)[:_LONGEST_DESCRIPTION],
        expires_at=expires_at,
        session_expires_at=expires_at,
        lines=[
            PaidLine(line.sale_line_id, sale.sale_id, sale.sale_id, line.to_pay)
            for line in sale.lines
            if line.to_pay > 0
        ],
        sale_id=sale.sale_id,
    )
