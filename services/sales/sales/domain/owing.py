"""What visits owe, line by line, and which automatic debits have failed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sales.domain.bills import BillLine
from sales.domain.counter.state import Counter
from sales.domain.facts import Appointment
from sales.domain.visits import Visit


@dataclass(frozen=True, slots=True)
class Owed:
    """A line that nothing has paid; `is_taken` if something is about to.

    `debit_failed` says that it began, and its automatic debiting found no session.
    """

    appointment_id: UUID
    start: datetime
    currency: str
    line: BillLine
    debit_failed: bool
    is_taken: bool


def begun_at(visit: Visit, now: datetime) -> datetime | None:
    """Return when a visit began, `None` if it is still to come or nothing of it stands."""
    bill = visit.bill()
    parts = (part for part in bill.appointments if part.lines) if bill else ()
    starts = (
        appointment.plan.start
        for part in parts
        if (appointment := visit.appointments[part.appointment_id]).plan is not None
    )
    first = min(starts, default=None)
    return first if first is not None and first <= now else None


def owed_lines(counter: Counter, visit: Visit, now: datetime) -> Iterator[Owed]:
    """Give the lines of a visit that are owed, and those that cost nothing and nothing has paid."""
    bill = visit.bill()
    if bill is None:
        return
    for appointment_id, each in bill.lines:
        appointment = visit.appointments[appointment_id]
        why = counter.why_taken(each)
        is_free = each.total == 0 and why is None
        if appointment.plan is not None and (each.owed > 0 or is_free):
            yield Owed(
                appointment_id,
                appointment.plan.start,
                bill.currency,
                each,
                _has_failed(appointment, each, now),
                why is not None,
            )


def _has_failed(appointment: Appointment, each: BillLine, now: datetime) -> bool:
    plan = appointment.plan
    has_begun = plan is not None and plan.start <= now
    is_settled = appointment.settlement is not None
    return has_begun and is_settled and each.line.automatic_debiting and each.owed > 0
