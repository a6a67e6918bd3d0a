"""What comes of sales: what others are asked for, and what is answered."""

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from sales.domain.sales.sale import Sale, SaleLine


@dataclass(frozen=True, slots=True)
class IssueWanted:
    """Membership is to issue what a line sells."""

    sale: Sale
    line: SaleLine


@dataclass(frozen=True, slots=True)
class VoidWanted:
    """Membership is to void what a line sold."""

    void_id: UUID
    sale: Sale
    membership_id: UUID


@dataclass(frozen=True, slots=True)
class ReversalWanted:
    """Membership is to give back what lines of an appointment were debited."""

    reversal_id: UUID
    appointment_id: UUID
    line_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class SaleAnswered:
    """A command about a sale is done; the sale is its answer."""

    command_id: UUID
    sale: Sale
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class PageWanted:
    """The provider is to be asked for a page where the client pays."""

    sale: Sale


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """What was paid online for lines of a sale goes back; without lines all of it."""

    sale: Sale
    sale_line_ids: tuple[UUID, ...] = ()


SaleOutcome: TypeAlias = (
    IssueWanted | VoidWanted | ReversalWanted | SaleAnswered | PageWanted | MoneyBack
)
