"""What booking says is kept as timers, each in its newest revision."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from contracts.base import Message
from contracts.booking import AppointmentCancelled, BookingAccepted, VisitStatusChanged
from contracts.values import Appointment
from messaging import Delivery
from messaging.speaking import Speaker
from postgres import Database
from scheduler import consumers
from scheduler.api import get_timers
from web import Principal, Role, service_app
from web.identity import new_key_pair, sign

Hear = Callable[..., Awaitable[None]]
New = Callable[..., Appointment]
Accepted = Callable[..., BookingAccepted]
Cancelled = Callable[..., AppointmentCancelled]
TOMORROW = datetime.now(UTC) + timedelta(days=1)
KEYS = new_key_pair()
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def timers(database: Database, appointment_ids: Sequence[UUID]) -> list[tuple[Any, ...]]:
    rows = await database.pool.fetch(
        "SELECT revision, state, due_at FROM timers WHERE appointment_id = ANY($1)"
        " ORDER BY array_position($1, appointment_id)",
        appointment_ids,
    )
    return [tuple(row) for row in rows]


@pytest.mark.rule("A4")
async def test_every_accepted_appointment_has_one_timer_at_its_start(
    database: Database, hear: Hear, appointment: New, accepted: Accepted
) -> None:
    first, second = appointment(TOMORROW), appointment(TOMORROW + timedelta(hours=2))
    await hear(accepted(first, second))
    assert await timers(database, [first.appointment_id, second.appointment_id]) == [
        (1, "waiting", first.start),
        (1, "waiting", second.start),
    ]


@pytest.mark.rule("A2", "A15")
@pytest.mark.parametrize(("charge", "state"), [(False, "void"), (True, "waiting")])
async def test_a_cancel_ends_the_timer_unless_it_is_charged_in_all_orders_of_arrival(
    database: Database,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    cancelled: Cancelled,
    charge: bool,
    state: str,
) -> None:
    for one_batch in (True, False):
        for order in permutations((0, 1)):
            planned = appointment(TOMORROW)
            said: list[Message] = [accepted(planned), cancelled(planned, charge=charge)]
            arriving = [said[index] for index in order]
            for batch in [arriving] if one_batch else [[each] for each in arriving]:
                await hear(*batch)
            assert await timers(database, [planned.appointment_id]) == [(2, state, planned.start)]


@pytest.mark.rule("A15")
async def test_a_newer_plan_that_was_stored_meanwhile_stays(
    database: Database,
    speaker: Speaker,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    cancelled: Cancelled,
) -> None:
    planned = appointment(TOMORROW)
    newer = cancelled(planned, charge=False)
    async with speaker.work() as work:
        # Neither batch finds a timer to lock: the second waits for the first one's row.
        await consumers.handle(work, [Delivery(id=uuid4(), body=newer, effective_at=work.now)])
        older = asyncio.ensure_future(hear(accepted(planned)))
        async with asyncio.timeout(30):
            while not await database.pool.fetchval(WAITING):  # noqa: ASYNC110 — nothing tells
                await asyncio.sleep(0.01)
    await older
    assert await timers(database, [planned.appointment_id]) == [(2, "void", planned.start)]


async def test_what_needs_no_timer_is_ignored(database: Database, hear: Hear) -> None:
    await hear(
        VisitStatusChanged(
            appointment_id=uuid4(),
            location_id=uuid4(),
            client_id=uuid4(),
            status_revision=1,
            visit_status="arrived",
        )
    )
    assert await database.pool.fetchval("SELECT count(*) FROM timers") == 0


async def test_timers_are_shown_to_those_within_whose_reach_they_are(
    database: Database, hear: Hear, appointment: New, accepted: Accepted
) -> None:
    planned = appointment(TOMORROW)
    await hear(accepted(planned))

    async def ready() -> bool:
        return True

    app = service_app(
        route_handlers=[get_timers],
        verify_key=KEYS.verify_key,
        ready=ready,
        given={"database": database},
    )
    transport = httpx.ASGITransport(app)  # pyright: ignore[reportArgumentType] — ASGI types differ

    async def get(location_id: UUID) -> httpx.Response:
        principal = Principal(
            id=uuid4(), role=Role.OPERATOR, chain_id=planned.chain_id, location_id=location_id
        )
        token = sign(principal, KEYS.signing_key, datetime.now(UTC))
        async with httpx.AsyncClient(transport=transport, base_url="http://tests") as caller:
            return await caller.get(
                f"/appointments/{planned.appointment_id}/timers",
                headers={"Authorization": f"Bearer {token}"},
            )

    own = await get(planned.location_id)
    assert own.json()["timers"][0]["state"] == "waiting"
    assert (await get(uuid4())).status_code == 404
