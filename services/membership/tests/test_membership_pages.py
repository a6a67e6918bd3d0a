"""Uses, history and issued memberships in pages: complete, in order, and fast however long."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from contracts.membership import LedgerEntryRecorded, MembershipIssued
from contracts.membership_views import MembershipPage, UsePage
from membership import queries
from membership.queries import Search

from .life import adjusting, freezing, voiding
from .reading import Question, rows_read
from .studio import (
    Studio,
    debit_of,
    hold_of,
    moved,
    rescheduling_of,
    start_of,
    status_of,
    undoing_of,
)

TODAY = datetime.now(UTC).date()
DAY = timedelta(days=1)


async def uses_of(studio: Studio, membership_id: UUID, limit: int = 100) -> UsePage:
    return await queries.uses_of(studio.database.pool, membership_id, None, limit)


@pytest.mark.rule("S3")
async def test_a_use_names_client_service_visit_and_whether_it_was_automatic(
    studio: Studio,
) -> None:
    anna, ben = uuid4(), uuid4()
    membership_id = await studio.membership(anna)
    await studio.share(membership_id, ben)
    automatic, by_hand = studio.appointment(anna), studio.appointment(ben)
    await studio.hear(start_of(automatic))
    await studio.hear(status_of(by_hand, "arrived"), debit_of(by_hand))
    newest, oldest = (await uses_of(studio, membership_id)).uses
    assert (newest.client_id, newest.automatic, newest.visit_id) == (ben, False, by_hand.visit_id)
    assert (oldest.client_id, oldest.automatic, oldest.visit_id) == (
        anna,
        True,
        automatic.visit_id,
    )
    assert {newest.service_id, oldest.service_id} == {studio.service_id}
    assert (oldest.line_id, oldest.sessions) == (automatic.lines[0].line_id, 1)
    assert (oldest.reversed_at, newest.reversed_at) == (None, None)
    said = [entry for entry in await studio.said(LedgerEntryRecorded) if entry.kind == "debited"]
    assert [entry.visit_id for entry in said] == [automatic.visit_id, by_hand.visit_id]
    assert {entry.service_id for entry in said} == {studio.service_id}


@pytest.mark.rule("S3")
async def test_a_reversed_use_stays_and_tells_when_and_a_second_debit_is_another_row(
    studio: Studio,
) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = studio.appointment(anna)
    await studio.hear(start_of(plan))
    await studio.ask(undoing_of(plan))
    await studio.hear(debit_of(plan))
    again, first = (await uses_of(studio, membership_id)).uses
    assert (again.automatic, again.reversed_at) == (False, None)
    assert first.reversed_at is not None
    assert first.recorded_at <= first.reversed_at <= again.recorded_at
    assert first.line_id == again.line_id


@pytest.mark.rule("S3")
async def test_what_was_paid_by_hand_is_on_the_bill_of_the_visit_that_it_is_moved_to(
    studio: Studio,
) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = moved(studio.appointment(anna))
    await studio.hear(hold_of(plan))
    await studio.hear(debit_of(plan))
    later = moved(plan).model_copy(update={"visit_id": uuid4()})
    await studio.hear(rescheduling_of(plan, later))
    (use,) = (await uses_of(studio, membership_id)).uses
    assert (use.visit_id, use.reversed_at) == (later.visit_id, None)


@pytest.mark.rule("S3")
async def test_the_usage_count_always_equals_the_rows_that_are_not_reversed(
    studio: Studio,
) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna, sessions=30)
    plans = [studio.appointment(anna, spots=2) for _ in range(12)]
    await studio.hear(*(start_of(plan) for plan in plans))
    counts: list[tuple[int, int]] = []
    for number, plan in enumerate(plans[:6]):
        await studio.ask(undoing_of(plan, plan.lines[number % 2]))
        found = await queries.memberships_by_id(studio.database.pool, [membership_id])
        uses = (await uses_of(studio, membership_id)).uses
        standing = sum(use.sessions for use in uses if use.reversed_at is None)
        counts.append((found[membership_id].used, standing))
        assert (len(uses), found[membership_id].uses) == (24, uses[:20])
    assert counts == [(left, left) for left in (23, 22, 21, 20, 19, 18)]


@pytest.mark.rule("S3")
async def test_all_pages_of_uses_and_history_together_are_the_whole(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna, sessions=30)
    await studio.hear(*(start_of(studio.appointment(anna)) for _ in range(7)))
    for _ in range(4):
        await studio.ask(adjusting(studio, membership_id, 1))
    whole = await uses_of(studio, membership_id)
    assert whole.next_cursor is None
    read: list[Any] = []
    cursor = None
    while True:
        page = await queries.uses_of(studio.database.pool, membership_id, cursor, 3)
        read += page.uses
        cursor = page.next_cursor
        if cursor is None:
            break
    assert read == [*whole.uses]
    assert len(read) == 7
    first = await queries.changes_of(studio.database.pool, membership_id, None, 3)
    rest = await queries.changes_of(studio.database.pool, membership_id, first.next_cursor, 3)
    kinds = [row.kind for row in (*first.changes, *rest.changes)]
    assert (kinds, rest.next_cursor) == (["adjusted"] * 4 + ["issued"], None)


@pytest.mark.rule("S3")
async def test_with_many_uses_no_more_is_read_than_with_a_few(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna, sessions=None)
    other = await studio.membership(anna)
    await fill(studio, membership_id, 20_000)
    questions: tuple[Question, ...] = (
        lambda connection: queries.uses_of(connection, membership_id, None, 50),
        lambda connection: queries.memberships_by_id(connection, [membership_id, other]),
        lambda connection: queries.memberships_of(connection, anna),
        lambda connection: queries.issued_memberships(
            connection, studio.chain_id, Search(), None, 50
        ),
    )
    for question in questions:
        assert 20 < await rows_read(studio, question) < 200


async def fill(studio: Studio, membership_id: UUID, count: int) -> None:
    """Let a membership have been used so often; every tenth use was reversed."""
    await studio.database.pool.execute(
        """
        INSERT INTO ledger (entry_id, membership_id, bucket_id, revision, kind, sessions,
            recorded_at, automatic, client_id, appointment_id, line_id, settlement_revision)
        SELECT gen_random_uuid(), $1, bucket_id, 2 * number, kind, 1, now(), true, $1,
            gen_random_uuid(), md5(number::text)::uuid, 1
        FROM buckets CROSS JOIN generate_series(1, $2::integer) AS number
        CROSS JOIN (VALUES ('debited')) AS entry (kind) WHERE membership_id = $1
        """,
        membership_id,
        count,
    )
    await studio.database.pool.execute(
        """
        INSERT INTO ledger (entry_id, membership_id, bucket_id, revision, kind, sessions,
            recorded_at, automatic, client_id, appointment_id, line_id, settlement_revision)
        SELECT gen_random_uuid(), membership_id, bucket_id, revision + 1, 'reversed', 1, now(),
            true, client_id, appointment_id, line_id, 2
        FROM ledger WHERE membership_id = $1 AND kind = 'debited' AND revision % 20 = 0
        """,
        membership_id,
    )
    await studio.database.pool.execute("ANALYZE")


async def issued(studio: Studio, **terms: Any) -> MembershipPage:
    search = Search(**terms)
    return await queries.issued_memberships(studio.database.pool, studio.chain_id, search, None, 50)


async def test_issued_memberships_come_newest_first_in_pages(studio: Studio) -> None:
    type_id = await studio.membership_type()
    ids: list[UUID] = []
    for _ in range(5):
        await studio.hear(studio.sold(uuid4(), type_id))
    ids = [one.membership_id for one in await studio.said(MembershipIssued)]
    read: list[UUID] = []
    cursor = None
    while True:
        page = await queries.issued_memberships(
            studio.database.pool, studio.chain_id, Search(), cursor, 2
        )
        read += [one.membership_id for one in page.memberships]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert read == ids[::-1]
    other = await queries.issued_memberships(studio.database.pool, uuid4(), Search(), None, 50)
    assert other == MembershipPage(memberships=(), next_cursor=None)


async def test_issued_memberships_are_found_by_what_people_look_for(studio: Studio) -> None:
    anna, ben, carl = uuid4(), uuid4(), uuid4()
    month: dict[str, Any] = {"validity": {"count": 1, "unit": "months"}}
    annas = await studio.membership(anna, name="Ten Mornings", **month)
    bens = await studio.membership(ben, name="Evenings", validity={"count": 1, "unit": "years"})
    await studio.share(annas, carl)

    async def found(**terms: Any) -> set[UUID]:
        return {one.membership_id for one in (await issued(studio, **terms)).memberships}

    assert await found() == {annas, bens}
    assert await found(name="morning") == {annas}
    assert await found(name="100%") == set()
    assert await found(client_ids=[ben]) == {bens}
    assert await found(client_ids=[carl, uuid4()]) == {annas}, "shared ones too"
    assert await found(name="EVEN", client_ids=[carl]) == {annas, bens}, "the one or the other"
    assert await found(expires_until=TODAY + 60 * DAY) == {annas}
    assert await found(expires_from=TODAY + 60 * DAY) == {bens}
    (view,) = (await issued(studio, client_ids=[ben])).memberships
    assert await found(membership_type_id=view.membership_type_id) == {bens}
    assert await found(status="active", name="even", client_ids=[anna]) == {annas, bens}
    assert await found(status="active", name="even", expires_until=TODAY) == set()


async def test_issued_memberships_are_found_by_the_status_that_people_see(studio: Studio) -> None:
    anna = uuid4()
    ids = {
        "issued": await studio.membership(anna, activation="on_first_visit"),
        "frozen": await studio.membership(anna),
        "voided": await studio.membership(anna),
        "used_up": await studio.membership(anna, sessions=1),
        "expired": await studio.membership(anna, validity={"count": 1, "unit": "days"}),
        "active": await studio.membership(anna),
    }
    await studio.ask(freezing(studio, ids["frozen"]))
    await studio.ask(voiding(studio, ids["voided"]))
    await studio.ask(adjusting(studio, ids["used_up"], -1))
    await studio.database.pool.execute(
        "UPDATE memberships SET expires_on = $2 WHERE membership_id = $1",
        ids["expired"],
        TODAY - 2 * DAY,
    )
    for status, membership_id in ids.items():
        (one,) = (await issued(studio, status=status)).memberships
        assert (one.membership_id, one.status) == (membership_id, status)


async def test_a_page_begins_only_where_one_of_this_list_ended(studio: Studio) -> None:
    membership_id = await studio.membership(uuid4())
    pool: asyncpg.Pool[asyncpg.Record] = studio.database.pool
    for ask in (
        queries.uses_of(pool, membership_id, "nowhere", 5),
        queries.changes_of(pool, membership_id, "nowhere", 5),
        queries.issued_memberships(pool, studio.chain_id, Search(), "nowhere", 5),
    ):
        with pytest.raises(Exception, match="cursor"):
            await ask
