"""A sale of memberships is answered when all are issued; if one cannot be, nothing is sold."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from contracts import booking
from contracts.membership import VoidSoldMembership
from contracts.sales import MembershipSold
from contracts.sales_views import SaleView
from contracts.values import Money
from messaging import operation
from postgres import Database
from web import Role

from .selling import answered, command_id, issued, make, membership, product, refused, said

Hear = Callable[..., Awaitable[None]]
Token = Callable[..., str]


async def sold(database: Database) -> list[MembershipSold]:
    return await said(database, MembershipSold)


@pytest.mark.parametrize("role", [Role.PLATFORM, Role.GATEWAY, Role.OPERATOR])
async def test_each_membership_is_said_and_the_sale_is_pending_until_it_is_issued(
    database: Database, hear: Hear, token: Token, role: Role
) -> None:
    first, second = membership(price=9000), membership(price=8000)
    sale = make(first, second)
    location_id = sale.location_id if role is Role.OPERATOR else None
    await hear((sale, token(role, sale.chain_id, location_id)))
    one, other = await sold(database)
    assert one.model_dump(exclude={"sale_id", "sold_at"}) == {
        "chain_id": sale.chain_id,
        "location_id": sale.location_id,
        "time_zone": "Europe/Berlin",
        "client_id": sale.sale.client_id,
        "membership_type_id": first.membership_type_id,
        "price": {"amount": 9000, "currency": "EUR"},
        "activates_on": None,
    }
    assert other.membership_type_id == second.membership_type_id
    assert len({one.sale_id, other.sale_id, sale.sale_id}) == 3
    found = await operation(database, command_id(sale))
    assert found is not None
    assert found.state == "pending"
    await hear(issued(one))
    assert await answered(database) == []


async def test_a_sale_is_dated_by_the_clock_of_its_chain_and_tells_when_to_begin(
    database: Database, hear: Hear, token: Token
) -> None:
    sale = make(membership(activates_on=date(2026, 4, 1)))
    await hear(booking.TestClockSet(chain_id=sale.chain_id, revision=1, offset_seconds=86400))
    await hear((sale, token(Role.PLATFORM)))
    [event] = await sold(database)
    assert event.activates_on == date(2026, 4, 1)
    assert timedelta(hours=23) < event.sold_at - datetime.now(UTC) <= timedelta(days=1)


@pytest.mark.rule("X3", "X5")
async def test_the_sale_is_answered_once_with_what_was_issued_and_what_there_is_to_pay(
    database: Database, hear: Hear, token: Token
) -> None:
    sale = make(membership(discount=1000), membership(price=8000), product(1250, quantity=2))
    await hear((sale, token(Role.PLATFORM)))
    one, other = [issued(each) for each in await sold(database)]
    await hear(other)
    await hear(one)
    await hear((sale, token(Role.PLATFORM)), issued((await sold(database))[0]))
    [reply] = await answered(database)
    assert (reply.command_id, reply.state, reply.status) == (command_id(sale), "done", 201)
    view = SaleView.model_validate(reply.result)
    assert (view.state, view.membership_id) == ("completed", one.membership_id)
    assert [line.membership_id for line in view.lines] == [
        one.membership_id,
        other.membership_id,
        None,
    ]
    assert [line.to_pay.amount for line in view.lines] == [8000, 8000, 2500]
    assert [line.paid_by for line in view.lines] == ["card", "card", "card"]
    assert view.to_pay == Money(amount=18500, currency="EUR")
    assert len(await sold(database)) == 2


async def test_products_alone_are_sold_at_once(
    database: Database, hear: Hear, token: Token
) -> None:
    await hear((make(product(990), method="cash"), token(Role.PLATFORM)))
    [reply] = await answered(database)
    view = SaleView.model_validate(reply.result)
    assert (view.state, view.to_pay.amount, view.lines[0].paid_by) == ("completed", 990, "cash")


@pytest.mark.parametrize("is_issued_first", [True, False])
async def test_what_cannot_be_issued_is_refused_and_the_rest_is_taken_back(
    database: Database, hear: Hear, token: Token, is_issued_first: bool
) -> None:
    sale = make(membership(), membership())
    await hear((sale, token(Role.PLATFORM)))
    one, other = await sold(database)
    issue = issued(one)
    for message in (issue, refused(other)) if is_issued_first else (refused(other), issue):
        await hear(message)
    [reply] = await answered(database)
    assert reply.problem is not None
    assert (reply.state, reply.status) == ("refused", 404)
    assert reply.problem.detail == "The membership type is unknown."
    assert await database.pool.fetchval("SELECT state FROM sales") == "refused"
    [void] = await said(database, VoidSoldMembership)
    assert void.membership_id == issue.membership_id


@pytest.mark.rule("X4")
async def test_a_discount_above_the_price_names_its_line_and_nothing_is_sold(
    database: Database, hear: Hear, token: Token
) -> None:
    await hear((make(membership(), product(990, discount=991)), token(Role.PLATFORM)))
    [reply] = await answered(database)
    assert reply.problem is not None
    assert [error.field for error in reply.problem.errors] == ["lines.1.discount"]
    assert await database.pool.fetchval("SELECT count(*) FROM sales") == 0


@pytest.mark.rule("X4")
async def test_a_date_beyond_all_calendars_names_its_line_and_nothing_is_sold(
    database: Database, hear: Hear, token: Token
) -> None:
    await hear((make(product(990), membership(activates_on=date.max)), token(Role.PLATFORM)))
    [reply] = await answered(database)
    assert reply.problem is not None
    assert [error.field for error in reply.problem.errors] == ["lines.1.activates_on"]
    assert await sold(database) == []


@pytest.mark.rule("X4")
@pytest.mark.parametrize(
    ("role", "own_chain", "age", "status"),
    [
        (Role.WIDGET, True, 0, 403),
        (Role.READER, True, 0, 403),
        (Role.GATEWAY, False, 0, 404),
        (Role.OPERATOR, False, 0, 404),
        (Role.OPERATOR, True, 3600, 401),
    ],
)
async def test_who_may_not_sell_is_refused_and_nothing_is_sold(
    database: Database,
    hear: Hear,
    token: Token,
    role: Role,
    own_chain: bool,
    age: int,
    status: int,
) -> None:
    sale = make(membership())
    chain_id = sale.chain_id if own_chain else uuid4()
    asked_at = datetime.now(UTC) - timedelta(seconds=age)
    await hear((sale, token(role, chain_id, sale.location_id, at=asked_at)))
    [reply] = await answered(database)
    assert (reply.state, reply.status) == ("refused", status)
    assert await sold(database) == []
    assert await database.pool.fetchval("SELECT count(*) FROM sales") == 0


async def test_a_forged_token_sells_nothing(database: Database, hear: Hear, token: Token) -> None:
    await hear((make(membership()), token(Role.PLATFORM) + "x"))
    assert [reply.status for reply in await answered(database)] == [401]


async def test_a_sale_is_shown_to_those_within_whose_reach_it_is(
    hear: Hear, token: Token, caller: httpx.AsyncClient
) -> None:
    sale, asker = make(membership()), uuid4()
    await hear((sale, token(Role.PLATFORM, principal_id=asker)))

    async def get(path: str, *principal: Any, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token(*principal, **more)}"}
        return await caller.get(path, headers=headers)

    path = f"/sales/{sale.sale_id}"
    own = await get(path, Role.OPERATOR, sale.chain_id, sale.location_id)
    assert SaleView.model_validate_json(own.content).state == "pending"
    assert (await get(path, Role.READER, sale.chain_id)).status_code == 200
    assert (await get(path, Role.READER, uuid4())).status_code == 404
    assert (await get(path, Role.OPERATOR, sale.chain_id, uuid4())).status_code == 404
    assert (await get(path, Role.WIDGET, sale.chain_id, sale.location_id)).status_code == 404
    asked = f"/operations/{command_id(sale)}"
    pending = await get(asked, Role.PLATFORM, principal_id=asker)
    assert pending.json()["state"] == "pending"
    assert (await get(asked, Role.PLATFORM)).status_code == 404
