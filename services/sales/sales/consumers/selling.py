"""What a command to sell a membership means."""

from contracts.base import Message
from contracts.sales import SellMembership
from messaging import Delivery
from sales.commands.sales import Order
from sales.domain.sales import Sale


def order(delivery: Delivery[Message], command: SellMembership) -> Order:
    """Return the sale that is asked for."""
    form = command.sale
    sale = Sale(
        sale_id=command.sale_id,
        command_id=delivery.id,
        chain_id=command.chain_id,
        location_id=command.location_id,
        client_id=form.client_id,
        membership_type_id=form.membership_type_id,
        membership_type_name=command.membership_type_name,
        price=command.price.amount if form.price is None else form.price,
        currency=command.price.currency,
        payment=form.payment,
        sold_at=delivery.effective_at,
        activates_on=form.activates_on,
    )
    return Order(sale, command.time_zone)
