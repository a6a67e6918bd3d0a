"""Paying: a real payment server, the errands to it, and what booking and the provider say."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import stripe

from contracts.booking import BookingRefused
from contracts.sales import (
    PaidLine,
    PaymentFailed,
    PaymentReceived,
    PaymentRefunded,
    RecordProviderEvent,
    RequestPayment,
)
from contracts.values import Appointment, Money
from messaging.speaking import Speaker
from postgres import Database
from sales.errands.performing import Performer

KEY = "sk_test_key"
_SAID = """
SELECT headers::jsonb->>'ce_type' AS type, body
FROM outbox
WHERE topic = 'sales.payments'
ORDER BY id
"""
Hear = Callable[..., Awaitable[None]]

SAID: dict[str, type[PaymentReceived | PaymentFailed | PaymentRefunded]] = {
    each.type: each for each in (PaymentReceived, PaymentFailed, PaymentRefunded)
}


@dataclass
class Till:
    """Everything about payments in one hand; `url` is the payment server's."""

    url: str
    database: Database
    speaker: Speaker
    performer: Performer
    hear: Hear
    client: stripe.StripeClient

    async def perform(self) -> int:
        """Do what is due, without waiting for pauses after failures and leases."""
        await self.database.pool.execute(
            "UPDATE errands SET due_at = now() WHERE state = 'waiting' AND attempts > 0"
        )
        return await self.performer.perform_due()

    async def open(self, *appointments: Appointment) -> RequestPayment:
        """Let a booking of these appointments ask for its payment, up to the open page."""
        asked = request(appointments)
        await self.hear(asked)
        assert await self.perform() == 1
        return asked

    async def pay(self, asked: RequestPayment) -> None:
        """Pay at the page, without anybody hearing of it."""
        session_id = await self.session_id(asked)
        async with httpx.AsyncClient(base_url=self.url) as browser:
            answer = await browser.post(f"/checkout/{session_id}/pay")
        assert answer.status_code == 303

    async def session_id(self, asked: RequestPayment) -> str:
        row = await self.row(asked)
        return str(row["session_id"])

    async def session(self, asked: RequestPayment) -> stripe.checkout.Session:
        """Return the session as the provider knows it."""
        sessions = self.client.v1.checkout.sessions
        return await sessions.retrieve_async(await self.session_id(asked))

    async def row(self, asked: RequestPayment) -> Any:
        query = "SELECT * FROM payments WHERE payment_id = $1"
        return await self.database.pool.fetchrow(query, asked.payment_id)

    async def said(self) -> list[PaymentReceived | PaymentFailed | PaymentRefunded]:
        """Return what was said of payments, in order."""
        rows = await self.database.pool.fetch(_SAID)
        return [SAID[row["type"]].model_validate_json(row["body"]) for row in rows]

    async def refunds(self) -> list[int]:
        """Return what the provider gave back, by its own account."""
        return [refund.amount for refund in (await self.client.v1.refunds.list_async()).data]


def request(
    appointments: Sequence[Appointment], *, expires_in: timedelta = timedelta(minutes=15)
) -> RequestPayment:
    """Ask for the payment of all lines of these appointments of one booking."""
    first = appointments[0]
    lines = tuple(
        PaidLine(
            line_id=line.line_id,
            appointment_id=each.appointment_id,
            visit_id=each.visit_id,
            amount=line.price.amount,
        )
        for each in appointments
        for line in each.lines
    )
    return RequestPayment(
        payment_id=uuid4(),
        booking_id=first.booking_id,
        chain_id=first.chain_id,
        location_id=first.location_id,
        client_id=first.client_id,
        amount=Money(amount=sum(line.amount for line in lines), currency="EUR"),
        description="Yoga, two spots",
        lines=lines,
        expires_at=datetime.now(UTC) + expires_in,
    )


def provider_says(asked: RequestPayment, kind: Any = "paid") -> RecordProviderEvent:
    """Tell what the provider says of a payment; every call is an event of its own."""
    return RecordProviderEvent(
        payment_id=asked.payment_id,
        provider_event_id=f"evt_{uuid4().hex}",
        kind=kind,
        reference="pi_1",
        amount=asked.amount,
    )


def refused(asked: RequestPayment) -> BookingRefused:
    """Let booking refuse what was to be paid."""
    return BookingRefused(
        booking_id=asked.booking_id,
        location_id=asked.location_id,
        client_id=asked.client_id,
        appointment_ids=tuple({line.appointment_id for line in asked.lines}),
        reason="unpaid",
    )


def online(*appointments: Appointment) -> tuple[Appointment, ...]:
    """Return these appointments as one booking whose lines are paid online."""
    booking_id: UUID = appointments[0].booking_id
    return tuple(
        each.model_copy(
            update={
                "booking_id": booking_id,
                "lines": tuple(
                    line.model_copy(update={"paid_online": True, "automatic_debiting": False})
                    for line in each.lines
                ),
            }
        )
        for each in appointments
    )
