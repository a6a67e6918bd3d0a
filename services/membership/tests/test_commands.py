"""Commands and sales on the real database: their answers, and what is said."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts import booking
from contracts.membership import (
    ChangeMembershipType,
    FreezeMembership,
    HoldPlaced,
    HoldRefused,
    IssueRefused,
    MembershipFrozen,
    MembershipIssued,
    MembershipShared,
    MembershipUnfrozen,
    UnfreezeMembership,
)
from membership import queries
from web import Role

from .life import adjusting
from .studio import Studio, hold_of, start_of


def freezing(studio: Studio, membership_id: UUID) -> FreezeMembership:
    return FreezeMembership(membership_id=membership_id, chain_id=studio.chain_id)


async def test_a_sale_issues_a_membership_of_its_type(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna, sessions=8)
    (issued,) = await studio.said(MembershipIssued)
    assert issued.membership_id == membership_id
    assert (issued.membership.owner_client_id, issued.membership.status) == (anna, "active")


def changing(studio: Studio, membership_type_id: UUID, **terms: Any) -> ChangeMembershipType:
    return ChangeMembershipType(
        membership_type_id=membership_type_id,
        chain_id=studio.chain_id,
        membership_type=studio.membership_type_form(**terms),
    )


@pytest.mark.rule("G5")
async def test_a_changed_type_never_changes_what_was_issued(studio: Studio) -> None:
    anna, ben, other, category = uuid4(), uuid4(), uuid4(), uuid4()
    type_id = await studio.membership_type(sessions=8)
    await studio.hear(studio.sold(anna, type_id))
    change = changing(
        studio,
        type_id,
        name="Massage",
        buckets=[{"sessions": 3, "service_ids": [other], "category_ids": [category]}],
        gate={"valid_on_visit_day": True},
        location_ids=[uuid4()],
        validity={"count": 1, "unit": "days"},
        auto_deduction=False,
    )
    changed = await studio.ask(change)
    assert (changed.status, changed.result["name"]) == (200, "Massage")
    assert changed.result["gate"] == {"valid_on_visit_day": True, "not_while_frozen": False}
    assert changed.result["buckets"][0]["category_ids"] == [str(category)]
    await studio.hear(hold_of(studio.appointment(anna)))
    assert len(await studio.said(HoldPlaced)) == 1
    await studio.hear(studio.sold(ben, type_id))
    await studio.hear(hold_of(studio.appointment(ben)))
    (refused,) = await studio.said(HoldRefused)
    assert [why.reason for why in refused.reasons] == ["service_not_covered"]


async def test_a_type_that_is_unknown_or_of_another_chain_is_not_changed(studio: Studio) -> None:
    assert (await studio.ask(changing(studio, uuid4()))).status == 404
    type_id, other = await studio.membership_type(), uuid4()
    claimed = changing(studio, type_id).model_copy(update={"chain_id": other})
    stranger = studio.principal(Role.GATEWAY, chain_id=other)
    assert (await studio.ask(claimed, principal=stranger)).status == 404


@pytest.mark.rule("G5")
async def test_what_is_activated_on_a_date_is_issued_until_then(studio: Studio) -> None:
    anna, coming = uuid4(), datetime.now(UTC).date() + timedelta(days=30)
    terms: dict[str, Any] = {"activation": "on_date", "validity": {"count": 1, "unit": "weeks"}}
    type_id = await studio.membership_type(**terms)
    await studio.hear(studio.sold(anna, type_id, coming))
    (issued,) = await studio.said(MembershipIssued)
    state = issued.membership
    assert (state.status, state.expires_on) == ("issued", coming + timedelta(weeks=1))
    await studio.hear(start_of(studio.appointment(anna)))
    for days, status in [(0, "issued"), (32, "active"), (40, "expired")]:
        await studio.hear(
            booking.TestClockSet(
                chain_id=studio.chain_id, revision=days + 1, offset_seconds=days * 86_400
            )
        )
        found = await queries.memberships_by_id(studio.database.pool, [issued.membership_id])
        assert found[issued.membership_id].status == status


@pytest.mark.parametrize("activation", ["on_date", "on_sale", "on_first_visit"])
async def test_a_date_of_activation_is_given_where_the_type_wants_one_and_nowhere_else(
    studio: Studio, activation: str
) -> None:
    type_id = await studio.membership_type(activation=activation)
    day = None if activation == "on_date" else datetime.now(UTC).date()
    await studio.hear(studio.sold(uuid4(), type_id, day))
    (refused,) = await studio.said(IssueRefused)
    assert "activates_on" in refused.reason


async def test_what_cannot_be_issued_is_said(studio: Studio) -> None:
    sold = studio.sold(uuid4(), uuid4())
    await studio.hear(sold)
    (refused,) = await studio.said(IssueRefused)
    assert refused.sale_id == sold.sale_id


async def test_a_membership_is_frozen_and_unfrozen(studio: Studio) -> None:
    membership_id = await studio.membership(uuid4())
    frozen = await studio.ask(freezing(studio, membership_id))
    assert (frozen.status, frozen.result["status"]) == (200, "frozen")
    again = await studio.ask(freezing(studio, membership_id))
    assert again.status == 409
    unfrozen = await studio.ask(
        UnfreezeMembership(membership_id=membership_id, chain_id=studio.chain_id)
    )
    assert unfrozen.result["status"] == "active"
    assert len(await studio.said(MembershipFrozen)) == 1
    (said,) = await studio.said(MembershipUnfrozen)
    assert said.membership.revision == 3


@pytest.mark.rule("S1")
async def test_sharing_joins_the_wallets_and_answers_with_the_membership(studio: Studio) -> None:
    anna, ben = uuid4(), uuid4()
    membership_id, bens = await studio.membership(anna), await studio.membership(ben)
    shared = await studio.share(membership_id, ben)
    assert shared.result["shared_client_ids"] == [str(ben)]
    (said,) = await studio.said(MembershipShared)
    assert said.shared_client_id == ben
    wallets = await studio.database.pool.fetch(
        "SELECT DISTINCT wallet_id FROM memberships WHERE membership_id = ANY($1)"
        " UNION SELECT wallet_id FROM clients WHERE client_id = ANY($2)",
        [membership_id, bens],
        [anna, ben],
    )
    assert len(wallets) == 1
    assert (await studio.share(membership_id, ben)).status == 409
    assert (await studio.share(uuid4(), ben)).status == 404


async def test_wallets_that_one_batch_joins_in_a_chain_end_as_one(studio: Studio) -> None:
    clients = [uuid4() for _ in range(4)]
    type_id = await studio.membership_type()
    await studio.hear(*(studio.sold(client, type_id) for client in clients))
    issued = await studio.said(MembershipIssued)
    owned = {one.membership.owner_client_id: one.membership_id for one in issued}
    async with studio.batches.speaker.work() as work:
        links = [(2, 3), (1, 2), (0, 1)]
        sharings = [studio.sharing(owned[clients[a]], clients[b]) for a, b in links]
        await studio.batches.handle(work, [studio.delivery(sharing) for sharing in sharings])
    count = await studio.database.pool.fetchval(
        "SELECT count(DISTINCT wallet_id) FROM clients WHERE client_id = ANY($1)", clients
    )
    assert count == 1


@pytest.mark.parametrize("role", [Role.READER, Role.WIDGET])
async def test_a_role_that_may_not_is_refused(studio: Studio, role: Role) -> None:
    membership_id = await studio.membership(uuid4())
    refused = await studio.ask(freezing(studio, membership_id), principal=studio.principal(role))
    assert refused.status == 403


async def test_what_belongs_to_another_chain_is_not_there(studio: Studio) -> None:
    membership_id, other = await studio.membership(uuid4()), uuid4()
    stranger = studio.principal(Role.GATEWAY, chain_id=other)
    assert (await studio.ask(freezing(studio, membership_id), principal=stranger)).status == 404
    claimed = FreezeMembership(membership_id=membership_id, chain_id=other)
    assert (await studio.ask(claimed, principal=stranger)).status == 404


@pytest.mark.rule("S3")
async def test_the_view_counts_what_its_uses_tell(studio: Studio) -> None:
    anna, ben = uuid4(), uuid4()
    membership_id = await studio.membership(anna, sessions=8)
    await studio.share(membership_id, ben)
    plan = studio.appointment(ben)
    await studio.hear(start_of(plan), hold_of(studio.appointment(anna)))
    view = (await studio.ask(freezing(studio, membership_id))).result
    assert [view[count] for count in ("granted", "used", "held", "available")] == [8, 1, 1, 6]
    (use,) = view["uses"]
    assert use["client_id"] == str(ben)
    assert use["appointment_id"] == str(plan.appointment_id)
    assert use["automatic"] is True
    assert datetime.fromisoformat(use["recorded_at"]) <= datetime.now(UTC)


@pytest.mark.rule("X1")
async def test_the_view_tells_what_of_its_balance_was_adjusted(studio: Studio) -> None:
    membership_id = await studio.membership(uuid4(), sessions=8)
    view = (await studio.ask(adjusting(studio, membership_id, -2))).result
    [bucket] = view["buckets"]
    assert (bucket["granted"], bucket["adjusted"], bucket["expired"]) == (6, -2, 0)
