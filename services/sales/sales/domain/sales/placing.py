"""A sale that is asked for: which lines of the visit it pays, and what they cost now."""

from collections import Counter as Counting
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

from sales.domain.bills import BillLine
from sales.domain.counter.debits import HandDebit
from sales.domain.counter.state import Counter
from sales.domain.counter.wishes import DebitWanted, Declined, Outcome, Refusal
from sales.domain.sales.making import charge
from sales.domain.sales.sale import Kind, Payer, Sale, SaleLine
from sales.domain.visits import Visit

LAST_YEAR: Final = 2999
"""No membership is valid from a later date on: membership could not say how long."""

AUTOMATIC: Final = None
"""Whichever membership comes first in the order of rule A5 pays, if one can (rule S5)."""


@dataclass(frozen=True, slots=True)
class Order:
    """A sale that is asked for.

    `sessions` says for lines of the visit, by their ids in the sale, which membership is to pay
    them, or that it is automatic; money is to pay the others.
    """

    sale: Sale
    sessions: Mapping[UUID, UUID | None]


def place(counter: Counter, order: Order) -> list[Outcome]:
    """Begin a sale, or say why not; the first step is to ask sessions to pay."""
    sale = order.sale
    declined = _price(counter, order) or _discount(order) or _date(sale)
    if declined is not None:
        return [declined]
    counter.sales[sale.sale_id] = sale
    for line in sale.of_kind(Kind.VISIT):
        if line.payer is Payer.MONEY:
            charge(counter, sale, line)
    return list(_ask_sessions(counter, order))


def _ask_sessions(counter: Counter, order: Order) -> list[DebitWanted]:
    """Ask for each appointment and choice of a membership; what was chosen pays all or nothing.

    It is asked first, so that what is applied by itself leaves it its sessions.
    """
    sale = order.sale
    groups: dict[tuple[UUID, UUID | None], list[UUID]] = {}
    for line in sale.of_kind(Kind.VISIT):
        if line.payer is Payer.ASKED:
            appointment_id, line_id = line.visited
            choice = order.sessions[line.sale_line_id]
            groups.setdefault((appointment_id, choice), []).append(line_id)
    wanted: list[DebitWanted] = []
    in_order = sorted(groups.items(), key=lambda group: group[0][1] is AUTOMATIC)
    for (appointment_id, choice), line_ids in in_order:
        assert sale.visit_id, "it has lines of a visit"
        debit = HandDebit(
            debit_id=uuid5(sale.sale_id, f"debit/{appointment_id}/{choice}"),
            command_id=sale.command_id,
            visit_id=sale.visit_id,
            appointment_id=appointment_id,
            line_ids=tuple(line_ids),
            membership_id=choice,
            sale_id=sale.sale_id,
            partly=choice is AUTOMATIC,
        )
        counter.debits[debit.debit_id] = debit
        wanted.append(DebitWanted(debit))
    return wanted


def _price(counter: Counter, order: Order) -> Declined | None:
    """Look up the lines of the visit on its bill, or say which cannot be paid."""
    sale = order.sale
    lines = list(sale.of_kind(Kind.VISIT))
    if sale.visit_id is None:
        detail = "Lines of a visit need its id."
        return _invalid(sale, "visit_id", detail) if lines else None
    visit = counter.visits.by_id.get(sale.visit_id)
    if visit is None or visit.owner.location_id != sale.location_id:
        return _invalid(sale, "visit_id", f"There is no visit {sale.visit_id} here.")
    if counter.kept(visit.owner.client_id) != counter.kept(sale.client_id):
        return _invalid(sale, "client_id", "The visit is another client's.")
    return _match(sale, visit, lines) or _find_payers(counter, order, visit, lines)


def _match(sale: Sale, visit: Visit, lines: list[SaleLine]) -> Declined | None:
    bill = visit.bill()
    if bill is not None and bill.currency != sale.currency:
        return _invalid(sale, "visit_id", f"It is billed in {bill.currency}.")
    found = _standing(visit)
    times = Counting(line.line_id for line in lines)
    for line in lines:
        if line.line_id not in found:
            detail = f"The line {line.line_id} does not stand on the bill."
            return _invalid(sale, f"lines.{line.ordinal}.line_id", detail)
        if times[line.line_id] > 1:
            detail = f"The line {line.line_id} is named twice."
            return _invalid(sale, f"lines.{line.ordinal}.line_id", detail)
        line.appointment_id, each = found[line.line_id]
        line.name, line.price = each.line.service_name, each.owed
    return None


def _find_payers(
    counter: Counter, order: Order, visit: Visit, lines: list[SaleLine]
) -> Declined | None:
    """Say who is to pay each line; a session pays none that has had money."""
    found = _standing(visit)
    taken: dict[UUID, str] = {}
    for line in lines:
        _, line_id = line.visited
        _, each = found[line_id]
        is_for_sessions = line.sale_line_id in order.sessions
        is_chosen = is_for_sessions and order.sessions[line.sale_line_id] is not AUTOMATIC
        is_paid = each.paid > 0 and (each.owed == 0 or is_chosen)
        why = counter.why_taken(each) or ("paid" if is_paid else None)
        if why is not None:
            taken[line_id] = why
        line.payer = Payer.ASKED if is_for_sessions and each.paid == 0 else Payer.MONEY
    if not taken:
        return None
    reasons = tuple({"line_id": str(line_id), "reason": why} for line_id, why in taken.items())
    detail = "It is paid, or is about to be."
    return Declined(order.sale.command_id, Refusal.PAID, detail, reasons)


def _discount(order: Order) -> Declined | None:
    for line in order.sale.lines:
        if line.discount > line.price:
            field = f"lines.{line.ordinal}.discount"
            return _invalid(order.sale, field, f"It is more than the price, {line.price}.")
        if line.discount and line.payer is not Payer.MONEY:
            field = f"lines.{line.ordinal}.membership"
            return _invalid(order.sale, field, "A discount is for money: a membership pays all.")
    return None


def _date(sale: Sale) -> Declined | None:
    for line in sale.of_kind(Kind.MEMBERSHIP):
        if line.activates_on is not None and line.activates_on.year > LAST_YEAR:
            field = f"lines.{line.ordinal}.activates_on"
            return _invalid(sale, field, f"It must not be after the year {LAST_YEAR}.")
    return None


def _standing(visit: Visit) -> dict[UUID | None, tuple[UUID, BillLine]]:
    bill = visit.bill()
    lines = bill.lines if bill else ()
    return {each.line.line_id: (appointment_id, each) for appointment_id, each in lines}


def _invalid(sale: Sale, field: str, detail: str) -> Declined:
    return Declined(sale.command_id, Refusal.INVALID, detail, field=field)
