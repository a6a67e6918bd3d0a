"""What clients owe, who they are after they were merged, and memberships that pay it later."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from contracts.booking import BookingAccepted, ClientsMerged
from contracts.membership import AppointmentSettled, DebitLines
from contracts.sales import SettleUnpaidVisits, UnpaidVisitsForm
from contracts.sales_views import DebtList, OwedLines, SaleList, SettledVisits
from contracts.values import Appointment
from postgres import Database
from web import Role

from .selling import Ask, answered, debited, make, problem, product, said, view, visited

Hear = Callable[..., Awaitable[None]]
New = Callable[..., Appointment]
Accepted = Callable[..., BookingAccepted]
Settled = Callable[..., AppointmentSettled]
Get = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def get(caller: httpx.AsyncClient, token: Callable[..., str]) -> Get:
    async def get(path: str, **query: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token(Role.PLATFORM)}"}
        return await caller.get(path, params=query, headers=headers)

    return get


def other_day(planned: Appointment, *, days: int, new: New) -> Appointment:
    """Plan the same client's appointment some days later, at a visit of its own."""
    later = new(2000, other=planned)
    start = planned.start + timedelta(days=days)
    return later.model_copy(
        update={"visit_id": uuid4(), "start": start, "end": start + timedelta(hours=1)}
    )


def heal(planned: Appointment, *line_ids: UUID) -> SettleUnpaidVisits:
    return SettleUnpaidVisits(
        settlement_id=uuid4(),
        membership_id=uuid4(),
        chain_id=planned.chain_id,
        location_id=planned.location_id,
        client_ids=(planned.client_id,),
        unpaid=UnpaidVisitsForm(line_ids=line_ids),
    )


def merge(planned: Appointment, kept: UUID) -> ClientsMerged:
    return ClientsMerged(
        client_id=kept, chain_id=planned.chain_id, merged_client_ids=(planned.client_id,)
    )


async def test_debts_are_of_visits_that_have_begun_oldest_first(
    hear: Hear, get: Get, ask: Ask, appointment: New, accepted: Accepted, settled: Settled
) -> None:
    planned = appointment(1500, by_hand=(4000,))
    second = other_day(planned, days=1, new=appointment)
    to_come = other_day(planned, days=(datetime.now(UTC) - planned.start).days + 9, new=appointment)
    await hear(accepted(planned), accepted(second), accepted(to_come))
    await hear(settled(planned, False))
    await ask(make(visited(second, membership="none", discount=2000), visit=second))
    path = f"/chains/{planned.chain_id}/clients/{planned.client_id}/debts"
    found = DebtList.model_validate_json((await get(path)).content)
    assert [debt.visit_id for debt in found.debts] == [planned.visit_id, second.visit_id]
    assert [total.amount for total in found.total] == [7500]
    assert [(line.owed.amount, line.debit_failed) for line in found.debts[0].lines] == [
        (1500, True),
        (4000, False),
    ]
    query = {"chain_id": planned.chain_id, "client_id": [planned.client_id, uuid4()]}
    owed = OwedLines.model_validate_json((await get("/owed-lines", **query)).content)
    assert [line.line_id for line in owed.lines] == [planned.lines[0].line_id]
    assert owed.appointments == (planned,)


async def test_what_visits_of_a_location_owe_is_told_to_its_people_at_once(
    hear: Hear,
    caller: httpx.AsyncClient,
    token: Callable[..., str],
    appointment: New,
    accepted: Accepted,
    settled: Settled,
) -> None:
    planned = appointment(1500, by_hand=(4000,))
    paid = other_day(planned, days=1, new=appointment)
    await hear(accepted(planned), accepted(paid), settled(planned, False), settled(paid, True))
    body = {"visit_ids": [str(planned.visit_id), str(paid.visit_id), str(uuid4())]}

    async def owed(role: Role, at: UUID, **whose: UUID) -> Any:
        headers = {"Authorization": f"Bearer {token(role, **whose)}"}
        path = f"/locations/{at}/owed-by-visits"
        answer = await caller.post(path, json=body, headers=headers)
        return answer.json()["owed"] if answer.is_success else answer.status_code

    here, chain = planned.location_id, {"chain_id": planned.chain_id}
    assert await owed(Role.PLATFORM, here) == {str(planned.visit_id): 5500}
    assert await owed(Role.READER, here, **chain) == {str(planned.visit_id): 5500}
    assert await owed(Role.PLATFORM, uuid4()) == {}
    assert await owed(Role.READER, here, chain_id=uuid4()) == {}
    assert await owed(Role.OPERATOR, here, location_id=uuid4(), **chain) == 404
    assert await owed(Role.WIDGET, here, location_id=here, **chain) == 404


@pytest.mark.rule("S5")
async def test_what_a_sale_of_a_visit_could_pay_is_what_nothing_pays_yet(
    hear: Hear, get: Get, ask: Ask, appointment: New, accepted: Accepted
) -> None:
    planned = appointment(1500, by_hand=(4000, 0))
    await hear(accepted(planned))
    await ask(make(visited(planned), visit=planned))  # is under way
    path = f"/locations/{planned.location_id}/visits/{planned.visit_id}/owed-lines"
    owed = OwedLines.model_validate_json((await get(path)).content)
    assert [line.owed.amount for line in owed.lines] == [4000, 0]
    elsewhere = f"/locations/{uuid4()}/visits/{planned.visit_id}/owed-lines"
    assert (await get(elsewhere)).status_code == 404


@pytest.mark.rule("A13")
@pytest.mark.parametrize("settlement_first", [True, False])
async def test_a_membership_pays_what_was_not_debited_as_far_as_it_goes(
    database: Database,
    hear: Hear,
    ask: Ask,
    appointment: New,
    accepted: Accepted,
    settled: Settled,
    settlement_first: bool,
) -> None:
    planned = appointment(1500, 2500)
    second = other_day(planned, days=1, new=appointment)
    await hear(accepted(second), accepted(planned))
    await hear(settled(second, False), settled(planned, False, False))
    wanted = heal(planned)
    await ask(wanted)
    first, other = await said(database, DebitLines)
    assert [first.appointment, other.appointment] == [planned, second]
    assert (first.membership_id, first.partly) == (wanted.membership_id, True)
    paid = [
        debited(first, first.line_ids[0]).model_copy(update={"settlement_revision": 2}),
        settled(planned, True, False, revision=2),
    ]
    for message in reversed(paid) if settlement_first else paid:
        await hear(message)
        assert await answered(database) == []
    nothing = debited(other).model_copy(update={"lines": (), "settlement_revision": None})
    await hear(nothing)
    [reply] = await answered(database)
    found = SettledVisits.model_validate(reply.result)
    assert found.settled_line_ids == first.line_ids[:1]
    assert set(found.refused_line_ids) == {first.line_ids[1], *other.line_ids}


async def test_only_what_was_not_debited_is_healed_and_the_rest_is_named(
    database: Database,
    hear: Hear,
    ask: Ask,
    token: Callable[..., str],
    appointment: New,
    accepted: Accepted,
    settled: Settled,
) -> None:
    planned = appointment(1500, by_hand=(4000,))
    await hear(accepted(planned), settled(planned, False))
    await ask(heal(planned, planned.lines[1].line_id))
    [reply] = await answered(database)
    found = SettledVisits.model_validate(reply.result)
    assert found.refused_line_ids == (planned.lines[1].line_id,)
    elsewhere = uuid4()
    command = heal(planned).model_copy(update={"location_id": elsewhere})
    await hear((command, token(Role.OPERATOR, planned.chain_id, elsewhere)))
    assert await said(database, DebitLines) == []


async def test_what_a_merged_client_owes_and_bought_is_found_with_the_one_who_is_kept(
    database: Database,
    hear: Hear,
    get: Get,
    ask: Ask,
    appointment: New,
    accepted: Accepted,
    settled: Settled,
) -> None:
    planned, kept, last = appointment(1500), uuid4(), uuid4()
    await hear(accepted(planned), settled(planned, False))
    sale = make(product(300), visit=planned)
    await ask(sale)
    await hear(merge(planned, kept))
    await hear(merge(planned.model_copy(update={"client_id": kept}), last))
    for client_id in (planned.client_id, kept, last):
        path = f"/chains/{planned.chain_id}/clients/{client_id}"
        debts = DebtList.model_validate_json((await get(f"{path}/debts")).content)
        assert [debt.client_id for debt in debts.debts] == [last]
        sales = SaleList.model_validate_json((await get(f"{path}/sales")).content)
        assert [each.sale_id for each in sales.sales] == [sale.sale_id]
    asked = heal(planned.model_copy(update={"client_id": last}))
    await ask(asked)
    assert len(await said(database, DebitLines)) == 1
    own = make(visited(planned, membership="none"), visit=planned)
    form = own.sale.model_copy(update={"client_id": last})
    await ask(own.model_copy(update={"sale": form}))
    assert (await problem(database))[0] == "already-paid"  # and not another client's


async def test_sales_are_listed_in_pages_newest_first(
    database: Database, get: Get, ask: Ask, appointment: New
) -> None:
    planned = appointment(1500)
    sales = [make(product(300), visit=planned).model_copy() for _ in range(3)]
    for sale in sales:
        form = sale.sale.model_copy(update={"visit_id": None})
        await ask(sale.model_copy(update={"sale": form}))
    assert (await view(database)).state == "completed"
    path = f"/locations/{planned.location_id}/sales"
    first = SaleList.model_validate_json((await get(path, limit=2)).content)
    assert [each.sale_id for each in first.sales] == [sales[2].sale_id, sales[1].sale_id]
    rest = await get(path, limit=2, cursor=first.next_cursor, client_id=planned.client_id)
    second = SaleList.model_validate_json(rest.content)
    assert [each.sale_id for each in second.sales] == [sales[0].sale_id]
    assert second.next_cursor is None
    none = SaleList.model_validate_json((await get(path, client_id=uuid4())).content)
    assert none.sales == ()
    assert (await get(path, cursor="nonsense")).status_code == 400
