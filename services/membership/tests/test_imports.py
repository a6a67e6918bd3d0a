"""Imports and refunds of memberships on the real database: state, outbox, everything twice."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from contracts.booking import ClientsMerged
from contracts.membership import (
    BucketForm,
    ImportedMembershipForm,
    ImportMembership,
    LedgerEntryRecorded,
    MembershipIssued,
    MembershipVoided,
    SoldMembershipVoided,
    VoidRefused,
    VoidSoldMembership,
)
from membership import queries
from web import Role

from .studio import Studio, hold_of, start_of


@pytest.fixture(autouse=True)
async def every_bucket_equals_its_ledger(studio: Studio) -> object:
    yield
    assert await queries.inconsistent_buckets(studio.database.pool) == []


async def importing(studio: Studio, **told: Any) -> ImportMembership:
    """Fill in a command that imports a membership of two buckets."""
    buckets = (
        BucketForm(sessions=8, service_ids=(studio.service_id,)),
        BucketForm(sessions=2, service_ids=(uuid4(),)),
    )
    form: dict[str, Any] = {
        "reference": "A-17",
        "client_id": uuid4(),
        "remaining": (3, 0),
        "issued_on": datetime(2026, 1, 1, tzinfo=UTC).date(),
    }
    if "membership_type_id" not in told:
        form["membership_type_id"] = await studio.membership_type(buckets=buckets)
    return ImportMembership(
        membership_id=uuid4(),
        chain_id=studio.chain_id,
        location_id=studio.location_id,
        time_zone="Europe/Berlin",
        imported=ImportedMembershipForm(**form | told),
    )


@pytest.mark.rule("X1", "X3")
async def test_an_import_is_issued_once_with_what_is_left_of_each_bucket(studio: Studio) -> None:
    shared = uuid4()
    command = await importing(studio, shared_client_ids=(shared,))
    created = await studio.ask(command)
    assert created.status == 201, created.problem
    view = created.result
    assert (view["reference"], view["status"], view["granted"]) == ("A-17", "issued", 3)
    assert [bucket["available"] for bucket in view["buckets"]] == [3, 0]
    assert view["shared_client_ids"] == [str(shared)]
    plan = studio.appointment(shared)
    await studio.hear(hold_of(plan), start_of(plan))
    again = await studio.ask(command)
    assert (again.status, again.result["used"]) == (201, 1)
    other = command.imported.model_copy(update={"remaining": (5, 0)})
    refused = await studio.ask(command.model_copy(update={"imported": other}))
    assert refused.status == 409
    kept = uuid4()
    merged = ClientsMerged(
        client_id=kept,
        chain_id=studio.chain_id,
        merged_client_ids=(command.imported.client_id,),
    )
    await studio.hear(merged)
    other = command.imported.model_copy(update={"client_id": kept})
    again = await studio.ask(command.model_copy(update={"imported": other}))
    assert (again.status, again.result["owner_client_id"]) == (201, str(kept))
    granted = [one for one in await studio.said(LedgerEntryRecorded) if one.kind == "granted"]
    assert [(one.sessions, one.balance) for one in granted] == [(3, 3), (0, 0)]
    assert await studio.said(MembershipIssued) == []
    history = await studio.database.pool.fetch(
        "SELECT kind, principal_id FROM membership_changes WHERE membership_id = $1"
        " ORDER BY revision LIMIT 1",
        command.membership_id,
    )
    assert [(row["kind"], row["principal_id"]) for row in history] == [
        ("imported", studio.operator.id)
    ]


@pytest.mark.rule("X4")
async def test_an_import_that_cannot_be_is_refused_and_changes_nothing(studio: Studio) -> None:
    command = await importing(studio, remaining=(3,))
    refused = await studio.ask(command)
    assert refused.problem is not None
    assert refused.status == 400
    assert [error.field for error in refused.problem.errors] == ["remaining"]
    unknown = await studio.ask(await importing(studio, membership_type_id=uuid4()))
    assert unknown.status == 404
    widget = studio.principal(Role.WIDGET)
    assert (await studio.ask(command, principal=widget)).status == 403
    stranger = studio.principal(Role.GATEWAY, chain_id=uuid4())
    assert (await studio.ask(command, principal=stranger)).status == 404
    assert await studio.database.pool.fetchval("SELECT count(*) FROM memberships") == 0


async def refund_of(studio: Studio, membership_id: Any) -> VoidSoldMembership:
    client_id = await studio.database.pool.fetchval(
        "SELECT owner_client_id FROM memberships WHERE membership_id = $1", membership_id
    )
    return VoidSoldMembership(
        refund_id=uuid4(),
        membership_id=membership_id,
        client_id=client_id,
        chain_id=studio.chain_id,
    )


async def test_a_sold_membership_is_voided_once_when_its_sale_is_refunded(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    refund = await refund_of(studio, membership_id)
    await studio.hear(refund)
    (voided,) = await studio.said(SoldMembershipVoided)
    assert (voided.refund_id, voided.membership_id) == (refund.refund_id, membership_id)
    (said,) = await studio.said(MembershipVoided)
    assert said.membership.status == "voided"
    await studio.hear(hold_of(studio.appointment(anna)))
    assert await studio.balances(membership_id) == (0, 0, 0)


async def test_a_sold_membership_that_is_in_use_is_not_voided(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    used, held = studio.appointment(anna), studio.appointment(anna, spots=2)
    await studio.hear(start_of(used), hold_of(held))
    await studio.hear(await refund_of(studio, membership_id))
    (refused,) = await studio.said(VoidRefused)
    assert (refused.used, refused.held) == (1, 2)
    assert await studio.said(SoldMembershipVoided) == []
