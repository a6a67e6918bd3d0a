"""A sale of a membership: it is pending until the membership is issued, or cannot be."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class State(StrEnum):
    """How far a sale has come."""

    PENDING = "pending"
    COMPLETED = "completed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Sale:
    """A membership sold to a client; `price` is in minor units of `currency` (rule X5).

    `command_id` is who waits for the answer, `sold_at` the effective time. `activates_on` is
    passed on to membership, which keeps it.
    """

    sale_id: UUID
    command_id: UUID
    chain_id: UUID
    location_id: UUID
    client_id: UUID
    membership_type_id: UUID
    membership_type_name: str
    price: int
    currency: str
    payment: str
    sold_at: datetime
    state: State = State.PENDING
    membership_id: UUID | None = None
    activates_on: date | None = None


def issued(sale: Sale, membership_id: UUID) -> Sale:
    """Return the sale with the membership that it brought; one that is concluded stays."""
    if sale.state is not State.PENDING:
        return sale
    return replace(sale, state=State.COMPLETED, membership_id=membership_id)


def refused(sale: Sale) -> Sale:
    """Return the sale of what cannot be issued; one that is concluded stays."""
    return replace(sale, state=State.REFUSED) if sale.state is State.PENDING else sale
