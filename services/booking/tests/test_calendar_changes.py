"""Following a calendar: every change comes, whoever comes back goes on, everything ends."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from booking import api
from booking.queries import calendar_changes, offers
from booking.queries.calendar_changes import Said
from booking.queries.calendar_watch import CalendarWatch
from booking.store import calendar_changes as store
from clocks import Clocks
from contracts.booking_views import AppointmentView
from web import Role, serve, service_app
from web.identity import sign

from .changes import cancelling, rescheduling
from .news import billed, settled
from .studio import KEYS, MONDAY, Studio

HOUR = timedelta(hours=1)


@dataclass
class Follower:
    """Follows the studio's calendar."""

    said: AsyncGenerator[Said, None]
    watch: CalendarWatch
    place: int = 0

    async def __anext__(self) -> Said:
        said = await asyncio.wait_for(anext(self.said), 60)
        self.place = said.place
        return said

    async def next(self) -> AppointmentView:
        """Return the next appointment that changed."""
        while (said := await self.__anext__()).appointment is None:
            pass
        return said.appointment


@asynccontextmanager
async def following(studio: Studio, place: int | None = None) -> AsyncGenerator[Follower]:
    """Follow from now, or from a place."""
    at = await offers.location(studio.database, studio.location_id)
    assert at is not None
    if place is None:
        place = (await calendar_changes.bounds(studio.database)).settled
    watch = CalendarWatch()
    watching = asyncio.create_task(watch.run(studio.database))
    async with aclosing(calendar_changes.follow(studio.database, watch, at, place)) as said:
        yield Follower(said, watch)
    watching.cancel()


async def final(studio: Studio, place: int, ids: set[UUID]) -> dict[UUID, AppointmentView]:
    """Return what comes from a place on, until these appointments have come.

    Others may come once more: an older transaction was under way, perhaps of another test.
    """
    last: dict[UUID, AppointmentView] = {}
    async with following(studio, place) as follower:
        while not ids <= last.keys():
            view = await follower.next()
            last[view.appointment_id] = view
    return last


async def test_whoever_follows_sees_what_became_of_each_appointment(studio: Studio) -> None:
    async with following(studio) as follower:
        appointment = await studio.appointment()
        while (booked := await follower.next()).state != "accepted":
            assert booked.state == "requested"
        assert booked == appointment
        await studio.hear(settled(appointment, 1, uuid4()))
        assert (await follower.next()).debit_status == "debited"
        await studio.hear(billed(appointment, 1, 0))
        assert (await follower.next()).payment_status == "paid"
        await studio.done(Role.OPERATOR, cancelling(studio, appointment))
        assert (await follower.next()).state == "cancelled"


async def test_a_new_time_and_a_status_are_changes_too(studio: Studio) -> None:
    service_id = await studio.service()
    await studio.team_member(service_id)
    [appointment] = (await studio.booked(studio.submit(service_id))).appointments
    async with following(studio) as follower:
        await studio.done(Role.OPERATOR, rescheduling(studio, appointment, MONDAY + HOUR))
        assert (await follower.next()).start == MONDAY + HOUR


async def test_another_location_s_changes_do_not_come(studio: Studio) -> None:
    other = await Studio.open(studio.database)
    async with following(studio) as follower:
        await other.appointment()
        own = await studio.appointment()
        assert (await follower.next()).appointment_id == own.appointment_id


async def test_whoever_comes_back_misses_nothing_wherever_the_connection_broke(
    studio: Studio,
) -> None:
    start = (await calendar_changes.bounds(studio.database)).settled
    booked = [await studio.appointment() for _ in range(4)]
    await studio.hear(*(settled(each, 1, uuid4()) for each in booked))
    await studio.hear(billed(booked[0], 1, 0))
    whole = await final(studio, start, {each.appointment_id for each in booked})
    for broken_after in range(1, len(booked)):
        before: dict[UUID, AppointmentView] = {}
        async with following(studio, start) as follower:
            for _ in range(broken_after):
                view = await follower.next()
                before[view.appointment_id] = view
        after = await final(studio, follower.place, whole.keys() - before.keys())
        assert before | after == whole


async def test_a_change_that_is_committed_late_is_not_lost_behind_younger_ones(
    studio: Studio,
) -> None:
    late = await studio.appointment()
    slow = await studio.database.own_connection()
    async with following(studio) as follower:
        under_way = slow.transaction()
        await under_way.start()
        await slow.execute(
            "INSERT INTO calendar_changes (location_id, appointment_id) VALUES ($1, $2)",
            studio.location_id,
            late.appointment_id,
        )
        young = await studio.appointment()
        while (await follower.next()).state != "accepted":
            pass
        place = follower.place
        await under_way.commit()
        while (await follower.next()).appointment_id != late.appointment_id:
            pass
    await slow.close()
    await final(studio, place, {late.appointment_id, young.appointment_id})


async def test_a_slow_reader_keeps_no_connection_and_reads_the_newest_when_it_goes_on(
    studio: Studio,
) -> None:
    async with following(studio) as follower:
        appointment = await studio.appointment()
        await follower.next()
        pool = studio.database.pool
        async with asyncio.timeout(30):
            while pool.get_idle_size() < pool.get_size():  # noqa: ASYNC110 — the pool has no event
                await asyncio.sleep(0)
        for revision in range(1, 6):
            await studio.hear(billed(appointment, revision, 1_000 * revision))
        while (await follower.next()).owed.amount != 5_000:
            pass


async def test_everybody_s_stream_ends_when_the_process_is_to_stop(studio: Studio) -> None:
    async with following(studio) as follower:
        assert (await follower.__anext__()).appointment is None
        follower.watch.stop()
        with pytest.raises(StopAsyncIteration):
            await follower.__anext__()


async def test_what_is_forgotten_is_not_gone_on_from(studio: Studio) -> None:
    await studio.appointment()
    before = await calendar_changes.bounds(studio.database)
    await studio.database.pool.execute(
        "UPDATE calendar_changes SET changed_at = changed_at - $1::interval", store.KEPT + HOUR
    )
    async with studio.database.transaction() as transaction:
        await store.forget(transaction)
    after = await calendar_changes.bounds(studio.database)
    assert before.since < after.since
    assert await studio.database.pool.fetchval("SELECT count(*) FROM calendar_changes") == 0


async def test_the_stream_speaks_server_sent_events_and_ends_with_the_process(
    studio: Studio,
) -> None:
    async with served(studio) as (client, stop):
        headers = token(studio, Role.READER)
        path = f"/locations/{studio.location_id}/calendar/changes"
        async with client.stream("GET", path, headers=headers) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            lines = answer.aiter_lines()
            appointment = await studio.appointment()
            data = f"data: {appointment.model_dump_json()}"
            async with asyncio.timeout(60):
                while await anext(lines) != data:
                    pass
            for role, name in ((Role.WIDGET, "forbidden"), (Role.CLIENT, "forbidden")):
                assert await problem(client, path, token(studio, role)) == name
            for unknown in ("yesterday", "-1", "9" * 20):
                asked = {**headers, "Last-Event-ID": unknown}
                assert await problem(client, path, asked) == "invalid-request"
            stop()
            rest = [line async for line in lines]
            assert rest[-1:] == [""]  # it ends, and not in the middle of an event


def token(studio: Studio, role: Role) -> dict[str, str]:
    principal = studio.client() if role is Role.CLIENT else studio.principal(role)
    return {"Authorization": f"Bearer {sign(principal, KEYS.signing_key, datetime.now(UTC))}"}


async def problem(client: httpx.AsyncClient, path: str, headers: dict[str, str]) -> str:
    answer = await client.get(path, headers=headers)
    return answer.json()["type"].removeprefix("/problems/")


@asynccontextmanager
async def served(studio: Studio) -> AsyncGenerator[tuple[httpx.AsyncClient, Callable[[], None]]]:
    """Serve the API as the process does, until it is told to stop."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    watch = CalendarWatch()

    async def ready() -> bool:
        return True

    given = {"database": studio.database, "clocks": Clocks(enabled=True), "watch": watch}
    app = service_app(
        route_handlers=api.ROUTES, verify_key=KEYS.verify_key, ready=ready, given=given
    )
    watching = asyncio.create_task(watch.run(studio.database))
    serving = asyncio.create_task(serve(app, "127.0.0.1", port, stopping=watch.stop))
    base = f"http://127.0.0.1:{port}"
    retrying = httpx.AsyncHTTPTransport(retries=8)
    async with httpx.AsyncClient(transport=retrying, base_url=base, timeout=60) as client:
        yield client, lambda: os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(60):
        await serving
    watching.cancel()
