"""What is known at the counter: locked visits, and all payments and debits of their lines.

A line is paid once: by a session, by money online, or by one payment at the counter. While a
payment or a debit is under way its lines are taken.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sales.domain.bills import BillLine
from sales.domain.counter.debits import HandDebit
from sales.domain.counter.payments import CounterPayment, State
from sales.domain.facts import Taken
from sales.domain.healings import Healing
from sales.domain.sales.sale import Sale
from sales.domain.visits import Visit, Visits


@dataclass(slots=True)
class Counter:
    """Locked visits, all payments of their appointments, and debits by hand under way.

    `sales` and `healings` are those that something is said to, or that wait for what is said.
    """

    visits: Visits
    payments: dict[UUID, CounterPayment] = field(default_factory=dict[UUID, CounterPayment])
    debits: dict[UUID, HandDebit] = field(default_factory=dict[UUID, HandDebit])
    sales: dict[UUID, Sale] = field(default_factory=dict[UUID, Sale])
    healings: dict[UUID, Healing] = field(default_factory=dict[UUID, Healing])
    merged: Mapping[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    """Clients who were merged into others."""

    def kept(self, client_id: UUID) -> UUID:
        """Return who a client is now."""
        return self.merged.get(client_id, client_id)

    def why_taken(self, each: BillLine, *, but: UUID | None = None) -> str | None:
        """Return why nothing else may pay a line, leaving out the payment `but`."""
        line_id = each.line.line_id
        if each.debited:
            return "debited"
        if any(line_id in debit.line_ids for debit in self.debits.values() if debit.is_under_way):
            return "under_way"
        for payment in self.payments.values():
            if payment.payment_id != but and _pays(payment, line_id):
                return "under_way" if payment.state is State.PENDING else "paid"
        return None


def show_payments(counter: Counter, appointment_ids: Iterable[UUID]) -> None:
    """Let the bills of these appointments count the payments that were taken."""
    taken: defaultdict[UUID, dict[UUID, Taken]] = defaultdict(dict)
    for payment in counter.payments.values():
        for line in payment.standing_lines:
            if payment.state is State.TAKEN:
                taken[line.appointment_id][line.line_id] = Taken(line.amount, line.discount)
    for appointment_id in appointment_ids:
        counter.visits.pay(appointment_id, taken.get(appointment_id, {}))


def unspent(payment: CounterPayment, visit: Visit) -> int:
    """Return what of a payment that was taken pays nothing that stands at this visit any more.

    A line was cancelled, has become cheaper, or a session has paid it meanwhile.
    """
    bill = visit.bill()
    if payment.state is not State.TAKEN or bill is None:
        return 0
    paid = {each.line.line_id: each.paid for _, each in bill.lines}
    rest = 0
    for line in payment.standing_lines:
        appointment = visit.appointments.get(line.appointment_id)
        if appointment is not None:
            online = appointment.amounts.get(line.line_id, 0)
            rest += line.amount - max(0, paid.get(line.line_id, 0) - online)
    return rest


def shows(counter: Counter, debit: HandDebit) -> bool:
    """Return whether the settlement that says this debit is known; one of nothing needs none."""
    if not debit.line_ids:
        return True
    appointment = counter.visits.find(debit.appointment_id)
    if appointment is None or appointment.settlement is None:
        return False
    told = debit.settlement_revision
    is_told = told is not None and appointment.settlement.revision >= told
    return is_told or set(debit.line_ids) <= appointment.debits.keys()


def standing(counter: Counter, payment: CounterPayment) -> dict[UUID, BillLine]:
    """Return the lines that stand at the visits of a payment's appointments, by id."""
    homes = [counter.visits.home_of(line.appointment_id) for line in payment.lines]
    bills = {home.visit_id: home.bill() for home in homes if home is not None}
    return {each.line.line_id: each for bill in bills.values() if bill for _, each in bill.lines}


def belongs(counter: Counter, payment: CounterPayment, visit: Visit) -> bool:
    """Return whether a payment was taken at a visit, or for what has come to belong to it."""
    homes = (counter.visits.home_of(line.appointment_id) for line in payment.lines)
    return payment.visit_id == visit.visit_id or any(home is visit for home in homes)


def claiming(counter: Counter, claim_id: UUID) -> CounterPayment | None:
    """Return the payment that needs a claim."""
    for payment in counter.payments.values():
        if any(line.claim_id == claim_id for line in payment.lines):
            return payment
    return None


def _pays(payment: CounterPayment, line_id: UUID) -> bool:
    return any(line.line_id == line_id for line in payment.standing_lines)
