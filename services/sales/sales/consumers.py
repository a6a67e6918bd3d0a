"""Kafka in: memberships to sell, what became of them, and what visits are made of."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from contracts.base import Message
from contracts.booking import AppointmentCancelled, BookingAccepted
from contracts.membership import AppointmentSettled, IssueRefused, MembershipIssued
from contracts.problems import FORBIDDEN, NOT_FOUND, UNAUTHENTICATED
from contracts.reply import Problem
from contracts.sales import SellMembership
from contracts.values import Appointment
from messaging import Delivery, Work
from sales.commands import bills, sales
from sales.commands.bills import Heard
from sales.commands.sales import Order
from sales.domain.bills import Line, Owner, Plan, Settlement, Standing
from sales.domain.sales import Sale
from web import Role
from web.identity import InvalidToken, verify

SELLERS: Final = frozenset({Role.PLATFORM, Role.GATEWAY, Role.OPERATOR})


async def handle(work: Work, deliveries: Sequence[Delivery[Message]], *, verify_key: str) -> None:
    """Sell, conclude sales and keep bills; whatever else is said on the topics is ignored."""
    orders: list[Order] = []
    memberships: dict[UUID, UUID] = {}
    refusals: dict[UUID, str] = {}
    heard: list[Heard] = []
    for delivery in deliveries:
        match delivery.body:
            case SellMembership() as command:
                problem = _refusal(delivery, command, verify_key)
                if problem is None:
                    orders.append(_order(delivery, command))
                else:
                    work.refuse(delivery.id, problem)
            case MembershipIssued() as event:
                memberships[event.sale_id] = event.membership_id
            case IssueRefused() as event:
                refusals[event.sale_id] = event.reason
            case body:
                heard.extend(_heard(delivery.id, body))
    await sales.sell(work, orders)
    await sales.conclude(work, memberships, refusals)
    await bills.keep(work, heard)


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
