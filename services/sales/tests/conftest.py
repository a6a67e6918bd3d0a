"""A database of the service's own, and messages that arrive as from the broker."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from aiokafka import ConsumerRecord
from stripe import HTTPXClient, StripeClient

import clocks
import sales
from clocks import Clocks
from contracts.base import Command, Message, derive_id
from contracts.booking import AppointmentCancelled, BookingAccepted
from contracts.membership import AppointmentSettled, SettledLine
from contracts.sales_views import BillView
from contracts.topics import CONVERSATION
from contracts.values import Appointment, AppointmentLine, Money
from devproviders.app import make
from devproviders.serving import served
from devproviders.settings import Settings
from messaging import MIGRATIONS, Publisher, Record, encode_command, operation
from messaging.batches import Batches
from messaging.envelope import headers_of, on_the_wire
from messaging.relay import Relay
from messaging.speaking import Speaker
from postgres import Database
from sales import app, consumers
from sales.errands.performing import Performer
from sales.errands.stripe_checkout import StripeCheckout
from web import Principal, Role, service_app
from web.identity import new_key_pair, sign

from .paying import KEY, Till

Hear = Callable[..., Awaitable[None]]
KEYS = new_key_pair()
CLOCKS = Clocks(enabled=True)
START = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
async def database(database_dsn: Callable[..., str]) -> AsyncGenerator[Database, None]:
    folder = Path(sales.__file__).parent / "migrations"
    dsn = database_dsn(MIGRATIONS, clocks.MIGRATIONS, folder)
    async with Database.connect(dsn, application_name="tests") as database:
        yield database


@pytest.fixture
def speaker(database: Database) -> Speaker:
    """Its relay never runs: what is said stays in the outbox, where the tests look for it."""
    relay = Relay(database, Publisher("nowhere:1", "tests"))
    return Speaker("sales", CONVERSATION, database, relay)


@pytest.fixture
def hear(speaker: Speaker) -> Hear:
    """`await hear(*messages)` delivers a batch; twice, as a broker does.

    Commands are given with the token of who asks: `await hear((command, token))`.
    """
    handle = partial(consumers.handle, verify_key=KEYS.verify_key, clocks=CLOCKS)
    return partial(_hear, Batches(speaker, handle, lambda _: None))


async def _hear(batches: Batches, *messages: Message | tuple[Command, str]) -> None:
    records = [_arrived(offset, message) for offset, message in enumerate(messages)]
    await batches.settle(records)
    await batches.settle(records)
    async with batches.speaker.work() as work:
        assert await work.transaction.fetchval("SELECT max(detail) FROM dead_letters") is None


def _arrived(offset: int, message: Message | tuple[Command, str]) -> "ConsumerRecord[bytes, bytes]":
    now = datetime.now(UTC)
    record = _command(*message, now) if isinstance(message, tuple) else _event(message, now)
    return ConsumerRecord(
        topic=record.topic,
        partition=0,
        offset=offset,
        timestamp=int(now.timestamp() * 1000),
        timestamp_type=1,
        key=record.key,
        value=record.value,
        checksum=None,
        serialized_key_size=len(record.key),
        serialized_value_size=len(record.value),
        headers=record.headers,
    )


def _command(command: Command, token: str, now: datetime) -> Record:
    return encode_command(
        CONVERSATION,
        command,
        command_id=derive_id(command.subject_id, command.type),
        principal=token,
        request_hash="hash",
        time=now,
    )


def _event(message: Message, now: datetime) -> Record:
    headers = headers_of(message, message_id=uuid4(), source="tests", time=now)
    return Record(
        topic=CONVERSATION.topic_of(message).name,
        key=str(CONVERSATION.key_of(message)).encode(),
        value=message.model_dump_json().encode(),
        headers=on_the_wire(headers),
    )


@pytest.fixture
async def till(database: Database, speaker: Speaker, hear: Hear) -> AsyncGenerator[Till, None]:
    """A payment server of one's own, and the errands to it."""
    settings = Settings(
        http_port=0,
        devproviders_url="http://pages.test",
        stripe_api_key=KEY,
        stripe_webhook_secret="whsec_secret",
    )
    async with served(make(settings)) as url:
        provider = StripeCheckout(url=url, api_key=KEY, return_url="http://shop.test/?lang=en")
        client = StripeClient(
            KEY, base_addresses={"api": url}, http_client=HTTPXClient(), max_network_retries=0
        )
        performer = Performer(database, CLOCKS, provider, speaker.work)
        yield Till(url, database, speaker, performer, hear, client)


@pytest.fixture
def token() -> Callable[..., str]:
    """`token(role, chain_id, location_id)` is what such a principal asks with, now or `at`."""

    def make(
        role: Role,
        chain_id: UUID | None = None,
        location_id: UUID | None = None,
        *,
        principal_id: UUID | None = None,
        at: datetime | None = None,
    ) -> str:
        principal = Principal(
            id=principal_id or uuid4(), role=role, chain_id=chain_id, location_id=location_id
        )
        return sign(principal, KEYS.signing_key, at or datetime.now(UTC))

    return make


@pytest.fixture
async def caller(database: Database) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Ask the service's own API."""

    async def ready() -> bool:
        return True

    asgi = service_app(
        route_handlers=app.ROUTES,
        verify_key=KEYS.verify_key,
        find_operation=partial(operation, database),
        ready=ready,
        given={"database": database, "clocks": CLOCKS},
    )
    transport = httpx.ASGITransport(asgi)  # pyright: ignore[reportArgumentType] — ASGI types differ
    async with httpx.AsyncClient(transport=transport, base_url="http://tests") as caller:
        yield caller


@pytest.fixture
def ask(hear: Hear, token: Callable[..., str]) -> Callable[..., Awaitable[None]]:
    """`await ask(*commands)` lets the platform ask for all of this at once."""

    async def ask(*commands: Command) -> None:
        await hear(*((command, token(Role.PLATFORM)) for command in commands))

    return ask


@pytest.fixture
def bill(
    caller: httpx.AsyncClient, token: Callable[..., str]
) -> Callable[[Appointment], Awaitable[BillView]]:
    """`await bill(appointment)` is the bill of its visit, as the service shows it."""

    async def bill(planned: Appointment) -> BillView:
        headers = {"Authorization": f"Bearer {token(Role.PLATFORM)}"}
        answer = await caller.get(f"/visits/{planned.visit_id}/bill", headers=headers)
        return BillView.model_validate_json(answer.content)

    return bill


@pytest.fixture
def appointment() -> Callable[..., Appointment]:
    """`appointment(1500, 2000)` plans one with auto-debited lines of these prices.

    `by_hand` are prices of lines without automatic debiting; `other` names what it shares its
    visit with.
    """
    return _appointment


@pytest.fixture
def accepted() -> Callable[..., BookingAccepted]:
    """`accepted(*appointments)` is what booking says of them."""
    return _accepted


@pytest.fixture
def cancelled() -> Callable[..., AppointmentCancelled]:
    """`cancelled(appointment, charge=…)` is its next revision."""
    return _cancelled


@pytest.fixture
def settled() -> Callable[..., AppointmentSettled]:
    """`settled(appointment, True, False)` debits its first auto-debited line, not its second."""
    return _settled


def _appointment(
    *prices: int, by_hand: tuple[int, ...] = (), other: Appointment | None = None
) -> Appointment:
    whose: dict[str, Any] = {"visit_id": uuid4(), "chain_id": uuid4(), "location_id": uuid4()}
    whose |= {"client_id": uuid4()}
    if other is not None:
        whose = {name: getattr(other, name) for name in whose}
    start = START if other is None else other.start + timedelta(hours=1)
    return Appointment(
        **whose,
        appointment_id=uuid4(),
        revision=1,
        booking_id=uuid4(),
        time_zone="Europe/Berlin",
        start=start,
        end=start + timedelta(hours=1),
        accepted_at=START - timedelta(days=2),
        lines=tuple(
            AppointmentLine(
                line_id=uuid4(),
                ordinal=ordinal,
                service_id=uuid4(),
                service_name=f"Service {ordinal}",
                price=Money(amount=price, currency="EUR"),
                membership_booking=False,
                automatic_debiting=ordinal < len(prices),
            )
            for ordinal, price in enumerate(prices + by_hand)
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


def _settled(planned: Appointment, *debited: bool, revision: int = 1) -> AppointmentSettled:
    lines = [line for line in planned.lines if line.automatic_debiting]
    return AppointmentSettled(
        appointment_id=planned.appointment_id,
        revision=revision,
        appointment_revision=planned.revision,
        booking_id=planned.booking_id,
        visit_id=planned.visit_id,
        chain_id=planned.chain_id,
        location_id=planned.location_id,
        client_id=planned.client_id,
        outcome="debited" if all(debited) else "not_debited",
        lines=tuple(
            SettledLine(line_id=line.line_id, debited=paid, membership_id=uuid4() if paid else None)
            for line, paid in zip(lines, debited, strict=True)
        ),
        shortfall=len([paid for paid in debited if not paid]),
        start=planned.start,
        settled_at=planned.start,
        delay_ms=0,
    )
