"""What every service has written down, and what the public streams say: the audit's evidence."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaConsumer

Row = dict[str, Any]

SERVICES: Final = ("booking", "membership", "sales", "scheduler")

_APPOINTMENTS: Final = """
SELECT appointment.*, booking.client_id, booking.event_id, location.time_zone, location.chain_id,
       array_agg(line.line_id ORDER BY ordinal) AS line_ids,
       array_agg(line.price ORDER BY ordinal) AS prices,
       array_agg(line.automatic_debiting ORDER BY ordinal) AS automatic,
       array_agg(line.paid_online ORDER BY ordinal) AS paid_online,
       array_agg(line.membership_id ORDER BY ordinal) AS membership_ids,
       array_agg(line.hold_released ORDER BY ordinal) AS hold_released
FROM appointments AS appointment
JOIN bookings AS booking USING (booking_id)
JOIN locations AS location ON location.location_id = appointment.location_id
JOIN appointment_lines AS line USING (appointment_id)
GROUP BY appointment.appointment_id, booking.booking_id, location.location_id
"""
_RESCHEDULES: Final = """
SELECT reschedule.*, count(line.line_id) AS lines
FROM reschedules AS reschedule JOIN reschedule_lines AS line USING (reschedule_id)
GROUP BY reschedule.reschedule_id
"""
_PAID_LINES: Final = """
SELECT line.*, payment.state FROM payment_lines AS line JOIN payments AS payment USING (payment_id)
"""
_COUNTER_LINES: Final = """
SELECT line.*, payment.sale_id
FROM counter_payment_lines AS line JOIN counter_payments AS payment USING (payment_id)
WHERE line.stands AND payment.state = 'taken'
"""
_SALE_LINES: Final = """
SELECT line.*, sale.state, sale.chain_id
FROM sale_lines AS line JOIN sales AS sale USING (sale_id)
"""
_UNFINISHED: Final = """
SELECT (SELECT count(*) FROM outbox WHERE published_at IS NULL) AS unpublished,
       (SELECT count(*) FROM operations WHERE state = 'pending') AS pending,
       (SELECT count(*) FROM dead_letters WHERE state = 'open') AS dead_letters
"""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that is written down, by the id of what it is about."""

    now: datetime
    appointments: dict[UUID, Row]
    bookings: dict[UUID, Row]
    reschedules: dict[UUID, Row]
    events: dict[UUID, Row]
    buckets: dict[UUID, Row]
    open_holds: dict[UUID, Row]
    settlements: dict[UUID, Row]
    endings: dict[UUID, Row]
    timers: dict[UUID, Row]
    bills: dict[UUID, Row]
    billed: dict[UUID, Row]
    payments: dict[UUID, Row]
    paid_lines: dict[UUID, Row]
    counter_lines: dict[UUID, Row]
    sale_lines: dict[UUID, Row]
    errands: dict[UUID, Row]
    clocks: dict[str, dict[UUID, Row]]
    unfinished: dict[str, Row]
    ledger: list[Row]
    settled: list[Row]

    @cached_property
    def entries(self) -> list[Row]:
        """The entries of the ledger as the public stream tells them, each once."""
        return list({message["entry_id"]: message for message in self.ledger}.values())

    @cached_property
    def newest_settlements(self) -> dict[str, Row]:
        """What the public stream said last of each appointment."""
        newest: dict[str, Row] = {}
        for message in self.settled:
            known = newest.get(message["appointment_id"])
            if known is None or message["revision"] > known["revision"]:
                newest[message["appointment_id"]] = message
        return newest

    @cached_property
    def moving(self) -> set[UUID]:
        """The appointments that wait for another time."""
        return {reschedule["appointment_id"] for reschedule in self.reschedules.values()}

    def now_at(self, appointment: Row) -> datetime:
        """Return the time in an appointment's chain: sandboxes have clocks of their own."""
        clock = self.clocks["booking"].get(appointment["chain_id"])
        return self.now + (clock["ahead"] if clock else timedelta())

    def has_another_plan(self, appointment: Row, settlement: Row) -> bool:
        """Whether an appointment was moved since; cancelling is a revision too, and moves none."""
        planned = appointment["revision"] - (appointment["state"] == "cancelled")
        return bool(settlement["appointment_revision"] < planned)

    def is_to_begin(self, appointment: Row) -> bool:
        """Whether its start counts: it stands, or was cancelled with charge (rule A2)."""
        return appointment["state"] == "accepted" or self.is_charged(appointment["appointment_id"])

    def is_called_off(self, appointment_id: UUID) -> bool:
        """Whether membership knows that an appointment ended without charge."""
        ending = self.endings.get(appointment_id)
        return ending is not None and ending["how"] != "charged"

    def is_charged(self, appointment_id: UUID) -> bool:
        """Whether an appointment ended with charge."""
        ending = self.endings.get(appointment_id)
        return ending is not None and ending["how"] == "charged"


def lines_of(appointment: Row, *names: str) -> Iterable[tuple[Any, ...]]:
    """Give these fields of every line of an appointment."""
    return zip(*(appointment[name] for name in names), strict=True)


async def gather(database: Callable[[str], str], bootstrap_servers: str) -> Evidence:
    """Read the databases (`database(service)` is a DSN) and both public streams, whole."""
    connections = {name: await asyncpg.connect(database(name)) for name in SERVICES}
    booking, membership = connections["booking"], connections["membership"]
    sales, scheduler = connections["sales"], connections["scheduler"]
    try:
        evidence = Evidence(
            now=await booking.fetchval("SELECT clock_timestamp()"),
            appointments=await _rows(booking, _APPOINTMENTS, "appointment_id"),
            bookings=await _rows(booking, "SELECT * FROM bookings", "booking_id"),
            reschedules=await _rows(booking, _RESCHEDULES, "reschedule_id"),
            events=await _rows(booking, "SELECT * FROM events", "event_id"),
            buckets=await _rows(membership, "SELECT * FROM buckets", "bucket_id"),
            open_holds=await _rows(
                membership, "SELECT * FROM holds WHERE state = 'held'", "line_id"
            ),
            settlements=await _rows(membership, "SELECT * FROM settlements", "appointment_id"),
            endings=await _rows(membership, "SELECT * FROM ended_appointments", "appointment_id"),
            timers=await _rows(scheduler, "SELECT * FROM timers", "appointment_id"),
            bills=await _rows(sales, "SELECT * FROM bills", "visit_id"),
            billed=await _rows(sales, "SELECT * FROM appointments", "appointment_id"),
            payments=await _rows(sales, "SELECT * FROM payments", "payment_id"),
            paid_lines=await _rows(sales, _PAID_LINES, "line_id"),
            counter_lines=await _rows(sales, _COUNTER_LINES, "line_id"),
            sale_lines=await _rows(sales, _SALE_LINES, "sale_line_id"),
            errands=await _rows(sales, "SELECT * FROM errands", "errand_id"),
            clocks={
                name: await _rows(connection, "SELECT * FROM test_clocks", "chain_id")
                for name, connection in connections.items()
            },
            unfinished={
                name: dict(await connection.fetchrow(_UNFINISHED) or {})
                for name, connection in connections.items()
            },
            ledger=await _stream(bootstrap_servers, "membership.ledger"),
            settled=await _stream(bootstrap_servers, "membership.settlements"),
        )
    finally:
        for connection in connections.values():
            await connection.close()
    return evidence


async def _rows(
    connection: "asyncpg.Connection[asyncpg.Record]", query: str, key: str
) -> dict[UUID, Row]:
    return {row[key]: dict(row) for row in await connection.fetch(query)}


async def _stream(bootstrap_servers: str, topic: str) -> list[Row]:
    """Return every message of a topic, from its beginning to its present end."""
    consumer: Any = AIOKafkaConsumer(  # aiokafka has no types
        topic, bootstrap_servers=bootstrap_servers, auto_offset_reset="earliest"
    )
    messages: list[Row] = []
    async with consumer:
        ends: dict[Any, int] = await consumer.end_offsets(consumer.assignment())
        for partition, end in ends.items():
            while await consumer.position(partition) < end:
                batch = await consumer.getmany(partition, timeout_ms=500)
                messages += [json.loads(one.value) for part in batch.values() for one in part]
    return messages
