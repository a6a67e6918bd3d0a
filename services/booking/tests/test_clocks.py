"""The clock of a sandbox chain: it moves forward, and everything there follows it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from booking import timers
from contracts import booking as contract
from contracts import booking_views as views
from contracts.booking import ChainForm, CreateChain, SetTestClock
from messaging import operation
from postgres import Database
from web import Role

from .studio import MONDAY, NOW, Studio

YEAR = timedelta(days=365)


@pytest.fixture
async def sandbox(database: Database) -> Studio:
    return await Studio.open(database, sandbox=True)


async def now(studio: Studio) -> datetime:
    return await studio.database.pool.fetchval("SELECT clock_timestamp()")


def setting(studio: Studio, to: datetime) -> SetTestClock:
    return SetTestClock(chain_id=studio.chain_id, clock=contract.TestClockForm(now=to))


async def test_the_clock_of_a_sandbox_moves_forward_and_everybody_is_told(sandbox: Studio) -> None:
    wanted = await now(sandbox) + YEAR
    view = views.TestClockView.model_validate(
        await sandbox.done(Role.GATEWAY, setting(sandbox, wanted))
    )
    assert wanted <= view.now < wanted + timedelta(seconds=1)
    [told] = await sandbox.said(contract.TestClockSet)
    assert (told.chain_id, told.revision, told.offset_seconds) == (
        sandbox.chain_id,
        1,
        view.offset_seconds,
    )
    again = await sandbox.done(Role.PLATFORM, setting(sandbox, wanted + timedelta(days=1)))
    assert (again["revision"], again["offset_seconds"] - view.offset_seconds) == (2, 86_400)


async def test_a_clock_never_goes_back_and_stays_within_ten_years(sandbox: Studio) -> None:
    start = await now(sandbox)
    await sandbox.done(Role.GATEWAY, setting(sandbox, start + YEAR))
    refused = await sandbox.refused(Role.GATEWAY, setting(sandbox, start + timedelta(days=364)))
    assert refused[0] == "conflict"
    far = setting(sandbox, start + 11 * YEAR)
    assert await sandbox.refused(Role.GATEWAY, far) == ("invalid-request", "now")
    assert len(await sandbox.said(contract.TestClockSet)) == 1


async def test_only_the_clocks_of_sandboxes_are_moved_and_by_their_own_chain(
    sandbox: Studio,
) -> None:
    studio = await Studio.open(sandbox.database)
    later = await now(sandbox) + YEAR
    assert (await studio.refused(Role.GATEWAY, setting(studio, later)))[0] == "conflict"
    for role in (Role.OPERATOR, Role.WIDGET, Role.READER):
        assert (await sandbox.refused(role, setting(sandbox, later)))[0] == "forbidden"
    stranger = studio.principal(Role.GATEWAY)
    assert (await sandbox.refused(stranger, setting(sandbox, later)))[0] == "not-found"
    unknown = SetTestClock(chain_id=uuid4(), clock=contract.TestClockForm(now=later))
    assert (await sandbox.refused(Role.PLATFORM, unknown))[0] == "not-found"


async def test_submissions_are_judged_by_the_clock_of_their_chain(sandbox: Studio) -> None:
    massage = await sandbox.service()
    await sandbox.team_member(massage)
    booked = await sandbox.booked(sandbox.submit(massage))
    assert booked.submitted_at == NOW
    ahead = await sandbox.done(Role.GATEWAY, setting(sandbox, await now(sandbox) + YEAR))
    past = sandbox.submit(massage, start=MONDAY + timedelta(hours=2))
    refused = await sandbox.refused(Role.OPERATOR, past)
    assert refused == ("invalid-request", "appointments.0.start")
    later = sandbox.submit(massage, start=MONDAY + YEAR)
    assert (await sandbox.booked(later)).submitted_at == NOW + timedelta(
        seconds=ahead["offset_seconds"]
    )
    studio = await Studio.open(sandbox.database)
    elsewhere = await studio.service()
    await studio.team_member(elsewhere)
    await studio.booked(studio.submit(elsewhere, start=MONDAY + timedelta(hours=2)))


@pytest.mark.rule("X7")
async def test_what_waits_is_due_when_the_clock_says_so(sandbox: Studio) -> None:
    massage = await sandbox.service(membership_booking=True)
    await sandbox.team_member(massage)
    studio = await Studio.open(sandbox.database)
    yoga = await studio.service(membership_booking=True)
    await studio.team_member(yoga)
    [waiting] = await sandbox.ask(Role.GATEWAY, sandbox.submit(massage, phone_confirmed=True))
    [elsewhere] = await studio.ask(Role.GATEWAY, studio.submit(yoga, phone_confirmed=True))
    assert (waiting.state, elsewhere.state) == ("pending", "pending")
    minute = await now(sandbox) + timedelta(minutes=1)
    await sandbox.done(Role.GATEWAY, setting(sandbox, minute))
    await timers.refuse_due(sandbox.messaging)
    answer = await operation(sandbox.database, waiting.command_id)
    assert answer is not None
    assert answer.problem is not None
    assert answer.problem.type == "/problems/booking-timed-out"
    still = await operation(sandbox.database, elsewhere.command_id)
    assert still is not None
    assert still.state == "pending"


async def test_where_test_clocks_are_off_there_are_no_sandboxes(database: Database) -> None:
    production = await Studio.open(database, test_clocks=False)
    chain = CreateChain(chain_id=uuid4(), chain=ChainForm(name="Toys", sandbox=True))
    assert (await production.refused(Role.PLATFORM, chain))[0] == "conflict"
    later = datetime.now(UTC) + YEAR
    assert (await production.refused(Role.GATEWAY, setting(production, later)))[0] == "conflict"
