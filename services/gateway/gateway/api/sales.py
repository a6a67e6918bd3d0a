"""Sales: memberships, products and lines of visits that clients pay."""

import asyncio
from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from contracts.booking_views import ClientView, LocationView
from contracts.membership_views import MembershipTypeView
from contracts.problems import INVALID_REQUEST
from contracts.sales import Article, MakeSale, MembershipLineForm, SaleForm, VisitLineForm
from contracts.sales_views import SaleList, SaleView
from gateway.api.routes import command, question
from gateway.commands import Submission
from gateway.queries import Locations, Reading, names_of
from web.identity import Principal
from web.pagination import DEFAULT_LIMIT, Cursor, Limit
from web.problems import invalid_field, not_found

_PATH = "/v1/locations/{location_id:uuid}/sales"
_TAG = "Sales"
ClientIds = Annotated[list[UUID] | None, QueryParameter(max_items=100)]


@command(_PATH, SaleView, tag=_TAG, status=201)
async def make_sale(
    location_id: FromPath[UUID],
    data: JSONBody[SaleForm],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Sell memberships and products to a client, and let lines of a visit be paid (rule S5).

    All of it happens or nothing does. Answered when what is sold is issued and all is paid; paid
    online, when there is a page to pay at.
    """
    location = await reading.found("booking", f"/locations/{location_id}", LocationView)
    if location is None:
        raise not_found(f"location {location_id}")
    _require_visit(data)
    chain = f"/chains/{location.chain_id}"
    *articles, _ = await asyncio.gather(
        *(
            _article(reading, location, ordinal, line)
            for ordinal, line in enumerate(data.lines)
            if isinstance(line, MembershipLineForm)
        ),
        reading.referred(
            "booking", f"{chain}/clients/{data.client_id}", ClientView, field="client_id"
        ),
    )
    return await submission.send(
        MakeSale(
            sale_id=submission.new_id("sale"),
            chain_id=location.chain_id,
            location_id=location_id,
            time_zone=location.time_zone,
            currency=location.currency,
            articles=tuple(each for each in articles if isinstance(each, Article)),
            sale=data,
        )
    )


@question(_PATH, SaleList, tag=_TAG, refuses=(INVALID_REQUEST,))
async def list_sales(
    *,
    location_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    reading: NamedDependency[Reading],
    locations: NamedDependency[Locations],
    client_id: ClientIds = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> SaleList:
    """List the sales of a location, the newest first; with clients only those to them."""
    page = await reading.read(
        "sales", reading.path, SaleList, client_id=client_id, cursor=cursor, limit=limit
    )
    if not page.sales:
        return page
    location = await locations.within_reach(location_id, principal, reading)
    clients = {sale.client_id for sale in page.sales}
    return page.model_copy(update={"names": await names_of(reading, location.chain_id, clients)})


@question("/v1/sales/{sale_id:uuid}", SaleView, tag=_TAG)
async def get_sale(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return a sale: its lines, what paid each of them, and what was issued."""
    return await reading.pass_on("sales")


async def _article(
    reading: Reading, location: LocationView, ordinal: int, line: MembershipLineForm
) -> Article:
    """Return a membership type that is sold, as membership knows it."""
    field = f"lines.{ordinal}"
    article = await reading.referred(
        "membership",
        f"/chains/{location.chain_id}/membership-types/{line.membership_type_id}",
        MembershipTypeView,
        field=f"{field}.membership_type_id",
    )
    _require_activation(article, line, f"{field}.activates_on")
    if article.price.currency != location.currency:
        wrong = f"It is sold in {article.price.currency}, and here is {location.currency}."
        raise invalid_field(f"{field}.membership_type_id", wrong)
    return Article(
        membership_type_id=line.membership_type_id, name=article.name, price=article.price
    )


def _require_visit(sale: SaleForm) -> None:
    if sale.visit_id is None and any(isinstance(line, VisitLineForm) for line in sale.lines):
        raise invalid_field("visit_id", "Lines of a visit need its id.")


def _require_activation(article: MembershipTypeView, line: MembershipLineForm, field: str) -> None:
    is_due = article.activation == "on_date"
    if is_due and line.activates_on is None:
        raise invalid_field(field, "This membership is valid from a date on: say which.")
    if not is_due and line.activates_on is not None:
        wrong = f"This membership is activated {article.activation.replace('_', ' ')}."
        raise invalid_field(field, wrong)
