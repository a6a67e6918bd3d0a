"""A database of the service's own, and messages that arrive as from the broker."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiokafka import ConsumerRecord

import clocks
import scheduler
from clocks import Clocks
from contracts.base import Message
from contracts.booking import (
    AppointmentCancelled,
    AppointmentRescheduled,
    BookingAccepted,
    TestClockSet,
)
from contracts.topics import CONVERSATION
from contracts.values import Appointment, AppointmentLine, Money
from messaging import MIGRATIONS, Messaging, Publisher
from messaging.batches import Batches
from messaging.envelope import headers_of, on_the_wire
from messaging.relay import Relay
from messaging.speaking import Speaker
from postgres import Database
from scheduler import consumers

Hear = Callable[..., Awaitable[None]]
CLOCKS = Clocks(enabled=True)


@pytest.fixture
async def database(database_dsn: Callable[..., str]) -> AsyncGenerator[Database, None]:
    dsn = database_dsn(
        MIGRATIONS, clocks.MIGRATIONS, Path(scheduler.__file__).parent / "migrations"
    )
    async with Database.connect(dsn, application_name="tests") as database:
        yield database


@pytest.fixture
def speaker(database: Database) -> Speaker:
    # Its relay never runs: what is said stays in the outbox, where the tests look for it.
    return Speaker(
        "scheduler", CONVERSATION, database, Relay(database, Publisher("nowhere:1", "tests"))
    )


@pytest.fixture
def messaging(speaker: Speaker) -> Messaging:
    return Messaging(speaker, None)


@pytest.fixture
def hear(speaker: Speaker) -> Hear:
    """`await hear(*messages)` delivers a batch; twice, as a broker does."""
    return partial(_hear, Batches(speaker, partial(consumers.handle, CLOCKS), lambda _: None))


@pytest.fixture
def appointment() -> Callable[[datetime], Appointment]:
    """`appointment(start)` plans one, of its own chain."""
    return _appointment


@pytest.fixture
def accepted() -> Callable[..., BookingAccepted]:
    """`accepted(*appointments)` is what booking says of them."""
    return _accepted


@pytest.fixture
def cancelled() -> Callable[..., AppointmentCancelled]:
    """`cancelled(appointment, charge=…)` is its next revision, an hour before its start."""
    return _cancelled


@pytest.fixture
def rescheduled() -> Callable[..., AppointmentRescheduled]:
    """`rescheduled(appointment, start)` is its next revision, an hour before its old start."""
    return _rescheduled


@pytest.fixture
def clock_set() -> Callable[[UUID, int, timedelta], TestClockSet]:
    """`clock_set(chain_id, revision, ahead)` says that the clock of a sandbox chain was moved."""
    return _clock_set


def _appointment(start: datetime) -> Appointment:
    return Appointment(
        appointment_id=uuid4(),
        revision=1,
        booking_id=uuid4(),
        visit_id=uuid4(),
        chain_id=uuid4(),
        location_id=uuid4(),
        time_zone="Europe/Berlin",
        client_id=uuid4(),
        start=start,
        end=start + timedelta(hours=1),
        accepted_at=start - timedelta(days=2),
        lines=(
            AppointmentLine(
                line_id=uuid4(),
                ordinal=0,
                service_id=uuid4(),
                service_name="Yoga",
                price=Money(amount=1500, currency="EUR"),
                membership_booking=True,
                automatic_debiting=True,
            ),
        ),
    )


def _accepted(*appointments: Appointment) -> BookingAccepted:
    first = appointments[0]
    return BookingAccepted(
        booking_id=first.booking_id, location_id=first.location_id, appointments=appointments
    )


def _cancelled(planned: Appointment, *, charge: bool) -> AppointmentCancelled:
    return AppointmentCancelled(
        appointment_id=planned.appointment_id,
        location_id=planned.location_id,
        appointment=planned.model_copy(update={"revision": planned.revision + 1}),
        cancelled_at=planned.start - timedelta(hours=1),
        charge=charge,
    )


def _rescheduled(planned: Appointment, start: datetime) -> AppointmentRescheduled:
    changes = {
        "revision": planned.revision + 1,
        "visit_id": uuid4(),
        "start": start,
        "end": start + timedelta(hours=1),
    }
    return AppointmentRescheduled(
        appointment_id=planned.appointment_id,
        location_id=planned.location_id,
        appointment=planned.model_copy(update=changes),
        previous_start=planned.start,
        previous_visit_id=planned.visit_id,
        rescheduled_at=planned.start - timedelta(hours=1),
    )


def _clock_set(chain_id: UUID, revision: int, ahead: timedelta) -> TestClockSet:
    seconds = int(ahead.total_seconds())
    return TestClockSet(chain_id=chain_id, revision=revision, offset_seconds=seconds)


async def _hear(batches: Batches, *messages: Message) -> None:
    records = [_record(offset, message) for offset, message in enumerate(messages)]
    await batches.settle(records)
    await batches.settle(records)
    async with batches.speaker.work() as work:
        assert await work.transaction.fetchval("SELECT max(detail) FROM dead_letters") is None


def _record(offset: int, message: Message) -> "ConsumerRecord[bytes, bytes]":
    now = datetime.now(UTC)
    headers = headers_of(message, message_id=uuid4(), source="tests", time=now)
    body = message.model_dump_json().encode()
    return ConsumerRecord(
        topic=CONVERSATION.topic_of(message).name,
        partition=0,
        offset=offset,
        timestamp=int(now.timestamp() * 1000),
        timestamp_type=1,
        key=str(CONVERSATION.key_of(message)).encode(),
        value=body,
        checksum=None,
        serialized_key_size=36,
        serialized_value_size=len(body),
        headers=on_the_wire(headers),
    )
