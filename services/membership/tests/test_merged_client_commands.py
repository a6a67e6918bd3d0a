"""Merged clients on the real database: whatever comes under which id, and when, twice."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from contracts.booking import ClientsMerged
from contracts.membership import AppointmentSettled, HoldPlaced, LedgerEntryRecorded
from contracts.membership_views import ChangePage, MembershipList, MembershipPage, MembershipView
from membership import queries

from .studio import (
    Studio,
    as_,
    cancellation_of,
    debit_of,
    hold_of,
    reversal_of,
    start_of,
    undoing_of,
)


@pytest.fixture(autouse=True)
async def every_bucket_equals_its_ledger(studio: Studio) -> object:
    yield
    assert await queries.inconsistent_buckets(studio.database.pool) == []


def merged(studio: Studio, kept: UUID, *others: UUID) -> ClientsMerged:
    """What booking says when clients turn out to be one."""
    return ClientsMerged(client_id=kept, chain_id=studio.chain_id, merged_client_ids=others)


async def shown(studio: Studio, http: httpx.AsyncClient, path: str) -> Any:
    answer = await http.get(path, headers=as_(studio))
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.rule("S1", "S4")
async def test_memberships_are_shown_as_the_kept_clients_under_every_id(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    anna, olga, boris = uuid4(), uuid4(), uuid4()
    own = await studio.membership(olga)
    shared = await studio.membership(boris)
    await studio.share(shared, olga)
    await studio.share(shared, anna)
    plan = studio.appointment(olga)
    await studio.hear(start_of(plan))
    await studio.hear(merged(studio, anna, olga))
    for client_id in (anna, olga):
        listed = await shown(studio, http, f"/clients/{client_id}/memberships")
        found = MembershipList.model_validate(listed).memberships
        assert [one.membership_id for one in found] == [own, shared]
        assert [one.owner_client_id for one in found] == [anna, boris]
        assert [one.shared_client_ids for one in found] == [(), (anna,)]
        searched = await shown(
            studio, http, f"/chains/{studio.chain_id}/memberships?client_id={client_id}"
        )
        assert len(MembershipPage.model_validate(searched).memberships) == 2
    view = MembershipView.model_validate(await shown(studio, http, f"/memberships/{own}"))
    assert [use.client_id for use in view.uses] == [anna]
    (entry,) = [one for one in await studio.said(LedgerEntryRecorded) if one.kind == "debited"]
    assert entry.client_id == olga, "the ledger keeps the id of then"
    history = ChangePage.model_validate(await shown(studio, http, f"/memberships/{shared}/changes"))
    assert [(one.kind, one.client_id) for one in history.changes] == [
        ("merged", anna),
        ("shared", anna),
        ("shared", anna),
        ("issued", None),
    ]
    explained = await shown(studio, http, f"/appointments/{plan.appointment_id}/explanation")
    assert explained["client_id"] == str(anna)


@pytest.mark.rule("A5", "A10", "A15")
async def test_what_is_held_and_debited_under_the_old_id_goes_on_working(studio: Studio) -> None:
    anna, olga = uuid4(), uuid4()
    of_olga = await studio.membership(olga)
    held, debited = studio.appointment(olga), studio.appointment(olga)
    ended = studio.appointment(olga)
    await studio.hear(hold_of(held), hold_of(ended), start_of(debited))
    await studio.hear(merged(studio, anna, olga))
    of_anna = await studio.membership(anna, validity={"count": 1, "unit": "months"})
    await studio.hear(start_of(held), cancellation_of(ended), reversal_of(debited))
    assert await studio.balances(of_olga) == (0, 0, 0)
    assert await studio.balances(of_anna) == (1, 0, 0), "A5 is decided afresh at the start"
    settled = (await studio.said(AppointmentSettled))[-1]
    assert settled.client_id == anna
    undone = await studio.ask(undoing_of(held.model_copy(update={"client_id": anna})))
    assert undone.status == 200, undone.problem
    await studio.hear(debit_of(held))
    assert await studio.balances(of_anna) == (1, 0, 0)


@pytest.mark.rule("S7")
async def test_a_sale_and_a_request_under_the_old_id_are_the_kept_clients(studio: Studio) -> None:
    anna, olga, irma = uuid4(), uuid4(), uuid4()
    await studio.hear(merged(studio, olga, irma))
    await studio.hear(merged(studio, anna, olga))
    membership_id = await studio.membership(irma, sessions=1)
    owner = await studio.database.pool.fetchval(
        "SELECT owner_client_id FROM memberships WHERE membership_id = $1", membership_id
    )
    assert owner == anna
    await studio.hear(hold_of(studio.appointment(olga)), hold_of(studio.appointment(anna)))
    placed = await studio.said(HoldPlaced)
    assert [one.client_id for one in placed] == [anna]
    assert await studio.balances(membership_id) == (0, 1, 0)


@pytest.mark.rule("A5")
async def test_all_of_one_batch_is_decided_for_the_kept_client(studio: Studio) -> None:
    anna, olga = uuid4(), uuid4()
    membership_id = await studio.membership(olga)
    plan, other = studio.appointment(anna), studio.appointment(olga)
    await studio.hear(hold_of(plan), start_of(other), merged(studio, anna, olga))
    assert await studio.balances(membership_id) == (1, 1, 0)


async def test_merges_are_collapsed_in_whichever_order_they_are_heard(studio: Studio) -> None:
    for first in (True, False):
        anna, olga, irma = uuid4(), uuid4(), uuid4()
        merges = [merged(studio, olga, irma), merged(studio, anna, olga)]
        for merge in merges if first else reversed(merges):
            await studio.hear(merge)
        rows = await studio.database.pool.fetch(
            "SELECT client_id, merged_into FROM clients WHERE merged_into = $1", anna
        )
        assert {row["client_id"] for row in rows} == {olga, irma}
