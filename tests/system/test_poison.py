"""What nobody can handle is set aside, once, and holds up nothing that comes after it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from contracts.base import Message
from contracts.booking import CreateEvent, EventForm
from contracts.membership import HoldAppointment, HoldLine, HoldSessions
from contracts.scheduler import AppointmentStarted
from contracts.topics import CONVERSATION
from devstack import Stack
from devstack.state import State
from edge import Edge
from journeys import appointment_of, book, later, massage, member, soon, spots, until
from messaging import Publisher, Record, encode_command
from messaging.envelope import headers_of, on_the_wire
from studio import Studio
from web.identity import Principal, Role, sign


def _with_header(record: Record, name: str, value: bytes | None) -> Record:
    headers: Any = [*((key, old) for key, old in record.headers if key != name), (name, value)]
    return replace(record, headers=headers)


def _with_type(record: Record, ending: str) -> Record:
    [name] = [value.decode() for key, value in record.headers if key == "ce_type"]
    return _with_header(record, "ce_type", f"{name.partition('.')[0]}.{ending}".encode())


def _with_value(record: Record, value: Any) -> Record:
    return replace(record, value=value)


POISONS: Final[dict[str, tuple[str, Callable[[Record], Record]]]] = {
    "header not UTF-8": ("bad_envelope", lambda one: _with_header(one, "traceparent", b"\xff")),
    "null header": ("bad_envelope", lambda one: _with_header(one, "traceparent", None)),
    "empty": ("empty_body", lambda one: _with_value(one, b"")),
    "tombstone": ("empty_body", lambda one: _with_value(one, None)),
    "0": ("bad_schema", lambda one: _with_value(one, b"0")),
    "900 KB": ("bad_schema", lambda one: _with_value(one, b'"%s"' % (b"x" * 900_000))),
    "bad schema": ("bad_schema", lambda one: _with_value(one, b"{}")),
    "unknown version": ("unknown_command", lambda one: _with_type(one, "create_event.v2")),
    "unknown command": ("unknown_command", lambda one: _with_type(one, "make_tea.v1")),
}
"""What is done to a message that is right in all else, and why it is set aside then."""

FOR_ALL: Final = [kind for kind, (reason, _) in POISONS.items() if reason != "unknown_command"]


@pytest.mark.parametrize("kind", POISONS)
def test_a_poisonous_command_is_set_aside_and_answered_and_the_next_one_is_done(
    system: Stack, studio: Studio, kind: str
) -> None:
    reason, spoil = POISONS[kind]
    command_id = uuid4()
    publish(system, spoil(planning(system, studio, command_id)))

    studio.plan_class(later(), capacity=3)  # of the same key, so of the same partition

    assert set_aside(system, "booking", command_id) == [reason]
    assert answer(system, command_id) == 500


@pytest.mark.parametrize("kind", FOR_ALL)
def test_a_poisonous_request_is_set_aside_and_the_next_one_is_heard(
    system: Stack, studio: Studio, app: Edge, kind: str
) -> None:
    reason, spoil = POISONS[kind]
    member(studio, "Ana", sessions=5)
    message_id = uuid4()
    publish(system, spoil(holding(studio, "Ana", message_id)))

    event = studio.plan_class(later(), capacity=3)
    assert book(app, studio, "Ana", spots(event))["state"] == "accepted"

    assert set_aside(system, "membership", message_id) == [reason]


def test_an_unknown_version_of_a_request_is_passed_over(
    system: Stack, studio: Studio, app: Edge
) -> None:
    member(studio, "Ana", sessions=5)
    message_id = uuid4()
    publish(system, _with_type(holding(studio, "Ana", message_id), "hold_sessions.v2"))

    event = studio.plan_class(later(), capacity=3)
    assert book(app, studio, "Ana", spots(event))["state"] == "accepted"

    assert set_aside(system, "membership", message_id) == []


@pytest.mark.rule("A3", "A15")
def test_a_start_that_cannot_be_handled_shows_an_error_until_it_is_settled(
    system: Stack, studio: Studio, app: Edge
) -> None:
    member(studio, "Ana", sessions=5)
    booked = book(app, studio, "Ana", massage(studio, soon(8)))
    start = AppointmentStarted.model_construct(
        appointment_id=UUID(booked["appointment_id"]), client_id=UUID(booked["client_id"])
    )
    publish(system, _with_value(_encoded(start, uuid4()), b"0"))

    def shown() -> tuple[str, str | None]:
        now = appointment_of(studio, booked)
        return now["debit_status"], now["debit_failure"]

    until(shown, lambda now: now == ("not_debited", "technical_error"))
    until(shown, lambda now: now == ("debited", None))


def test_a_command_about_a_foreign_location_is_answered_with_404(
    system: Stack, studio: Studio
) -> None:
    command_id = uuid4()
    publish(system, planning(system, studio, command_id, chain_id=uuid4(), location_id=uuid4()))

    studio.plan_class(later(), capacity=3)

    assert answer(system, command_id) == 404
    assert set_aside(system, "booking", command_id) == []


def planning(
    system: Stack,
    studio: Studio,
    command_id: UUID,
    *,
    chain_id: UUID | None = None,
    location_id: UUID | None = None,
) -> Record:
    """Return the command to plan a class in the studio, by an operator there, or of elsewhere."""
    operator = Principal(
        id=uuid4(),
        role=Role.OPERATOR,
        chain_id=chain_id or UUID(studio.chain),
        location_id=location_id or UUID(studio.location),
    )
    signing_key, _ = State(system.folder).principal_keys()
    command = CreateEvent(
        event_id=uuid4(),
        location_id=UUID(studio.location),
        event=EventForm(service_id=UUID(studio.yoga), start=later(), capacity=3),
    )
    now = datetime.now(UTC)
    return encode_command(
        CONVERSATION,
        command,
        command_id=command_id,
        principal=sign(operator, signing_key, now),
        request_hash="hash",
        time=now,
    )


def holding(studio: Studio, name: str, message_id: UUID) -> Record:
    """Return the request to hold a session of this client."""
    line = HoldLine(
        line_id=uuid4(),
        ordinal=0,
        service_id=UUID(studio.yoga),
        required=True,
        automatic_debiting=True,
    )
    appointment = HoldAppointment(appointment_id=uuid4(), revision=1, start=later(), lines=(line,))
    return _encoded(
        HoldSessions(
            booking_id=uuid4(),
            chain_id=UUID(studio.chain),
            location_id=UUID(studio.location),
            time_zone=studio.zone.key,
            client_id=UUID(studio.clients[name].client_id),
            submitted_at=datetime.now(UTC),
            appointments=(appointment,),
        ),
        message_id,
    )


def _encoded(message: Message, message_id: UUID) -> Record:
    now = datetime.now(UTC)
    return Record(
        topic=CONVERSATION.topic_of(message).name,
        key=str(CONVERSATION.key_of(message)).encode(),
        value=message.model_dump_json().encode(),
        headers=on_the_wire(
            headers_of(message, message_id=message_id, source="stranger", time=now)
        ),
    )


def publish(system: Stack, record: Record) -> None:
    """Publish past the edge; return when the broker has it."""

    async def publishing() -> None:
        async with Publisher.connect(system.bootstrap_servers, client_id="stranger") as publisher:
            await publisher.publish(record)

    asyncio.run(publishing())


def set_aside(system: Stack, service: str, message_id: UUID) -> list[str]:
    """Return why a service set a message aside, once it has acknowledged and announced it."""

    def letters() -> list[asyncpg.Record]:
        return query(
            system,
            service,
            """
            SELECT topic, partition, "offset", reason, (
                SELECT count(*) FROM outbox
                WHERE outbox.key = letter.id::text AND published_at IS NOT NULL
            ) AS announced
            FROM dead_letters AS letter WHERE message_id = $1
            """,
            message_id,
        )

    until(letters, lambda rows: all(row["announced"] == 1 for row in rows))
    found = letters()
    for row in found:
        place = TopicPartition(row["topic"], row["partition"])
        until(lambda: acknowledged(system, service)[place] > row["offset"], bool)  # noqa: B023
    return [row["reason"] for row in found]


def acknowledged(system: Stack, service: str) -> dict[TopicPartition, int]:
    """Return where a service goes on in each partition."""

    async def asking() -> dict[TopicPartition, int]:
        admin: Any = AIOKafkaAdminClient(bootstrap_servers=system.bootstrap_servers)  # untyped
        await admin.start()
        try:
            positions = await admin.list_consumer_group_offsets(service)
        finally:
            await admin.close()
        return {place: position.offset for place, position in positions.items()}

    return asyncio.run(asking())


def answer(system: Stack, command_id: UUID) -> int:
    """Return the status with which a command was answered."""
    statement = "SELECT status FROM operations WHERE command_id = $1 AND state = 'refused'"
    [row] = until(lambda: query(system, "booking", statement, command_id), bool)
    return row["status"]


def query(system: Stack, service: str, statement: str, *values: object) -> list[asyncpg.Record]:
    """Ask a service's database."""

    async def asking() -> list[asyncpg.Record]:
        connection = await asyncpg.connect(system.database(service))
        try:
            return await connection.fetch(statement, *values)
        finally:
            await connection.close()

    return asyncio.run(asking())
