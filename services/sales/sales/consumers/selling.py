"""What commands about sales mean, and what membership says of them."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias
from uuid import UUID, uuid5

from contracts.base import Message
from contracts.membership import (
    IssueRefused,
    LinesReversed,
    MembershipIssued,
    SoldMembershipVoided,
    VoidRefused,
)
from contracts.sales import (
    Article,
    MakeSale,
    MembershipLineForm,
    ProductLineForm,
    RefundSale,
    SaleLineForm,
    SettleUnpaidVisits,
    VisitLineForm,
)
from messaging import Delivery
from sales.commands.healing import HealingWanted
from sales.commands.sales import Issued, Placed, RefundAsked, Reversed, SaleSaid, Voided
from sales.domain.counter.healing import HealingAsked
from sales.domain.sales.placing import AUTOMATIC, Order
from sales.domain.sales.refunding import Claimback
from sales.domain.sales.sale import Kind, Sale, SaleLine
from web import Principal

SaleCommand: TypeAlias = MakeSale | RefundSale | SettleUnpaidVisits


def wanted(
    delivery: Delivery[Message], command: SaleCommand, principal: Principal
) -> SaleSaid | HealingWanted:
    """Return what a principal asks for."""
    match command:
        case MakeSale():
            return Placed(order(delivery.id, command, delivery.effective_at))
        case RefundSale():
            return RefundAsked(claimback(delivery.id, command))
        case SettleUnpaidVisits():
            asked = HealingAsked(
                settlement_id=command.settlement_id,
                command_id=delivery.id,
                membership_id=command.membership_id,
                line_ids=command.unpaid.line_ids,
            )
            at = delivery.effective_at
            return HealingWanted(asked, command.chain_id, command.client_ids, at, principal.reaches)


def order(command_id: UUID, command: MakeSale, at: datetime) -> Order:
    """Return the sale that is asked for, at an effective time.

    Raises `KeyError` if the gateway left out the article of a membership.
    """
    form = command.sale
    articles = {article.membership_type_id: article for article in command.articles}
    lines: list[SaleLine] = []
    sessions: dict[UUID, UUID | None] = {}
    for ordinal, line in enumerate(form.lines):
        sale_line_id = uuid5(command.sale_id, f"line/{ordinal}")
        lines.append(_line(sale_line_id, ordinal, line, articles))
        if isinstance(line, VisitLineForm) and line.membership != "none":
            if isinstance(line.membership, UUID):
                sessions[sale_line_id] = line.membership
            elif line.discount == 0:  # a discount is for money alone
                sessions[sale_line_id] = AUTOMATIC
    sale = Sale(
        sale_id=command.sale_id,
        command_id=command_id,
        chain_id=command.chain_id,
        location_id=command.location_id,
        time_zone=command.time_zone,
        client_id=form.client_id,
        visit_id=form.visit_id,
        currency=command.currency,
        method=form.method,
        sold_at=at,
        lines=lines,
    )
    return Order(sale, sessions)


def claimback(command_id: UUID, command: RefundSale) -> Claimback:
    """Return the refund that is asked for."""
    return Claimback(
        refund_id=command.refund_id,
        command_id=command_id,
        sale_id=command.sale_id,
        location_id=command.location_id,
        sale_line_ids=command.refund.sale_line_ids,
    )


def about_sales(message: Message) -> Iterator[SaleSaid]:
    """Give what membership says of what was sold, and of debits that are given back."""
    match message:
        case MembershipIssued():
            yield Issued(message.sale_id, message.membership_id)
        case IssueRefused():
            yield Issued(message.sale_id, None, message.reason)
        case SoldMembershipVoided():
            yield Voided(message.refund_id, message.membership_id)
        case VoidRefused():
            yield Voided(
                message.refund_id,
                message.membership_id,
                is_kept=True,
                used=message.used,
                held=message.held,
            )
        case LinesReversed():
            yield Reversed(
                message.reversal_id,
                message.visit_id,
                message.appointment_id,
                message.settlement_revision,
            )
        case _:
            pass


def _line(
    sale_line_id: UUID, ordinal: int, form: SaleLineForm, articles: dict[UUID, Article]
) -> SaleLine:
    match form:
        case VisitLineForm():
            return SaleLine(  # the bill knows its name and price
                sale_line_id, ordinal, Kind.VISIT, "", 1, 0, form.discount, line_id=form.line_id
            )
        case ProductLineForm():
            price = form.price * form.quantity
            return SaleLine(
                sale_line_id, ordinal, Kind.PRODUCT, form.name, form.quantity, price, form.discount
            )
        case MembershipLineForm():
            article = articles[form.membership_type_id]
            return SaleLine(
                sale_line_id,
                ordinal,
                Kind.MEMBERSHIP,
                article.name,
                1,
                article.price.amount if form.price is None else form.price,
                form.discount,
                membership_type_id=form.membership_type_id,
                activates_on=form.activates_on,
            )
