"""A studio of its own for every test: what others tell membership, and what it says."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from aiokafka import ConsumerRecord

from contracts.base import Command, Message
from contracts.booking import (
    AppointmentCancelled,
    AppointmentRescheduled,
    RescheduleRefused,
    VisitStatusChanged,
)
from contracts.membership import (
    BucketForm,
    ClaimLines,
    CreateMembershipType,
    DebitLines,
    HoldAppointment,
    HoldLine,
    HoldSessions,
    MembershipTypeForm,
    ReturnLines,
    ReverseLines,
    SharedClientForm,
    ShareMembership,
    UndoDebit,
    UndoForm,
)
from contracts.sales import MembershipSold
from contracts.scheduler import AppointmentStarted
from contracts.topics import CONVERSATION
from contracts.values import Appointment, AppointmentLine, Money, VisitStatus
from messaging import Delivery, Operation, encode_command, operation
from messaging.batches import Batches
from messaging.envelope import headers_of, on_the_wire
from postgres import Database
from web import Principal, Role
from web.identity import KeyPair, sign

Said = TypeVar("Said", bound=Message)
RawRecord = ConsumerRecord[bytes, bytes]
PRICE = Money(amount=1500, currency="EUR")


class Studio:
    """One chain with one location and one service, on a database of its own."""

    def __init__(self, database: Database, batches: Batches, keys: KeyPair) -> None:
        self.database = database
        self.batches = batches
        self.keys = keys
        self.chain_id, self.location_id, self.service_id = uuid4(), uuid4(), uuid4()
        self.operator = self.principal(Role.OPERATOR)

    def principal(self, role: Role, *, chain_id: UUID | None = None) -> Principal:
        return Principal(
            id=uuid4(),
            role=role,
            chain_id=chain_id or self.chain_id,
            location_id=self.location_id if role is Role.OPERATOR else None,
        )

    async def hear(self, *messages: Message) -> None:
        """Deliver a batch; twice, as a broker does."""
        await self.deliver([record_of(message) for message in messages])

    async def deliver(self, records: Sequence[RawRecord]) -> None:
        await self.batches.settle(records)
        await self.batches.settle(records)
        assert await self.database.pool.fetchval("SELECT max(detail) FROM dead_letters") is None

    def delivery(self, message: Message) -> Delivery[Message]:
        """Return a message as a handler gets it, in the name of the operator."""
        now = datetime.now(UTC)
        token = sign(self.operator, self.keys.signing_key, now)
        return Delivery(id=uuid4(), body=message, effective_at=now, principal=token)

    async def ask(self, command: Command, *, principal: Principal | None = None) -> Operation:
        """Submit a command and return how it was concluded."""
        now, command_id = datetime.now(UTC), uuid4()
        record = encode_command(
            CONVERSATION,
            command,
            command_id=command_id,
            principal=sign(principal or self.operator, self.keys.signing_key, now),
            request_hash="hash",
            time=now,
        )
        await self.deliver([raw(record.topic, record.key, record.value, record.headers)])
        concluded = await operation(self.database, command_id)
        assert concluded is not None
        return concluded

    async def said(self, kind: type[Said]) -> list[Said]:
        """Return what is in the outbox, in its order."""
        rows = await self.database.pool.fetch(
            "SELECT body FROM outbox WHERE headers::jsonb ->> 'ce_type' = $1 ORDER BY id", kind.type
        )
        return [kind.model_validate_json(row["body"]) for row in rows]

    def membership_type_form(self, *, sessions: int | None = 8, **terms: Any) -> MembershipTypeForm:
        """Fill in a membership type, for the studio's service unless its buckets are given."""
        buckets = (BucketForm(sessions=sessions, service_ids=(self.service_id,)),)
        form: dict[str, Any] = {
            "name": "Yoga",
            "price": 9000,
            "currency": "EUR",
            "buckets": buckets,
            **terms,
        }
        return MembershipTypeForm(**form)

    async def membership_type(self, **terms: Any) -> UUID:
        """Create a membership type for the studio's service."""
        command = CreateMembershipType(
            membership_type_id=uuid4(),
            chain_id=self.chain_id,
            membership_type=self.membership_type_form(**terms),
        )
        created = await self.ask(command)
        assert created.status == 201, created.problem
        return command.membership_type_id

    def sold(
        self, client_id: UUID, membership_type_id: UUID, activates_on: date | None = None
    ) -> MembershipSold:
        return MembershipSold(
            sale_id=uuid4(),
            chain_id=self.chain_id,
            location_id=self.location_id,
            time_zone="Europe/Berlin",
            client_id=client_id,
            membership_type_id=membership_type_id,
            price=PRICE,
            sold_at=datetime.now(UTC),
            activates_on=activates_on,
        )

    async def membership(self, client_id: UUID, **terms: Any) -> UUID:
        """Sell a membership and return its id."""
        sold = self.sold(client_id, await self.membership_type(**terms))
        await self.hear(sold)
        membership_id = await self.database.pool.fetchval(
            "SELECT membership_id FROM memberships WHERE sale_id = $1", sold.sale_id
        )
        assert isinstance(membership_id, UUID)
        return membership_id

    async def share(self, membership_id: UUID, client_id: UUID) -> Operation:
        return await self.ask(self.sharing(membership_id, client_id))

    def sharing(self, membership_id: UUID, client_id: UUID) -> ShareMembership:
        return ShareMembership(
            membership_id=membership_id,
            chain_id=self.chain_id,
            shared_client=SharedClientForm(client_id=client_id),
        )

    def appointment(
        self, client_id: UUID, *, spots: int = 1, automatic: bool = True
    ) -> Appointment:
        """Plan an appointment that begins now."""
        start = datetime.now(UTC)
        return Appointment(
            appointment_id=uuid4(),
            revision=1,
            booking_id=uuid4(),
            visit_id=uuid4(),
            chain_id=self.chain_id,
            location_id=self.location_id,
            time_zone="Europe/Berlin",
            client_id=client_id,
            start=start,
            end=start + timedelta(hours=1),
            accepted_at=start - timedelta(days=1),
            lines=tuple(
                AppointmentLine(
                    line_id=uuid4(),
                    ordinal=ordinal,
                    service_id=self.service_id,
                    service_name="Yoga",
                    price=PRICE,
                    membership_booking=True,
                    automatic_debiting=automatic,
                )
                for ordinal in range(spots)
            ),
        )

    async def balances(self, membership_id: UUID) -> tuple[int, int, int]:
        """Return the sessions debited, held and expired."""
        row = await self.database.pool.fetchrow(
            "SELECT sum(debited)::int, sum(held)::int, sum(expired)::int FROM buckets"
            " WHERE membership_id = $1",
            membership_id,
        )
        assert row is not None
        return row[0], row[1], row[2]


def moved(plan: Appointment, by: timedelta = timedelta(days=3)) -> Appointment:
    """The same appointment at another time."""
    later = {"start": plan.start + by, "end": plan.end + by, "revision": plan.revision + 1}
    return plan.model_copy(update=later)


def as_(studio: Studio, principal: Principal | None = None) -> dict[str, str]:
    """Return the headers of who asks over HTTP: the operator, or another."""
    token = sign(principal or studio.operator, studio.keys.signing_key, datetime.now(UTC))
    return {"Authorization": f"Bearer {token}"}


def reversal_of(plan: Appointment, *lines: AppointmentLine) -> ReverseLines:
    """What sales asks when what paid some lines, or all, is refunded."""
    return ReverseLines(
        reversal_id=uuid4(),
        client_id=plan.client_id,
        appointment=plan,
        line_ids=tuple(line.line_id for line in lines or plan.lines),
    )


def rescheduling_of(plan: Appointment, later: Appointment) -> AppointmentRescheduled:
    """What booking says when the later time is accepted."""
    return AppointmentRescheduled(
        appointment_id=plan.appointment_id,
        location_id=plan.location_id,
        appointment=later,
        previous_start=plan.start,
        previous_visit_id=plan.visit_id,
        rescheduled_at=plan.accepted_at,
    )


def reschedule_refusal_of(plan: Appointment, reschedule_id: UUID) -> RescheduleRefused:
    """What booking says when another time is refused."""
    return RescheduleRefused(
        reschedule_id=reschedule_id,
        appointment_id=plan.appointment_id,
        location_id=plan.location_id,
        client_id=plan.client_id,
        revision=plan.revision,
        reason="timed_out",
    )


def hold_of(plan: Appointment, reschedule_id: UUID | None = None) -> HoldSessions:
    """What booking asks for before it accepts this appointment, or this other time of it."""
    return HoldSessions(
        booking_id=plan.booking_id,
        chain_id=plan.chain_id,
        location_id=plan.location_id,
        time_zone=plan.time_zone,
        client_id=plan.client_id,
        submitted_at=plan.accepted_at,
        appointments=(
            HoldAppointment(
                appointment_id=plan.appointment_id,
                revision=plan.revision,
                start=plan.start,
                lines=tuple(
                    HoldLine(
                        line_id=line.line_id,
                        ordinal=line.ordinal,
                        service_id=line.service_id,
                        category_id=line.category_id,
                        required=True,
                        automatic_debiting=line.automatic_debiting,
                    )
                    for line in plan.lines
                ),
            ),
        ),
        reschedule_id=reschedule_id,
    )


def start_of(plan: Appointment) -> AppointmentStarted:
    """What scheduler says when it begins."""
    return AppointmentStarted(
        appointment_id=plan.appointment_id,
        client_id=plan.client_id,
        appointment=plan,
        fired_at=plan.start,
    )


def cancellation_of(plan: Appointment, *, charge: bool = False) -> AppointmentCancelled:
    """What booking says when it is cancelled."""
    return AppointmentCancelled(
        appointment_id=plan.appointment_id,
        location_id=plan.location_id,
        appointment=plan.model_copy(update={"revision": plan.revision + 1}),
        cancelled_at=plan.start,
        charge=charge,
    )


def claim_of(plan: Appointment, *lines: AppointmentLine) -> ClaimLines:
    """What sales asks before it takes money for some lines, or for all."""
    return ClaimLines(
        claim_id=uuid4(),
        client_id=plan.client_id,
        visit_id=plan.visit_id,
        appointment_id=plan.appointment_id,
        line_ids=tuple(line.line_id for line in lines or plan.lines),
        appointment=plan,
    )


def return_of(claim: ClaimLines, plan: Appointment) -> ReturnLines:
    """What sales says when that payment was undone."""
    return ReturnLines(claim_id=claim.claim_id, client_id=plan.client_id, appointment=plan)


def debit_of(plan: Appointment, *lines: AppointmentLine) -> DebitLines:
    """What sales asks when somebody debits some lines by hand, or all."""
    return DebitLines(
        debit_id=uuid4(),
        client_id=plan.client_id,
        appointment=plan,
        line_ids=tuple(line.line_id for line in lines or plan.lines),
    )


def undoing_of(plan: Appointment, *lines: AppointmentLine) -> UndoDebit:
    """What an operator asks to undo debits."""
    return UndoDebit(
        appointment_id=plan.appointment_id,
        client_id=plan.client_id,
        chain_id=plan.chain_id,
        location_id=plan.location_id,
        undo=UndoForm(line_ids=tuple(line.line_id for line in lines)),
    )


def status_of(plan: Appointment, status: VisitStatus, revision: int = 1) -> VisitStatusChanged:
    """What booking says when people set the visit status."""
    return VisitStatusChanged(
        appointment_id=plan.appointment_id,
        location_id=plan.location_id,
        client_id=plan.client_id,
        status_revision=revision,
        visit_status=status,
    )


def record_of(message: Message) -> RawRecord:
    """Return the message as the broker gives it."""
    headers = headers_of(message, message_id=uuid4(), source="tests", time=datetime.now(UTC))
    return raw(
        CONVERSATION.topic_of(message).name,
        str(CONVERSATION.key_of(message)).encode(),
        message.model_dump_json().encode(),
        on_the_wire(headers),
    )


def raw(topic: str, key: bytes, value: bytes, headers: Any) -> RawRecord:
    return ConsumerRecord(
        topic=topic,
        partition=0,
        offset=0,
        timestamp=int(datetime.now(UTC).timestamp() * 1000),
        timestamp_type=1,
        key=key,
        value=value,
        checksum=None,
        serialized_key_size=len(key),
        serialized_value_size=len(value),
        headers=headers,
    )
