"""A sale of a membership is answered when the membership is issued, or cannot be."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from contracts import booking
from contracts.base import derive_id
from contracts.membership import IssueRefused, MembershipIssued, MembershipState
from contracts.reply import Reply
from contracts.sales import MembershipSaleForm, MembershipSold, SellMembership
from contracts.sales_views import MembershipSaleView
from contracts.values import Money
from messaging import operation
from postgres import Database
from web import Role

Hear = Callable[..., Awaitable[None]]
Token = Callable[..., str]


def command(price: int | None = None, activates_on: date | None = None) -> SellMembership:
    return SellMembership(
        sale_id=uuid4(),
        chain_id=uuid4(),
        location_id=uuid4(),
        time_zone="Europe/Berlin",
        membership_type_name="Ten sessions",
        price=Money(amount=9000, currency="EUR"),
        sale=MembershipSaleForm(
            client_id=uuid4(),
            membership_type_id=uuid4(),
            price=price,
            payment="card",
            activates_on=activates_on,
        ),
    )


def issued(sold: SellMembership) -> MembershipIssued:
    membership_id = uuid4()
    return MembershipIssued(
        membership_id=membership_id,
        sale_id=sold.sale_id,
        membership=MembershipState(
            membership_id=membership_id,
            revision=1,
            chain_id=sold.chain_id,
            membership_type_id=sold.sale.membership_type_id,
            name=sold.membership_type_name,
            owner_client_id=sold.sale.client_id,
            shared_client_ids=(),
            status="active",
            expires_on=None,
            auto_deduction=True,
        ),
    )


def command_id(sold: SellMembership) -> UUID:
    return derive_id(sold.sale_id, sold.type)


async def said(database: Database, topic: str) -> list[str]:
    rows = await database.pool.fetch("SELECT body FROM outbox WHERE topic = $1 ORDER BY id", topic)
    return [row["body"] for row in rows]


async def replies(database: Database) -> list[Reply]:
    """Return the different replies; a repeated command is answered with the same one again."""
    different: list[Reply] = []
    for body in await said(database, "replies"):
        reply = Reply.model_validate_json(body)
        if reply not in different:
            different.append(reply)
    return different


@pytest.mark.parametrize("role", [Role.PLATFORM, Role.GATEWAY, Role.OPERATOR])
async def test_a_sale_is_said_and_pending_until_its_membership_is_issued(
    database: Database, hear: Hear, token: Token, role: Role
) -> None:
    sold = command()
    location_id = sold.location_id if role is Role.OPERATOR else None
    await hear((sold, token(role, sold.chain_id, location_id)))
    [event] = await said(database, "sales.events")
    assert MembershipSold.model_validate_json(event).model_dump(exclude={"sold_at"}) == {
        "sale_id": sold.sale_id,
        "chain_id": sold.chain_id,
        "location_id": sold.location_id,
        "time_zone": "Europe/Berlin",
        "client_id": sold.sale.client_id,
        "membership_type_id": sold.sale.membership_type_id,
        "price": {"amount": 9000, "currency": "EUR"},
        "activates_on": None,
    }
    found = await operation(database, command_id(sold))
    assert found is not None
    assert found.state == "pending"
    assert await replies(database) == []


async def test_a_sale_is_dated_by_the_clock_of_its_chain_and_tells_when_to_begin(
    database: Database, hear: Hear, token: Token
) -> None:
    sold = command(activates_on=date(2026, 4, 1))
    await hear(booking.TestClockSet(chain_id=sold.chain_id, revision=1, offset_seconds=86400))
    await hear((sold, token(Role.PLATFORM)))
    [body] = await said(database, "sales.events")
    event = MembershipSold.model_validate_json(body)
    assert event.activates_on == date(2026, 4, 1)
    assert timedelta(hours=23) < event.sold_at - datetime.now(UTC) <= timedelta(days=1)


@pytest.mark.rule("X3")
async def test_the_sale_is_answered_once_with_the_membership_that_was_issued(
    database: Database, hear: Hear, token: Token
) -> None:
    sold = command(price=8000)
    issue = issued(sold)
    await hear((sold, token(Role.PLATFORM)))
    await hear(issue)
    await hear((sold, token(Role.PLATFORM)), issued(sold))
    [reply] = await replies(database)
    assert (reply.command_id, reply.state, reply.status) == (command_id(sold), "done", 201)
    sale = MembershipSaleView.model_validate(reply.result)
    assert (sale.state, sale.membership_id) == ("completed", issue.membership_id)
    assert sale.price == Money(amount=8000, currency="EUR")
    assert len(await said(database, "sales.events")) == 1


async def test_what_cannot_be_issued_is_refused(
    database: Database, hear: Hear, token: Token
) -> None:
    sold = command()
    await hear((sold, token(Role.PLATFORM)))
    await hear(IssueRefused(sale_id=sold.sale_id, reason="The membership type is unknown."))
    [reply] = await replies(database)
    assert reply.problem is not None
    assert (reply.state, reply.status) == ("refused", 404)
    assert reply.problem.detail == "The membership type is unknown."
    assert await database.pool.fetchval("SELECT state FROM sales") == "refused"


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
    sold = command()
    chain_id = sold.chain_id if own_chain else uuid4()
    asked_at = datetime.now(UTC) - timedelta(seconds=age)
    await hear((sold, token(role, chain_id, sold.location_id, at=asked_at)))
    [reply] = await replies(database)
    assert (reply.state, reply.status) == ("refused", status)
    assert await said(database, "sales.events") == []
    assert await database.pool.fetchval("SELECT count(*) FROM sales") == 0


async def test_a_forged_token_sells_nothing(database: Database, hear: Hear, token: Token) -> None:
    await hear((command(), token(Role.PLATFORM) + "x"))
    assert [reply.status for reply in await replies(database)] == [401]


async def test_a_sale_is_shown_to_those_within_whose_reach_it_is(
    hear: Hear, token: Token, caller: httpx.AsyncClient
) -> None:
    sold, asker = command(), uuid4()
    await hear((sold, token(Role.PLATFORM, principal_id=asker)))

    async def get(path: str, *principal: Any, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token(*principal, **more)}"}
        return await caller.get(path, headers=headers)

    path = f"/sales/{sold.sale_id}"
    own = await get(path, Role.OPERATOR, sold.chain_id, sold.location_id)
    assert MembershipSaleView.model_validate_json(own.content).state == "pending"
    assert (await get(path, Role.READER, sold.chain_id)).status_code == 200
    assert (await get(path, Role.READER, uuid4())).status_code == 404
    assert (await get(path, Role.OPERATOR, sold.chain_id, uuid4())).status_code == 404
    assert (await get(path, Role.WIDGET, sold.chain_id, sold.location_id)).status_code == 404
    asked = f"/operations/{command_id(sold)}"
    pending = await get(asked, Role.PLATFORM, principal_id=asker)
    assert pending.json()["state"] == "pending"
    assert (await get(asked, Role.PLATFORM)).status_code == 404
