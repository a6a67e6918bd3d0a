"""Sell memberships."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from clocks import Clocks, Times
from messaging import Work
from sales import announcements
from sales.domain.sales import Sale, State, issued, refused
from sales.store import sales as store


@dataclass(frozen=True, slots=True)
class Order:
    """A sale that is asked for; `time_zone` is the location's."""

    sale: Sale
    time_zone: str


async def sell(work: Work, clocks: Clocks, orders: Sequence[Order]) -> None:
    """Enter these sales, and say them; each is answered when its membership is issued.

    They were sold when their commands came in, by the clocks of their chains.
    """
    if not orders:
        return
    times = await clocks.read(work.transaction, {order.sale.chain_id for order in orders})
    orders = [replace(order, sale=_dated(order.sale, times)) for order in orders]
    await store.insert(work.transaction, [order.sale for order in orders])
    for order in orders:
        message = announcements.membership_sold(order.sale, time_zone=order.time_zone)
        work.publish(message, cause=order.sale.command_id)


def _dated(sale: Sale, times: Times) -> Sale:
    return replace(sale, sold_at=times.at(sale.chain_id, sale.sold_at))


async def conclude(
    work: Work, memberships: Mapping[UUID, UUID], refusals: Mapping[UUID, str]
) -> None:
    """Answer sales: `memberships` were issued, or `refusals` say why not, both by sale."""
    sale_ids = {*memberships, *refusals}
    if not sale_ids:
        return
    sales = await store.lock_and_load(work.transaction, sale_ids)
    concluded: list[Sale] = []
    for sale in sales.values():
        if sale.state is not State.PENDING:
            continue
        if sale.sale_id in memberships:
            after = issued(sale, memberships[sale.sale_id])
            view = announcements.sale_view(after).model_dump(mode="json")
            work.conclude(sale.command_id, view, status=201)
        else:
            after = refused(sale)
            problem = announcements.sale_refused(refusals[sale.sale_id])
            work.refuse(sale.command_id, problem)
        concluded.append(after)
    if concluded:
        await store.conclude(work.transaction, concluded)
