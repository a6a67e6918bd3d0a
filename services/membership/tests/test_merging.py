"""Merged services: memberships and types follow them (rules A11, A17)."""

from itertools import permutations
from uuid import UUID, uuid4

import pytest

from contracts.booking import ServicesMerged
from contracts.membership import HoldPlaced, HoldRefused, HoldSessions
from contracts.values import Appointment
from membership import commands, queries
from membership.commands.asking import hold_request, merges
from membership.domain.holding import HoldsPlaced
from membership.domain.merging import Merge, merge

from .studio import Studio, hold_of, start_of


@pytest.mark.rule("A11", "A17")
def test_a_chain_of_merges_means_the_last_service_in_whichever_order_it_is_heard() -> None:
    old, older, newer, newest = (uuid4() for _ in range(4))
    merges = [Merge(newer, (old,)), Merge(newest, (newer,)), Merge(old, (older,))]
    for order in permutations(merges):
        known: dict[UUID, UUID] = {}
        for one in (*order, *order):
            known = merge(known, one)
        assert known == dict.fromkeys((old, older, newer, newest), newest)


@pytest.mark.rule("A11")
def test_other_services_keep_their_meaning() -> None:
    yoga, pilates, massage, wellness = (uuid4() for _ in range(4))
    known = merge(merge({}, Merge(yoga, (pilates,))), Merge(wellness, (massage,)))
    assert (known[pilates], known[massage]) == (yoga, wellness)


def merged(studio: Studio, into: UUID, *services: UUID) -> ServicesMerged:
    return ServicesMerged(
        service_id=into,
        chain_id=studio.chain_id,
        location_id=studio.location_id,
        merged_service_ids=services,
    )


@pytest.mark.rule("A11", "A17")
async def test_a_membership_of_an_old_service_pays_for_the_merged_one_and_for_the_old_id(
    studio: Studio,
) -> None:
    anna, old, newer, newest = uuid4(), studio.service_id, uuid4(), uuid4()
    membership_id = await studio.membership(anna)
    await studio.hear(merged(studio, newer, old), merged(studio, newest, newer))
    for service_id in (old, newer, newest):
        studio.service_id = service_id
        plan = studio.appointment(anna)
        await studio.hear(hold_of(plan))
        await studio.hear(start_of(plan))
    assert await studio.balances(membership_id) == (3, 0, 0)
    (view,) = await queries.memberships_of(studio.database.pool, anna)
    assert view.buckets[0].service_ids == (newest,)


@pytest.mark.rule("A11")
async def test_what_is_sold_after_a_merge_follows_it_whichever_id_its_type_names(
    studio: Studio,
) -> None:
    anna, old, newer = uuid4(), studio.service_id, uuid4()
    type_id = await studio.membership_type()
    await studio.hear(merged(studio, newer, old))
    types = await queries.membership_types_by_id(studio.database.pool, [type_id])
    assert types[type_id].buckets[0].service_ids == (newer,)
    studio.service_id = newer
    await studio.hear(studio.sold(anna, type_id), hold_of(studio.appointment(anna)))
    assert len(await studio.said(HoldPlaced)) == 1


@pytest.mark.rule("A11")
async def test_a_service_that_was_not_merged_is_covered_no_more_than_before(
    studio: Studio,
) -> None:
    anna = uuid4()
    await studio.membership(anna)
    await studio.hear(merged(studio, uuid4(), uuid4()))
    studio.service_id = uuid4()
    await studio.hear(hold_of(studio.appointment(anna)))
    (refused,) = await studio.said(HoldRefused)
    assert [why.reason for why in refused.reasons] == ["service_not_covered"]


def naming(plan: Appointment, *merged_ids: UUID) -> HoldSessions:
    """What booking asks for a service that others were merged into."""
    request = hold_of(plan)
    lines = tuple(
        line.model_copy(update={"merged_service_ids": merged_ids})
        for line in request.appointments[0].lines
    )
    asked = request.appointments[0].model_copy(update={"lines": lines})
    return request.model_copy(update={"appointments": (asked,)})


@pytest.mark.rule("A11", "A15")
@pytest.mark.parametrize("order", list(permutations(range(2))), ids=["merge first", "hold first"])
async def test_a_merged_service_is_covered_whether_the_merge_or_the_request_is_heard_first(
    studio: Studio, order: tuple[int, int]
) -> None:
    anna, old, older, newer = uuid4(), studio.service_id, uuid4(), uuid4()
    membership_id = await studio.membership(anna)
    studio.service_id = newer
    plan = studio.appointment(anna)
    said = merged(studio, newer, old, older), naming(plan, old, older)
    for number in order:
        await studio.hear(said[number])
    assert len(await studio.said(HoldPlaced)) == 1
    await studio.hear(start_of(plan))
    assert await studio.balances(membership_id) == (1, 0, 0)


@pytest.mark.rule("A11", "A17")
async def test_a_request_that_names_a_service_merged_since_leaves_the_newer_merge(
    studio: Studio,
) -> None:
    anna, old, newer, newest = uuid4(), studio.service_id, uuid4(), uuid4()
    await studio.membership(anna)
    await studio.hear(merged(studio, newest, newer))
    studio.service_id = newer
    await studio.hear(naming(studio.appointment(anna), old))
    assert len(await studio.said(HoldPlaced)) == 1
    (view,) = await queries.memberships_of(studio.database.pool, anna)
    assert view.buckets[0].service_ids == (newest,)


@pytest.mark.rule("A11")
async def test_a_dry_run_covers_what_its_request_says_was_merged_and_changes_nothing(
    studio: Studio,
) -> None:
    anna, old, newer = uuid4(), studio.service_id, uuid4()
    membership_id = await studio.membership(anna)
    studio.service_id = newer
    asked = naming(studio.appointment(anna), old)
    async with studio.database.transaction() as transaction:
        answer = await commands.plan_holds(transaction, hold_request(asked), merges(asked))
    assert isinstance(answer, HoldsPlaced)
    assert [carrier for _, carrier in answer.carried] == [membership_id]
    (view,) = await queries.memberships_of(studio.database.pool, anna)
    assert view.buckets[0].service_ids == (old,)
