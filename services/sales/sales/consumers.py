"""Kafka in: memberships to sell, payments to take, and what visits are made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from clocks import Clocks
from contracts.base import Message
from contracts.booking import (
    AppointmentCancelled,
    AppointmentRescheduled,
    BookingAccepted,
    BookingRefused,
    TestClockSet,
)
from contracts.membership import AppointmentSettled, IssueRefused, MembershipIssued
from contracts.problems import FORBIDDEN, NOT_FOUND, UNAUTHENTICATED
from contracts.reply import Problem
from contracts.sales import RecordProviderEvent, RequestPayment, SellMembership
from contracts.values import Appointment
from messaging import Delivery, Work
from sales.commands import bills, payments, sales
from sales.commands.bills import Heard
from sales.commands.clocks import ClockSetting, set_clocks
from sales.commands.payments import Cancelled, ProviderSaid, Refused, Requested, Step
from sales.commands.sales import Order
from sales.domain.facts import Line, Plan, Settlement, Standing
from sales.domain.payments import PaidLine, Payment
from sales.domain.sales import Sale
from sales.domain.visits import Owner
from web import Role
from web.identity import InvalidToken, verify

SELLERS: Final = frozenset({Role.PLATFORM, Role.GATEWAY, Role.OPERATOR})


@dataclass(slots=True)
class _Batch:
    """What a batch says, by what it is about."""

    orders: list[Order] = field(default_factory=list[Order])
    memberships: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    refusals: dict[UUID, str] = field(default_factory=dict[UUID, str])
    clocks: list[TestClockSet] = field(default_factory=list[TestClockSet])
    steps: list[tuple[UUID, Step]] = field(default_factory=list[tuple[UUID, Step]])
    heard: list[Heard] = field(default_factory=list[Heard])


async def handle(
    work: Work, deliveries: Sequence[Delivery[Message]], *, verify_key: str, clocks: Clocks
) -> None:
    """Sell, take payments and keep bills; whatever else is said on the topics is ignored."""
    batch = _Batch()
    for delivery in deliveries:
        match delivery.body:
            case SellMembership() as command:
                problem = _refusal(delivery, command, verify_key)
                if problem is None:
                    batch.orders.append(_order(delivery, command))
                else:
                    work.refuse(delivery.id, problem)
            case body:
                _sort(batch, delivery.id, body)
    await set_clocks(work, clocks, [_setting(said) for said in batch.clocks])
    await sales.sell(work, clocks, batch.orders)
    await sales.conclude(work, batch.memberships, batch.refusals)
    # Payments are locked before bills, here and wherever both are.
    receipts = await payments.keep(work, clocks, batch.steps)
    await bills.keep(work, [*batch.heard, *receipts])


def _sort(batch: _Batch, cause: UUID, message: Message) -> None:
    match message:
        case MembershipIssued():
            batch.memberships[message.sale_id] = message.membership_id
        case IssueRefused():
            batch.refusals[message.sale_id] = message.reason
        case TestClockSet():
            batch.clocks.append(message)
        case _:
            batch.steps += [(cause, step) for step in _steps(message)]
            batch.heard += _heard(cause, message)


def _setting(said: TestClockSet) -> ClockSetting:
    return ClockSetting(said.chain_id, said.revision, timedelta(seconds=said.offset_seconds))


def _steps(message: Message) -> Iterator[Step]:
    """Give what a message means for online payments."""
    match message:
        case RequestPayment():
            yield Requested(_payment(message))
        case RecordProviderEvent():
            yield ProviderSaid(
                message.payment_id, message.kind, message.amount.amount, message.amount.currency
            )
        case BookingRefused():
            yield Refused(message.booking_id)
        case AppointmentCancelled(charge=False):
            yield Cancelled(message.appointment.booking_id, message.appointment_id)
        case _:
            pass


def _payment(asked: RequestPayment) -> Payment:
    return Payment(
        payment_id=asked.payment_id,
        booking_id=asked.booking_id,
        owner=Owner(asked.chain_id, asked.location_id, asked.client_id),
        amount=asked.amount.amount,
        currency=asked.amount.currency,
        description=asked.description,
        expires_at=asked.expires_at,
        session_expires_at=asked.expires_at,
        lines=[
            PaidLine(line.line_id, line.appointment_id, line.visit_id, line.amount)
            for line in asked.lines
        ],
    )


def _refusal(
    delivery: Delivery[Message], command: SellMembership, verify_key: str
) -> Problem | None:
    """Return why this principal may not sell this, judged at the effective time."""
    try:
        principal = verify(delivery.principal or "", verify_key, delivery.effective_at)
    except InvalidToken:
        return UNAUTHENTICATED.problem("The principal's token is missing, invalid or expired.")
    if principal.role not in SELLERS:
        return FORBIDDEN.problem("Memberships are sold by operators and trusted gateways.")
    if not principal.reaches(command.chain_id, command.location_id):
        return NOT_FOUND.problem(f"There is no location {command.location_id} here.")
    return None


def _order(delivery: Delivery[Message], command: SellMembership) -> Order:
    form = command.sale
    sale = Sale(
        sale_id=command.sale_id,
        command_id=delivery.id,
        chain_id=command.chain_id,
        location_id=command.location_id,
        client_id=form.client_id,
        membership_type_id=form.membership_type_id,
        membership_type_name=command.membership_type_name,
        price=command.price.amount if form.price is None else form.price,
        currency=command.price.currency,
        payment=form.payment,
        sold_at=delivery.effective_at,
        activates_on=form.activates_on,
    )
    return Order(sale, command.time_zone)


def _heard(cause: UUID, message: Message) -> Iterator[Heard]:
    match message:
        case BookingAccepted():
            for appointment in message.appointments:
                yield _planned(cause, appointment, Standing.ACCEPTED)
        case AppointmentCancelled():
            standing = Standing.CHARGED if message.charge else Standing.CANCELLED
            yield _planned(cause, message.appointment, standing)
        case AppointmentRescheduled():
            yield _planned(cause, message.appointment, Standing.ACCEPTED)
        case AppointmentSettled():
            yield _settled(cause, message)
        case _:
            pass


def _planned(cause: UUID, appointment: Appointment, standing: Standing) -> Heard:
    lines = tuple(
        Line(
            line.line_id,
            line.ordinal,
            line.service_name,
            line.price.amount,
            line.automatic_debiting,
            line.paid_online,
        )
        for line in appointment.lines
    )
    return Heard(
        cause,
        appointment.visit_id,
        Owner(appointment.chain_id, appointment.location_id, appointment.client_id),
        appointment.appointment_id,
        Plan(
            appointment.revision,
            standing,
            appointment.start,
            appointment.lines[0].price.currency,
            lines,
        ),
    )


def _settled(cause: UUID, settled: AppointmentSettled) -> Heard:
    debits = {line.line_id: line.membership_id for line in settled.lines if line.debited}
    return Heard(
        cause,
        settled.visit_id,
        Owner(settled.chain_id, settled.location_id, settled.client_id),
        settled.appointment_id,
        Settlement(settled.revision, debits),
    )
