"""Sales of memberships."""

import asyncio
from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking_views import ClientView, LocationView
from contracts.membership_views import MembershipTypeView
from contracts.sales import MembershipSaleForm, SellMembership
from contracts.sales_views import MembershipSaleView
from contracts.values import Money
from gateway.api.routes import command, question
from gateway.commands import Submission
from gateway.queries import Reading
from web.problems import invalid_field, not_found

_PATH = "/v1/locations/{location_id:uuid}/sales"
_TAG = "Sales"


@command(_PATH, MembershipSaleView, tag=_TAG, status=201)
async def sell_membership(
    location_id: FromPath[UUID],
    data: JSONBody[MembershipSaleForm],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Sell a membership to a client. Answered when it is issued."""
    location = await reading.found("booking", f"/locations/{location_id}", LocationView)
    if location is None:
        raise not_found(f"location {location_id}")
    chain = f"/chains/{location.chain_id}"
    article, _ = await asyncio.gather(
        reading.referred(
            "membership",
            f"{chain}/membership-types/{data.membership_type_id}",
            MembershipTypeView,
            field="membership_type_id",
        ),
        reading.referred(
            "booking", f"{chain}/clients/{data.client_id}", ClientView, field="client_id"
        ),
    )
    _require_activation(article, data)
    if article.price.currency != location.currency:
        wrong = f"It is sold in {article.price.currency}, and here is {location.currency}."
        raise invalid_field("membership_type_id", wrong)
    amount = article.price.amount if data.price is None else data.price
    return await submission.send(
        SellMembership(
            sale_id=submission.new_id("sale"),
            chain_id=location.chain_id,
            location_id=location_id,
            time_zone=location.time_zone,
            membership_type_name=article.name,
            price=Money(amount=amount, currency=article.price.currency),
            sale=data,
        )
    )


@question("/v1/sales/{sale_id:uuid}", MembershipSaleView, tag=_TAG)
async def get_sale(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return a sale, and the membership that was issued for it."""
    return await reading.pass_on("sales")


def _require_activation(article: MembershipTypeView, sale: MembershipSaleForm) -> None:
    is_due = article.activation == "on_date"
    if is_due and sale.activates_on is None:
        raise invalid_field("activates_on", "This membership is valid from a date on: say which.")
    if not is_due and sale.activates_on is not None:
        wrong = f"This membership is activated {article.activation.replace('_', ' ')}."
        raise invalid_field("activates_on", wrong)
