"""The life of memberships on the real database: commands, their answers, events and history."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from clocks import Clocks
from contracts import booking
from contracts.membership import (
    HoldMoved,
    HoldReleased,
    LedgerEntryRecorded,
    MembershipAdjusted,
    MembershipExtended,
    MembershipFrozen,
    MembershipIssued,
    MembershipUnfrozen,
    MembershipUnshared,
    MembershipVoided,
)
from membership import commands, queries
from web import Role

from .life import adjusting, extending, freezing, removing, unfreezing, voiding
from .studio import Studio, hold_of, moved, start_of

DAY = timedelta(days=1)
TODAY = datetime.now(UTC).date()


async def history(studio: Studio, membership_id: UUID) -> list[Any]:
    page = await queries.changes_of(studio.database.pool, membership_id, None, 50)
    return [*page.changes]


async def set_clock(studio: Studio, ahead: timedelta) -> None:
    seconds = int(ahead.total_seconds())
    await studio.hear(
        booking.TestClockSet(chain_id=studio.chain_id, revision=seconds + 1, offset_seconds=seconds)
    )


async def test_every_change_is_in_the_history_with_who_and_why(studio: Studio) -> None:
    anna, ben = uuid4(), uuid4()
    terms: dict[str, Any] = {"validity": {"count": 1, "unit": "years"}}
    membership_id = await studio.membership(anna, **terms)
    ends = TODAY + 400 * DAY
    for command in (
        freezing(studio, membership_id),
        unfreezing(studio, membership_id),
        studio.sharing(membership_id, ben),
        removing(studio, membership_id, ben),
        extending(studio, membership_id, ends),
        adjusting(studio, membership_id, -2),
        voiding(studio, membership_id),
    ):
        answer = await studio.ask(command)
        assert answer.status == 200, answer.problem
    rows = await history(studio, membership_id)
    assert [row.kind for row in reversed(rows)] == [
        "issued", "frozen", "unfrozen", "shared", "unshared", "extended", "adjusted", "voided",
    ]  # fmt: skip
    by = {row.kind: (row.by.principal_id, row.by.role) for row in rows if row.by}
    assert set(by.values()) == {(studio.operator.id, "operator")}
    assert set(by) == {row.kind for row in rows} - {"issued"}
    told = {row.kind: row for row in rows}
    assert (told["extended"].reason, told["extended"].expires_on) == ("Was ill", ends)
    assert (told["adjusted"].reason, told["adjusted"].sessions) == ("Counted anew", -2)
    assert told["adjusted"].bucket_id is not None
    assert told["voided"].reason == "Moved away"
    assert told["shared"].client_id == told["unshared"].client_id == ben
    view = (await queries.memberships_by_id(studio.database.pool, [membership_id]))[membership_id]
    assert (view.status, view.granted, view.expires_on) == ("voided", 6, ends)
    for kind in (MembershipUnshared, MembershipExtended, MembershipAdjusted, MembershipVoided):
        assert len(await studio.said(kind)) == 1


async def test_the_history_is_never_changed(studio: Studio) -> None:
    await studio.membership(uuid4())
    for statement in (
        "UPDATE membership_changes SET reason = 'x'",
        "DELETE FROM membership_changes",
    ):
        with pytest.raises(Exception, match="append-only"):
            await studio.database.pool.execute(statement)


async def test_the_first_visit_that_activates_a_membership_is_in_its_history(
    studio: Studio,
) -> None:
    anna = uuid4()
    membership_id = await studio.membership(
        anna, activation="on_first_visit", validity={"count": 1, "unit": "weeks"}
    )
    await studio.hear(start_of(studio.appointment(anna)), start_of(studio.appointment(anna)))
    rows = await history(studio, membership_id)
    assert [(row.kind, row.by) for row in rows] == [("activated", None), ("issued", None)]
    assert rows[0].expires_on == TODAY + 7 * DAY


async def test_the_limits_of_freezing_are_those_of_the_sale(studio: Studio) -> None:
    anna = uuid4()
    type_id = await studio.membership_type(freezing={"times": 1, "days": 10})
    await studio.hear(studio.sold(anna, type_id))
    (issued,) = await studio.said(MembershipIssued)
    shown = await queries.membership_types_by_id(studio.database.pool, [type_id])
    assert (shown[type_id].freezing.times, shown[type_id].freezing.days) == (1, 10)
    too_long = await studio.ask(freezing(studio, issued.membership_id, TODAY + 30 * DAY))
    assert too_long.status == 409
    assert too_long.problem is not None
    assert "10 of them are left" in too_long.problem.detail
    past = await studio.ask(freezing(studio, issued.membership_id, TODAY - DAY))
    assert past.problem is not None
    assert [error.field for error in past.problem.errors] == ["until"]
    frozen = await studio.ask(freezing(studio, issued.membership_id))
    until = datetime.fromisoformat(frozen.result["frozen_until"]).date()
    assert (until - TODAY).days in {10, 11}, "its day in Berlin may have begun"
    await studio.ask(unfreezing(studio, issued.membership_id))
    assert (await studio.ask(freezing(studio, issued.membership_id))).status == 409


@pytest.mark.rule("A14")
async def test_a_freeze_ends_by_the_clock_of_its_chain_and_once(studio: Studio) -> None:
    terms: dict[str, Any] = {"validity": {"count": 1, "unit": "years"}}
    membership_id = await studio.membership(uuid4(), **terms)
    before = (await queries.memberships_by_id(studio.database.pool, [membership_id]))[membership_id]
    await studio.ask(freezing(studio, membership_id, TODAY + 6 * DAY))
    (said,) = await studio.said(MembershipFrozen)
    assert said.membership.frozen_until == TODAY + 6 * DAY
    assert await unfreeze_due(studio) == 0
    await set_clock(studio, 20 * DAY)
    assert await unfreeze_due(studio) == 1
    assert await unfreeze_due(studio) == 0
    after = (await queries.memberships_by_id(studio.database.pool, [membership_id]))[membership_id]
    assert (after.status, after.frozen_until) == ("active", None)
    assert before.expires_on is not None
    assert after.expires_on is not None
    assert (after.expires_on - before.expires_on).days in {5, 6}, "its day in Berlin may have begun"
    assert len(await studio.said(MembershipUnfrozen)) == 1


async def unfreeze_due(studio: Studio) -> int:
    async with studio.batches.speaker.work() as work:
        return await commands.end_freezes(work, Clocks(enabled=True), at_most=10)


@pytest.mark.rule("A14")
async def test_a_start_after_the_last_frozen_day_is_debited_before_the_timer_has_looked(
    studio: Studio,
) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    await studio.ask(freezing(studio, membership_id, TODAY + 2 * DAY))
    await set_clock(studio, 5 * DAY)
    while_frozen, afterwards = (moved(studio.appointment(anna), by) for by in (DAY, 4 * DAY))
    await studio.hear(start_of(while_frozen), start_of(afterwards))
    settled = await queries.settlements_by_id(
        studio.database.pool, [while_frozen.appointment_id, afterwards.appointment_id]
    )
    assert settled[while_frozen.appointment_id][0].lines[0].reason == "frozen"
    assert settled[afterwards.appointment_id][0].outcome == "debited"


@pytest.mark.rule("X1", "X6")
async def test_sessions_that_are_held_are_taken_by_force_alone(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna, sessions=2)
    first, last = studio.appointment(anna), moved(studio.appointment(anna))
    await studio.hear(hold_of(first), hold_of(last))
    refused = await studio.ask(adjusting(studio, membership_id, -1))
    assert refused.status == 409
    assert refused.problem is not None
    assert refused.problem.type == "/problems/sessions-held"
    (reason,) = refused.problem.reasons
    assert reason == {
        "booking_id": str(last.booking_id),
        "appointment_id": str(last.appointment_id),
        "line_id": str(last.lines[0].line_id),
        "start": last.start.isoformat(),
    }
    taken = await studio.ask(adjusting(studio, membership_id, -1, force=True))
    assert [taken.result[count] for count in ("granted", "held", "available")] == [1, 1, 0]
    (released,) = await studio.said(HoldReleased)
    assert (released.line_id, released.reason) == (last.lines[0].line_id, "adjusted")
    entries = [e for e in await studio.said(LedgerEntryRecorded) if e.kind == "adjusted"]
    assert [(entry.sessions, entry.balance) for entry in entries] == [(-1, 1)]
    voided = await studio.ask(voiding(studio, membership_id, force=True))
    assert (voided.result["status"], voided.result["held"]) == ("voided", 0)
    assert await queries.inconsistent_buckets(studio.database.pool) == []


async def test_a_field_that_cannot_be_is_named(studio: Studio) -> None:
    two = [{"sessions": 1, "service_ids": [uuid4()]} for _ in range(2)]
    membership_id = await studio.membership(uuid4(), buckets=two)
    for command, field in (
        (adjusting(studio, membership_id, 0), "sessions"),
        (adjusting(studio, membership_id, 1), "bucket_id"),
    ):
        refused = await studio.ask(command)
        assert (refused.status, refused.problem is not None) == (400, True)
        assert refused.problem is not None
        assert [error.field for error in refused.problem.errors] == [field]


@pytest.mark.rule("S2")
async def test_removing_a_client_does_what_was_foretold(studio: Studio) -> None:
    anna, ben = uuid4(), uuid4()
    shared = await studio.membership(anna, validity={"count": 1, "unit": "months"})
    await studio.share(shared, ben)
    first, last = studio.appointment(ben), moved(studio.appointment(ben))
    await studio.hear(hold_of(first), hold_of(last))
    own = await studio.membership(ben, sessions=1)
    async with studio.database.transaction() as transaction:
        plan = await queries.removal_plan(transaction, shared, studio.chain_id, ben)
        nobody = await queries.removal_plan(transaction, shared, studio.chain_id, uuid4())
    assert nobody is None
    assert plan is not None
    assert [(hold.appointment_id, hold.moves_to) for hold in plan.holds] == [
        (first.appointment_id, own),
        (last.appointment_id, None),
    ]
    assert await studio.balances(shared) == (0, 2, 0), "nothing is changed yet"
    removed = await studio.ask(removing(studio, shared, ben))
    assert removed.result["shared_client_ids"] == []
    (move,) = await studio.said(HoldMoved)
    assert (move.line_id, move.membership_id) == (first.lines[0].line_id, own)
    (release,) = await studio.said(HoldReleased)
    assert (release.line_id, release.reason) == (last.lines[0].line_id, "unshared")
    assert await studio.balances(shared) == (0, 0, 0)
    assert await studio.balances(own) == (0, 1, 0)
    assert (await studio.ask(removing(studio, shared, ben))).status == 404


@pytest.mark.parametrize("role", [Role.READER, Role.WIDGET])
async def test_who_may_not_changes_nothing(studio: Studio, role: Role) -> None:
    membership_id = await studio.membership(uuid4())
    principal = studio.principal(role)
    for command in (adjusting(studio, membership_id, 1), voiding(studio, membership_id)):
        assert (await studio.ask(command, principal=principal)).status == 403
    assert [row.kind for row in await history(studio, membership_id)] == ["issued"]
