"""What a visit owes and what would pay it, as the page of its sale shows it (S5, A12, A16)."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.booking_views import AppointmentView, ClientView
from contracts.membership_views import Candidate, MembershipTypeView, MembershipView
from contracts.reply import Problem
from contracts.sales_views import (
    BillLineView,
    BillView,
    CounterPaymentView,
    ProposedLine,
    SaleProposal,
)
from contracts.values import Money
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, id_in
from gateway.pages.office.sales import client_of, memberships_named, types_sold_here
from gateway.pages.reasons import reason_in_words
from gateway.pages.selling import Line, Order
from gateway.pages.switching import applied, choices


@dataclass(frozen=True, slots=True)
class Row:
    """A line that is owed, and what is to pay it.

    `chosen` is a membership or, for money, None; `is_switched` says that the operator chose it.
    A line that had money already is paid in money alone.
    """

    line: ProposedLine
    appointment: AppointmentView | None
    status: str | None
    chosen: Candidate | None
    is_switched: bool
    is_sold: bool
    has_had_money: bool
    choices: tuple[Candidate, ...]

    @property
    def others(self) -> tuple[Candidate, ...]:
        """The memberships in reach that cannot pay it, as far as they are for this service."""
        named = {one.membership_id for one in self.choices}
        return tuple(
            one
            for one in self.line.candidates
            if one.membership_id not in named and one.reason != "service_not_covered"
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """A line that owes nothing, or is about to be paid, and what pays it."""

    line: BillLineView
    appointment: AppointmentView | None
    membership: MembershipView | None
    payments: tuple[CounterPaymentView, ...]

    @property
    def state(self) -> str:
        """The word of the rules for what has become of it."""
        if self.line.debited:
            return "debited"
        is_paid = self.line.paid.amount or self.payments or not self.line.price.amount
        return "paid" if is_paid else "awaiting_payment"

    @property
    def is_paid_online(self) -> bool:
        """Whether it was paid when it was booked."""
        lines = self.appointment.lines if self.appointment else ()
        return any(one.paid_online for one in lines if one.line_id == self.line.line_id)


@dataclass(frozen=True, slots=True)
class Share:
    """What one membership pays of a sale."""

    membership: Candidate
    sessions: int
    worth: Money


@dataclass(frozen=True, slots=True)
class Scene:
    """What the page shows of a visit."""

    proposal: SaleProposal
    bill: BillView
    client: ClientView
    appointments: Mapping[UUID, AppointmentView]
    paying: Mapping[UUID, MembershipView]
    types: Sequence[MembershipTypeView]

    @property
    def starts_at(self) -> datetime | None:
        """When the visit begins."""
        return min((each.start for each in self.appointments.values()), default=None)

    @property
    def articles(self) -> dict[str, MembershipTypeView]:
        """What is sold here, by the text of its id."""
        return {str(each.membership_type_id): each for each in self.types}

    def reasons(self, problem: Problem) -> list[str]:
        """Return the reasons of a refusal in words, with what each of them is about."""
        lines = {str(line.line_id): line.service_name for line in self.bill.lines}
        candidates = (one for line in self.proposal.lines for one in line.candidates)
        named = lines | {str(one.membership_id): one.name for one in candidates}
        told = (
            (named.get(str(each.get("line_id") or each.get("membership_id"))), each.get("reason"))
            for each in problem.reasons
        )
        sentences = (f"{what or 'A membership'}: {reason_in_words(str(why))}" for what, why in told)
        return list(dict.fromkeys(sentences))


async def load_scene(desk: Desk, visit_id: UUID) -> Scene:
    """Ask for all that the page shows of a visit; raises `ProblemError` when there is none."""
    place = f"/v1/locations/{desk.location_id}"
    proposal, bill, types = await asyncio.gather(
        desk.api.get(f"{place}/visits/{visit_id}/sale-proposal", SaleProposal),
        desk.api.get(f"/v1/visits/{visit_id}/bill", BillView),
        types_sold_here(desk),
    )
    appointment_ids = dict.fromkeys(line.appointment_id for line in bill.lines)
    paying = {line.membership_id for line in bill.lines if line.debited and line.membership_id}
    client, appointments, found = await asyncio.gather(
        client_of(desk, bill.client_id),
        asyncio.gather(
            *(
                desk.api.get(f"{place}/appointments/{one}", AppointmentView)
                for one in appointment_ids
            )
        ),
        memberships_named(desk, paying),
    )
    return Scene(
        proposal=proposal,
        bill=bill,
        client=client,
        appointments={each.appointment_id: each for each in appointments},
        paying=found,
        types=types,
    )


def rows_in(scene: Scene, form: Form) -> list[Row]:
    """Return the lines that are owed, as a form has switched them."""
    lines = scene.proposal.lines
    unsold = {
        line.line_id
        for line in lines
        if str(line.line_id) in form.many("line") and not form.flag(f"{line.line_id}-sold")
    }
    switched = {
        line.line_id: id_in(form.text(f"{line.line_id}-membership"))
        for line in lines
        if line.line_id not in unsold and _is_switched(form, line)
    }
    had_money = {line.line_id for line in scene.bill.lines if line.paid.amount}
    # A line that stays out of this sale keeps its session when it will be debited by itself.
    kept = {
        line.line_id: line.membership_id if _is_planned(scene, line) else None
        for line in lines
        if line.line_id in unsold
    }
    chosen = applied(lines, switched | kept | dict.fromkeys(had_money))
    return [
        Row(
            line=line,
            appointment=scene.appointments.get(line.appointment_id),
            status=_status(scene, line),
            chosen=_named(line, chosen[line.line_id]),
            is_switched=line.line_id in switched,
            is_sold=line.line_id not in unsold,
            has_had_money=line.line_id in had_money,
            choices=() if line.line_id in had_money else tuple(choices(line, lines)),
        )
        for line in lines
    ]


def _is_switched(form: Form, line: ProposedLine) -> bool:
    """Return whether the operator chose what is to pay a line, now or before."""
    name = f"{line.line_id}-membership"
    return form.has(name) and form.text(name) != form.text(f"{line.line_id}-applied")


def _named(line: ProposedLine, membership_id: UUID | None) -> Candidate | None:
    return next((one for one in line.candidates if one.membership_id == membership_id), None)


def _is_planned(scene: Scene, line: ProposedLine) -> bool:
    return _status(scene, line) == "automatic_debiting"


def _status(scene: Scene, line: ProposedLine) -> str | None:
    appointment = scene.appointments.get(line.appointment_id)
    found = (one for one in appointment.lines if one.line_id == line.line_id) if appointment else ()
    return next((one.debit_status for one in found), None)


def money_lines(rows: Iterable[Row], form: Form, order: Order) -> Iterator[Line]:
    """Give what money is to pay of the visit."""
    for row in rows:
        if row.is_sold and row.chosen is None:
            price = row.line.price.amount
            name = str(row.line.line_id)
            yield Line({}, name, price - order.discount(form, name, price))


def shares_of(rows: Iterable[Row], currency: str) -> list[Share]:
    """Return what each membership is to pay of the visit."""
    paid = [row for row in rows if row.is_sold and row.chosen]
    shares: list[Share] = []
    for candidate in {row.chosen.membership_id: row.chosen for row in paid if row.chosen}.values():
        prices = [
            row.line.price.amount
            for row in paid
            if row.chosen and row.chosen.membership_id == candidate.membership_id
        ]
        worth = Money(amount=sum(prices), currency=currency)
        shares.append(Share(candidate, len(prices), worth))
    return shares


def settled_in(scene: Scene, rows: Iterable[Row]) -> list[Settled]:
    """Return the other lines of the bill: those that something has paid (rule A16)."""
    owed = {row.line.line_id for row in rows}
    return [
        Settled(
            line=line,
            appointment=scene.appointments.get(line.appointment_id),
            membership=scene.paying.get(line.membership_id) if line.membership_id else None,
            payments=tuple(
                each
                for each in scene.bill.payments
                if line.line_id in each.line_ids and not each.undone
            ),
        )
        for line in scene.bill.lines
        if line.line_id not in owed
    ]
