"""What scheduler answers, and to whom."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx

from clocks import Clocks
from contracts import booking, booking_views
from contracts.booking import BookingAccepted
from contracts.values import Appointment
from postgres import Database
from scheduler.api import get_clock, get_timers
from web import Principal, Role, service_app
from web.identity import new_key_pair, sign

Hear = Callable[..., Awaitable[None]]
KEYS = new_key_pair()
DAY = timedelta(days=1)


@asynccontextmanager
async def operator(
    database: Database, chain_id: UUID, location_id: UUID
) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Call the service as an operator of this location."""

    async def ready() -> bool:
        return True

    app = service_app(
        route_handlers=[get_timers, get_clock],
        verify_key=KEYS.verify_key,
        ready=ready,
        given={"database": database, "clocks": Clocks(enabled=True)},
    )
    transport = httpx.ASGITransport(app)  # pyright: ignore[reportArgumentType] — ASGI types differ
    asks = Principal(id=uuid4(), role=Role.OPERATOR, chain_id=chain_id, location_id=location_id)
    headers = {"Authorization": f"Bearer {sign(asks, KEYS.signing_key, datetime.now(UTC))}"}
    url = "http://tests"
    async with httpx.AsyncClient(transport=transport, base_url=url, headers=headers) as caller:
        yield caller


async def test_timers_are_shown_to_those_within_whose_reach_they_are(
    database: Database,
    hear: Hear,
    appointment: Callable[[datetime], Appointment],
    accepted: Callable[..., BookingAccepted],
) -> None:
    planned = appointment(datetime.now(UTC) + DAY)
    await hear(accepted(planned))
    path = f"/appointments/{planned.appointment_id}/timers"
    async with operator(database, planned.chain_id, planned.location_id) as own:
        assert (await own.get(path)).json()["timers"][0]["state"] == "waiting"
    async with operator(database, planned.chain_id, uuid4()) as other:
        assert (await other.get(path)).status_code == 404


async def test_the_time_in_a_chain_is_told_to_its_own_people(
    database: Database, hear: Hear, clock_set: Callable[..., booking.TestClockSet]
) -> None:
    chain_id = uuid4()
    path = f"/chains/{chain_id}/clock"
    await hear(clock_set(chain_id, 3, DAY))
    async with operator(database, chain_id, uuid4()) as own:
        told = booking_views.TestClockView.model_validate((await own.get(path)).json())
    assert (told.revision, told.offset_seconds) == (3, 86_400)
    assert abs(told.now - datetime.now(UTC) - DAY) < timedelta(minutes=5)
    async with operator(database, uuid4(), uuid4()) as other:
        assert (await other.get(path)).status_code == 404
