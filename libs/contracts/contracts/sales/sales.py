"""Sales: the document in which memberships are sold and visits are paid."""

from datetime import date
from typing import Annotated, ClassVar, Literal, TypeAlias
from uuid import UUID

from pydantic import Field

from contracts.base import Command, Event, Form, Value
from contracts.values import Currency, Instant, MinorUnits, Money, Name

Method = Literal["cash", "card", "online"]


class VisitLineForm(Form):
    """A line of the visit: a membership pays it, or money.

    `membership` is `automatic` (one is applied if one can pay, in the order of rule A5: rule S5),
    `none` (money), or the one that the operator chose. `discount` is for money alone.
    """

    kind: Literal["visit"]
    line_id: UUID
    membership: UUID | Literal["automatic", "none"] = "automatic"
    discount: MinorUnits = 0


class ProductLineForm(Form):
    """A retail product; `price` is that of one, `discount` that of all."""

    kind: Literal["product"]
    name: Name
    price: MinorUnits
    quantity: Annotated[int, Field(ge=1, le=1000)] = 1
    discount: MinorUnits = 0


class MembershipLineForm(Form):
    """A membership that is sold to the client; `price` is given when it differs from the type's.

    `activates_on` is the date from which a type with the activation `on_date` is valid.
    """

    kind: Literal["membership"]
    membership_type_id: UUID
    price: MinorUnits | None = None
    discount: MinorUnits = 0
    activates_on: date | None = None


SaleLineForm: TypeAlias = Annotated[
    VisitLineForm | ProductLineForm | MembershipLineForm, Field(discriminator="kind")
]


class SaleForm(Form):
    """What a client buys and pays; lines of a visit need its `visit_id`.

    What no membership pays is paid by the `method`; online, the client pays on a page first.
    """

    client_id: UUID
    visit_id: UUID | None = None
    lines: Annotated[tuple[SaleLineForm, ...], Field(min_length=1, max_length=100)]
    method: Method = "cash"


class Article(Value):
    """A membership type as it is sold: its name and price."""

    membership_type_id: UUID
    name: str
    price: Money


class MakeSale(Command):
    """Make a sale; answered when it is completed, refused, or waits for an online payment.

    All of it happens or nothing does. The location, and the types of memberships that are sold, are
    told as their owners know them.
    """

    type: ClassVar[str] = "sales.make_sale.v1"
    subject: ClassVar[str] = "sale_id"

    sale_id: UUID
    chain_id: UUID
    location_id: UUID
    time_zone: str
    currency: Currency
    articles: tuple[Article, ...]
    sale: SaleForm


class RefundForm(Form):
    """Which lines of a sale are refunded, by their ids in the sale; without ids all of them."""

    sale_line_ids: Annotated[tuple[UUID, ...], Field(max_length=100)] = ()


class RefundSale(Command):
    """Refund a sale in part or whole: money goes back, debits are reversed exactly (rule A10).

    A membership that was sold is voided; if some of it is used or held, that is refused. Several
    are refunded one after the other.
    """

    type: ClassVar[str] = "sales.refund_sale.v1"
    subject: ClassVar[str] = "refund_id"

    refund_id: UUID
    sale_id: UUID
    chain_id: UUID
    location_id: UUID
    refund: RefundForm


class MembershipSold(Event):
    """A membership was sold; membership issues it. `time_zone` dates its validity.

    `sale_id` names the line of the sale: each is issued once.
    """

    type: ClassVar[str] = "sales.membership_sold.v1"
    subject: ClassVar[str] = "sale_id"

    sale_id: UUID
    chain_id: UUID
    location_id: UUID
    time_zone: str
    client_id: UUID
    membership_type_id: UUID
    price: Money
    sold_at: Instant
    activates_on: date | None = None
