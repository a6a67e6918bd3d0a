"""A studio of its own for a test: it asks and tells as the broker delivers, always twice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any, TypeVar
from uuid import UUID, uuid4

from aiokafka import ConsumerRecord

from booking import consumers
from booking.domain.decisions import Patience
from clocks import Clocks
from contracts.base import Command, Message
from contracts.booking import (
    AppointmentForm,
    BookingForm,
    ChainForm,
    CreateChain,
    CreateEvent,
    CreateLocation,
    CreateService,
    CreateTeamMember,
    EventForm,
    LineForm,
    LocationForm,
    ServiceForm,
    SpotsForm,
    SubmitBooking,
    TeamMemberForm,
    WorkingHours,
)
from contracts.booking_views import AppointmentView, BookingView
from contracts.membership import HeldLine, HoldPlaced, HoldSessions
from contracts.topics import CONVERSATION
from messaging import Messaging, Operation, Publisher, Record, encode_command, operation
from messaging.batches import Batches
from messaging.envelope import headers_of, on_the_wire
from messaging.relay import Relay
from messaging.speaking import Speaker
from postgres import Database
from web import Principal, Role
from web.identity import new_key_pair, sign

KEYS = new_key_pair()
NOW = datetime(2030, 1, 2, 9, tzinfo=UTC)
"""The effective time of everything that is asked, unless a test says another."""
MONDAY = datetime(2030, 1, 7, 9, tzinfo=UTC)
"""10:00 in Berlin, where the studio is."""

M = TypeVar("M", bound=Message)


@dataclass
class Studio:
    """A chain with one location in Berlin, a back office and a gateway of its own."""

    database: Database
    speaker: Speaker
    batches: Batches
    chain_id: UUID = field(default_factory=uuid4)
    location_id: UUID = field(default_factory=uuid4)
    _offsets: "count[int]" = field(default_factory=count)

    @classmethod
    async def open(
        cls, database: Database, *, sandbox: bool = False, test_clocks: bool = True
    ) -> "Studio":
        """Found the chain and open the location."""
        # The relay never runs: what is said stays in the outbox, where the tests look for it.
        relay = Relay(database, Publisher("nowhere:1", "tests"))
        speaker = Speaker("booking", CONVERSATION, database, relay)
        handle = consumers.handler(
            verify_key=KEYS.verify_key,
            patience=Patience(timedelta(seconds=30), timedelta(minutes=15)),
            test_clocks=Clocks(enabled=test_clocks),
        )
        studio = cls(database, speaker, Batches(speaker, handle, lambda _: None))
        chain = ChainForm(name="Lotus", sandbox=sandbox)
        await studio.done(Role.PLATFORM, CreateChain(chain_id=studio.chain_id, chain=chain))
        form = LocationForm(name="Mitte", time_zone="Europe/Berlin", currency="EUR", region="DE")
        location = CreateLocation(
            location_id=studio.location_id, chain_id=studio.chain_id, location=form
        )
        await studio.done(Role.GATEWAY, location)
        return studio

    @property
    def messaging(self) -> Messaging:
        """What the timers speak through."""
        return Messaging(self.speaker, None)

    def principal(self, role: Role) -> Principal:
        """Return who has that role here."""
        chain_id = None if role is Role.PLATFORM else self.chain_id
        at_location = role in {Role.OPERATOR, Role.WIDGET}
        return Principal(
            id=uuid4(),
            role=role,
            chain_id=chain_id,
            location_id=self.location_id if at_location else None,
        )

    def client(self, phone: str = "+4930901820") -> Principal:
        """Return a client who has confirmed that number."""
        confirmed = {"location_id": self.location_id, "phone": phone}
        return self.principal(Role.CLIENT).model_copy(update=confirmed)

    def record(
        self, role: Role | Principal, command: Command, at: datetime = NOW
    ) -> "ConsumerRecord[bytes, bytes]":
        """Return the command as the broker has it, appended at `at`."""
        principal = role if isinstance(role, Principal) else self.principal(role)
        record = encode_command(
            CONVERSATION,
            command,
            command_id=uuid4(),
            principal=sign(principal, KEYS.signing_key, at),
            request_hash="-",
            time=at,
        )
        return self._delivered(record, at)

    async def ask(
        self, role: Role | Principal, *commands: Command, at: datetime = NOW
    ) -> list[Operation]:
        """Ask for all that in one batch, deliver it twice, and return the operations."""
        records = [self.record(role, command, at) for command in commands]
        await self.deliver(records)
        found = [await operation(self.database, _id_of(record)) for record in records]
        return [each for each in found if each is not None]

    async def done(self, role: Role | Principal, command: Command) -> dict[str, Any]:
        """Ask for one thing that is done at once."""
        [answer] = await self.ask(role, command)
        assert answer.state == "done", answer.problem
        return answer.result

    async def refused(
        self, role: Role | Principal, command: Command, *, at: datetime = NOW
    ) -> tuple[str, str]:
        """Ask for one thing that is refused; return the problem's name and the field or detail."""
        [answer] = await self.ask(role, command, at=at)
        assert answer.problem is not None, answer
        errors = answer.problem.errors
        name = answer.problem.type.removeprefix("/problems/")
        return name, errors[0].field if errors else answer.problem.detail

    async def hear(self, *messages: Message) -> None:
        """Let other services say all that in one batch, delivered twice."""
        await self.deliver([self._said(message) for message in messages])

    async def deliver(self, records: "Sequence[ConsumerRecord[bytes, bytes]]") -> None:
        """Deliver a batch twice; nothing may end as a dead letter."""
        await self.batches.settle(records)
        await self.batches.settle(records)
        detail = await self.database.pool.fetchval("SELECT max(detail) FROM dead_letters")
        assert detail is None, detail

    async def said(self, kind: type[M]) -> list[M]:
        """Return what was said of that type, in order."""
        rows = await self.database.pool.fetch(
            "SELECT body FROM outbox WHERE headers::jsonb ->> 'ce_type' = $1 ORDER BY id", kind.type
        )
        return [kind.model_validate_json(row["body"]) for row in rows]

    def _said(self, message: Message) -> "ConsumerRecord[bytes, bytes]":
        headers = headers_of(message, message_id=uuid4(), source="tests", time=NOW)
        record = Record(
            topic=CONVERSATION.topic_of(message).name,
            key=str(CONVERSATION.key_of(message)).encode(),
            value=message.model_dump_json().encode(),
            headers=on_the_wire(headers),
        )
        return self._delivered(record, NOW)

    def _delivered(self, record: Record, at: datetime) -> "ConsumerRecord[bytes, bytes]":
        return ConsumerRecord(
            topic=record.topic,
            partition=0,
            offset=next(self._offsets),
            timestamp=int(at.timestamp() * 1000),
            timestamp_type=1,
            key=record.key,
            value=record.value,
            checksum=None,
            serialized_key_size=len(record.key),
            serialized_value_size=len(record.value),
            headers=record.headers,
        )

    # The offer.

    async def service(
        self,
        kind: str = "individual",
        *,
        minutes: int = 60,
        price: int = 5_000,
        membership_booking: bool = False,
        automatic_debiting: bool = False,
        online_prepayment: bool = False,
        free_cancellation_hours: int = 0,
    ) -> UUID:
        """Offer a service and return its id."""
        service_id = uuid4()
        form = ServiceForm.model_validate(
            {
                "name": "Massage" if kind == "individual" else "Yoga",
                "kind": kind,
                "duration_minutes": minutes,
                "price": price,
                "membership_booking": membership_booking,
                "automatic_debiting": automatic_debiting,
                "online_prepayment": online_prepayment,
                "free_cancellation_hours": free_cancellation_hours,
            }
        )
        command = CreateService(service_id=service_id, location_id=self.location_id, service=form)
        await self.done(Role.OPERATOR, command)
        return service_id

    async def team_member(self, *service_ids: UUID) -> UUID:
        """Add someone who works every day from 8 to 20 and return the id."""
        team_member_id = uuid4()
        hours = tuple(
            WorkingHours(weekday=weekday, opens=time(8), closes=time(20)) for weekday in range(1, 8)
        )
        form = TeamMemberForm(name="Anna", service_ids=service_ids, working_hours=hours)
        command = CreateTeamMember(
            team_member_id=team_member_id, location_id=self.location_id, team_member=form
        )
        await self.done(Role.OPERATOR, command)
        return team_member_id

    async def event(self, service_id: UUID, *, capacity: int, start: datetime = MONDAY) -> UUID:
        """Plan an event and return its id."""
        event_id = uuid4()
        form = EventForm(service_id=service_id, start=start, capacity=capacity)
        command = CreateEvent(event_id=event_id, location_id=self.location_id, event=form)
        await self.done(Role.OPERATOR, command)
        return event_id

    # Bookings.

    def submit(
        self,
        *service_ids: UUID,
        start: datetime = MONDAY,
        phone: str = "030 901820",
        phone_confirmed: bool = False,
        team_member_id: UUID | None = None,
        pay_online: bool | None = None,
    ) -> SubmitBooking:
        """Return the submission of one appointment with these services in a row."""
        lines = tuple(
            LineForm(service_id=each, team_member_id=team_member_id) for each in service_ids
        )
        form = BookingForm(
            name="Ada",
            phone=phone,
            phone_confirmed=phone_confirmed,
            appointments=(AppointmentForm(start=start, lines=lines),),
            pay_online=pay_online,
        )
        return SubmitBooking(booking_id=uuid4(), location_id=self.location_id, booking=form)

    def submit_spots(
        self,
        event_id: UUID,
        spots: int = 1,
        *,
        phone: str = "030 901820",
        phone_confirmed: bool = False,
        pay_online: bool | None = None,
    ) -> SubmitBooking:
        """Return the submission of spots in an event."""
        form = BookingForm(
            name="Ada",
            phone=phone,
            phone_confirmed=phone_confirmed,
            spots=SpotsForm(event_id=event_id, spots=spots),
            pay_online=pay_online,
        )
        return SubmitBooking(booking_id=uuid4(), location_id=self.location_id, booking=form)

    async def booked(self, command: SubmitBooking, role: Role = Role.OPERATOR) -> BookingView:
        """Submit a booking, let membership hold what it is asked for, and return it."""
        [answer] = await self.ask(role, command)
        if answer.state == "pending":
            [asked] = [
                each
                for each in await self.said(HoldSessions)
                if each.booking_id == command.booking_id
            ]
            await self.hear(held(asked))
            answer = await operation(self.database, answer.command_id) or answer
        assert answer.state == "done", answer.problem
        return BookingView.model_validate(answer.result)

    async def appointment(self, role: Role = Role.OPERATOR, **asked: Any) -> AppointmentView:
        """Book one appointment of a service with automatic debiting, and return it."""
        service_id = await self.service(automatic_debiting=True, **asked)
        await self.team_member(service_id)
        booking = await self.booked(self.submit(service_id), role)
        return booking.appointments[0]


def held(asked: HoldSessions, membership_id: UUID | None = None) -> HoldPlaced:
    """Return membership's answer that one membership carries all lines."""
    carrier = membership_id or uuid4()
    return HoldPlaced(
        booking_id=asked.booking_id,
        location_id=asked.location_id,
        client_id=asked.client_id,
        lines=tuple(
            HeldLine(line_id=line.line_id, membership_id=carrier)
            for appointment in asked.appointments
            for line in appointment.lines
        ),
    )


def _id_of(record: "ConsumerRecord[bytes, bytes]") -> UUID:
    return UUID(dict(record.headers)["ce_id"].decode())
